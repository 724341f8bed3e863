# Regular expressions over text that is generated: searching, splitting, replacing, with classes, groups, alternatives,
# back references and looking ahead.
import re

SMALL, SIZE = 20, 5200

PATTERNS = [
    r"\b\w+@\w+\.(?:com|org|net)\b",
    r"(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})",
    r"(?i)error|warning|fatal",
    r"([a-z])\1",
    r"^\[.*?\]",
    r"\w+(?=:)",
    r"[^aeiou\s]{4,}",
    r"(?:ab|a)*c",
]


def text(n):
    names = ["alice", "bob", "carol", "daveed", "eve", "mallory"]
    levels = ["info", "Error", "debug", "WARNING"]
    lines = []
    seed = 3
    for i in range(n):
        seed = (seed * 1103515245 + 12345) & 0x7FFFFFFF
        a = seed >> 8
        lines.append(
            f"[{i:05}] {levels[a % 4]}: {names[a % 6]}@host{a % 97}.{('com', 'org', 'de')[a % 3]} from "
            f"{a % 256}.{a // 7 % 256}.{a // 11 % 256}.1 abaabac"
        )
    return "\n".join(lines)


def work(n):
    data = text(n)
    counts = [len(re.findall(pattern, data, re.MULTILINE)) for pattern in PATTERNS]
    replaced = re.sub(r"(\w+)@(\w+)", r"\2 at \1", data)
    called = re.sub(r"\d+", lambda m: str(int(m[0]) % 7), data)
    parts = re.split(r"[\s:.@\[\]]+", data)
    return counts, len(replaced), sum(map(ord, called)) % 1000003, len(parts)


if __name__ == "__main__":
    print(work(SMALL))
    print(work(SIZE))
