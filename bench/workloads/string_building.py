# Text built and taken apart: concatenation, join, formatting in three ways, replacing, counting words, translation.
import zlib

SMALL, SIZE = 30, 16000


def work(n):
    out = ""
    for i in range(n):
        out += chr(97 + i % 26)
        if i % 60 == 59:
            out += "\n"
    rows = []
    for i in range(n):
        rows.append("%05d|%-8s|%.3f" % (i, str(i * i)[-4:], i / 7))
        rows.append("{:>8}/{!r:<10}/{:x}".format(i, out[i : i + 3], i * 255))
        rows.append(f"{i:,}{'even' if i % 2 == 0 else 'odd':*^9}{i / 3:8.2e}")
    text = "\n".join(rows)
    words = {}
    for word in text.replace("|", " ").replace("/", " ").split():
        words[word[:2]] = words.get(word[:2], 0) + 1
    turned = text.translate(str.maketrans("0123456789", "abcdefghij")).title().swapcase()
    found = sum(line.startswith("0") + line.endswith("e") + (line.find("7") >= 0) for line in text.splitlines())
    reverse = "".join(reversed(out)) + out[::-2].upper() + "\u00e9".join(out[:200])
    return len(text), zlib.crc32(turned.encode()), zlib.crc32(reverse.encode()), found, max(words.values()), len(words)


if __name__ == "__main__":
    print(work(SMALL))
    print(work(SIZE))
