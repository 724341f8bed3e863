# struct: every character in every order against values that fit and values that do not, whole structs, and what is wicked.
import struct
import sys


def attempt(f, *args, **kwargs):
    try:
        r = f(*args, **kwargs)
    except BaseException as e:
        r = type(e).__name__ + ": " + str(e)
    return r


values = (2**80, -(2**80), 2**63, -1, 77, 1.5, "x", b"x", b"", None, 1e39, 65519.0, 65520.0, 6e-8, 2.98e-8, -6.1e-5)
values += (float("nan"), float("-inf"), -0.0)
for order in "@=<>!":
    for c in "xbBhHiIlLqQnNP?cfdesp":
        print(order + c, attempt(struct.calcsize, order + c))
        results = [attempt(struct.pack, order + c, v) for v in values]
        for v, r in zip(values, results):
            if isinstance(r, bytes):
                print("   ", v, r, struct.unpack(order + c, r))
            elif results.index(r) == results.index(r, values.index(v)):
                print("   ", v, r)

for bits in range(0, 65536, 97):
    number = struct.unpack("<e", bits.to_bytes(2, "little"))[0]
    if number == number:
        assert struct.pack("<e", number) == bits.to_bytes(2, "little"), bits
    else:
        assert bits & 0x7C00 == 0x7C00

# Formats.
for format in ("", " b\tb\n", "bhiq", "qb", "=bhiq", "0b", "0q", "b0q", "3x", "5s0s5p0p", "10b", "2", "b2 b", "a", "<n"):
    print(repr(format), attempt(struct.calcsize, format))
for format in ("i\0i", "\u1234", 1, None, b"\xff", bytearray(b"b"), "9" * 30 + "b", "9223372036854775807x", "4" * 19 + "s"):
    print(repr(format), attempt(struct.calcsize, format))
print(attempt(struct.pack, "9223372036854775000x"))
print(struct.pack("5p0p300p3s", b"abcdefgh", b"x", b"y" * 400, bytearray(b"abcd")).hex())
print(struct.unpack("5p0p3s", b"\x09bcdefgh"), struct.pack("ci", b"a", 1))

# The type.
s = struct.Struct("<ib")
print(s, s.format, s.size, struct.Struct(b"<h").format, sys.getsizeof(s), sys.getsizeof(struct.Struct("")))
print(list(s.iter_unpack(b"abcdefghij")), s.iter_unpack(b"abcdefghij").__length_hint__())
for args in ((b"abcd",), (b"abcdefghij", -5), (b"abcdefghij", -4), (b"abcdefghij", -11), (b"x", 2**63), (b"", 1.0), ("x",)):
    print(args, attempt(s.unpack_from, *args))
print(attempt(s.unpack_from, b"abcdefghij", offset=5), attempt(s.unpack_from, buffer=b"abcdefghij"))
print(attempt(struct.unpack_from, "<h", b"abcd", offset=2), attempt(struct.unpack_from, "<h", buffer=bytearray(2)))
print(attempt(s.unpack, b""), attempt(s.iter_unpack, b"abc"), attempt(struct.iter_unpack, "", b""))
target = bytearray(10)
for args in ((), (1,), (target, 0), (target, 0, 1), (target, 0, 1, 2, 3), (b"", 0, 1, 2), (None, 0, 1, 2), (target, None, 1, 2)):
    print(attempt(s.pack_into, *args))
for offset in (0, 6, 5, -5, -4, -11, sys.maxsize, 2**64, -sys.maxsize):
    print(offset, attempt(s.pack_into, target, offset, 1, 2), target.hex())
print(attempt(s.pack_into, target, 0, 1, 200), target.hex())
print(attempt(struct.pack), attempt(struct.pack_into), attempt(s.pack, 1), attempt(struct.unpack, "h"))
print(struct.error, struct.error.__mro__, struct.Struct.__module__)


class Index:
    def __index__(self):
        return 5


class Broken:
    def __index__(self):
        raise KeyError("index")

    def __bool__(self):
        raise KeyError("bool")


class Float:
    def __float__(self):
        return 0.5


print(struct.pack("<bhiq", *[Index()] * 4), struct.pack("<fde", *[Float()] * 3))
print(attempt(struct.pack, "b", Broken()), attempt(struct.pack, "?", Broken()), attempt(struct.pack, "d", Broken()))


# What is at work stays whole while it changes.
class Changing:
    def __index__(self):
        busy.__init__("20q")
        return 5


busy = struct.Struct("5b")
r = busy.pack(Changing(), 1, 2, 3, 4)
print(busy.size)
it = struct.Struct("2b").iter_unpack(b"abcdefgh")
print(next(it))
inner = struct.Struct("b")
it = inner.iter_unpack(b"abc")
print(next(it))
inner.__init__("4b")
print(type(list(it)))
lent = bytearray(8)


class Shrinking:
    def __index__(self):
        return attempt(lent.clear) and 1


print(attempt(struct.pack_into, "8b", lent, 0, *[Shrinking()] * 8))
print(attempt(struct.pack_into, "b", lent, Shrinking(), 1), lent)


class Sub(struct.Struct):
    def __init__(self):
        super().__init__("<q")
        self.extra = 1


print(Sub(), Sub().extra, Sub().pack(1))
import weakref

w = weakref.ref(s)
del s
print(w())
for i in range(250):
    struct.calcsize(f"{i}s")
struct._clearcache()
