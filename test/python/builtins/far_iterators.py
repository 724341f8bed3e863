# Iterators over classes with __getitem__, far behind what any list holds.
import sys

class Endless:
    def __getitem__(self, i): return i

it = iter(Endless())
it.__setstate__(sys.maxsize - 2)
print(next(it), next(it), it.__reduce__()[2])
for i in 1, 2:
    try: next(it)
    except OverflowError as e: print(e)
for state in (2 ** 31 - 1, 2 ** 31, 2 ** 32, 2 ** 40, -1, -2 ** 40):
    it.__setstate__(state)
    print(next(it), next(it), it.__reduce__()[2])
for state in (2 ** 63, -2 ** 63 - 1, 1.5, "1"):
    try: it.__setstate__(state)
    except (OverflowError, TypeError) as e: print(type(e).__name__, e)
for values in ([1, 2], (1, 2), "ab", b"ab", bytearray(b"ab"), "\u1234b", range(2)):
    it = iter(values)
    it.__setstate__(2 ** 40)
    print(list(it))
it = reversed([1, 2])
it.__setstate__(2 ** 40)
print(list(it))
