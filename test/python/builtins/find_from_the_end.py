# Long needles are found from the end as from the start, in texts that repeat themselves, of any kind, within bounds.
import hashlib
import random

r = random.Random(5)
seen = hashlib.sha256()
s = "".join(r.choices("ab", k=30000))
for _ in range(300):
    m, i = r.randrange(90, 600), r.randrange(30000)
    needle = s[i : i + m] if r.random() < 0.7 else "".join(r.choices("ab", k=m))
    a, b = sorted(r.choices(range(30001), k=2))
    for text, part in (s, needle), (s + "\u1234", needle), (s + "\U00012345", needle + "\xe9"), (s.encode(), needle.encode()):
        seen.update(str((text.rfind(part, a, b), text.rfind(part), text.find(part, a, b))).encode())
print(seen.hexdigest())
for p in "a", "ab", "aab", "abaab":
    s = p * 3000
    for m in 100, 101, 500, 1000:
        n = (p * m)[:m]
        print([s.rfind(n + x) for x in ("", "a", "b")], [s.rfind(x + n) for x in "ab"], s.rpartition(n)[2], len(s.rsplit(n, 3)[0]))
s, n = "a" * 60_000, "a" * 20_000 + "b" + "a" * 20_000
print(s.rfind(n), s.encode().rfind(n.encode()), s.rindex(n.replace("b", "a")))
