# array: every type code against values that fit and values that do not, slices, buffers, pickles, and what is wicked.
import array as module
import copy
import io
import sys
import warnings
import weakref
from array import array
from collections.abc import MutableSequence

warnings.simplefilter("ignore")


def attempt(f, *args, **kwargs):
    try:
        return f(*args, **kwargs)
    except BaseException as e:
        return type(e).__name__ + ": " + str(e)


class Index:
    def __index__(self):
        return 3


class Int:
    def __int__(self):
        return 3


print(module.typecodes, module.ArrayType is array, issubclass(array, MutableSequence), array.__module__)
numbers = (300, -300, 70000, -70000, 2**31, -(2**31) - 1, 2**32, 2**63, 2**64, -1, -(2**63) - 1)
for code in module.typecodes:
    a = array(code)
    print(a, a.typecode, a.itemsize, sys.getsizeof(a), memoryview(a).format, memoryview(a).itemsize)
    for v in (*numbers, "x", "xy", "", b"x", 1.5, 1e300, None, Index(), Int()):
        print("   ", v if not isinstance(v, (Index, Int)) else type(v).__name__, attempt(array, code, [v]))

# Making.
for args in ((), (1,), ("xx",), ("x",), ("i", 1), ("i", "x"), ("i", array("w", "a")), ("i", array("b", [1, -1])), ("b", b"a", 1)):
    print(args, attempt(array, *args))
for args in (("w", "aé\U0001f600"), ("u", "b"), ("w", array("u", "b")), ("w", ["a", "b"]), ("i", (1, 2)), ("i", iter([1, 2])), ("h", b"abcd"), ("h", b"abc"), ("h", bytearray(b"ab")), ("d", range(3)), ("i", {1: 2})):
    print(args[0], attempt(array, *args))
print(attempt(array, "b", x=1))


class Sub(array):
    def __new__(cls, code, items=(), tag=None):
        r = super().__new__(cls, code, items)
        r.tag = tag
        return r


s = Sub("i", [1, 2], tag="t")
print(s, s.tag, s[:1], s + s, type(s + s), copy.copy(s), s.__reduce_ex__(4)[1][1:], s.__reduce_ex__(2)[1:])

# As a list.
a = array("i", range(10))
for key in (0, -1, 9, 10, -11, 2**70, "x", None, slice(2, 5), slice(None, None, -3), slice(5, 2), slice(1, 100, 4), Index()):
    print(key if not isinstance(key, Index) else "Index", attempt(a.__getitem__, key))
for key in (slice(2, 5), slice(5, 2), slice(None, None, -3), slice(1, 100, 4), slice(0, 0), 3, -1, 20, "x", slice(None)):
    for new in (array("i"), array("i", [77]), array("i", [7, 8, 9]), array("i", [6] * 4), array("h", [1]), [1, 2], 5):
        b = a[:]
        print(key, new, attempt(b.__setitem__, key, new), b.tolist())
    b = a[:]
    print(key, attempt(b.__delitem__, key), b.tolist())
b = a[:]
b[2:4] = b
print(b)
b = array("i", [1, 2, 3])
print(b * 2, b * 0, b * -1, 2 * b, attempt(b.__mul__, 2**62), attempt(b.__add__, [1]), attempt(b.__add__, array("b", [1])))
b *= 3
b += array("i", [9])
print(b, attempt(b.__iadd__, [1]), attempt(b.__iadd__, array("h")), b.count(1), b.count(1.0), b.count("x"), 9 in b, "x" in b)
print(b.index(3), b.index(3, 3), attempt(b.index, 3, 3, 4), attempt(b.index, 100), b.index(9, -1), b.index(1, -100, 100), attempt(b.index, 1, "x"), attempt(b.index))
print(attempt(b.remove, 2), attempt(b.remove, 100), b, b.pop(), b.pop(0), attempt(b.pop, 50), attempt(array("i").pop), b)
b.insert(-100, 5), b.insert(100, 6), b.insert(1, 7), b.reverse()
print(b, attempt(b.insert, 0, "x"), attempt(b.append, 2**31), attempt(b.extend, [1, 2, "x"]), b, attempt(b.extend, 1), attempt(b.extend, array("h")))
b.extend(b)
print(b, b.clear(), b, sys.getsizeof(b))
sizes = []
for i in range(60):
    b.append(i)
    sizes.append(sys.getsizeof(b))
while b:
    b.pop()
    sizes.append(sys.getsizeof(b))
print(sizes)

# Comparing.
samples = [array("i", [1, 2]), array("h", [1, 2]), array("i", [1, 3]), array("i", [1]), array("d", [1.0, 2.0]), array("d", [float("nan")]), array("B", [255]), array("b", [-1]), array("w", "a"), [1, 2]]
for x in samples[:-1]:
    print([(x == y, x != y) for y in samples], [attempt(x.__lt__, y) for y in samples], [attempt(x.__ge__, y) for y in samples])
print(attempt(hash, a))

# Bytes and files.
a = array("h", [1, -2, 3])
print(a.tobytes(), a.byteswap(), a.tobytes(), a, array("d", [1.5]).tobytes(), a.buffer_info()[1], array("i").buffer_info()[1])
for data in (b"ab", b"abc", b"", "ab", bytearray(b"xy"), memoryview(b"zz"), array("h", [1]), 1):
    print(attempt(a.frombytes, data), a)
f = io.BytesIO()
array("i", range(3)).tofile(f)
f.seek(0)
b = array("i")
print(b.fromfile(f, 2), b, attempt(b.fromfile, f, 2), b, attempt(b.fromfile, f, -1), attempt(b.fromfile, io.StringIO("xx"), 1), attempt(b.tofile, 1))
w = array("w", "ab")
print(w.tounicode(), w.fromunicode("é"), w, attempt(b.tounicode), attempt(b.fromunicode, "x"), attempt(w.fromunicode, 1), w.tolist())
w.frombytes(b"\xff\xff\xff\x7f")
print(attempt(w.tounicode), attempt(repr, w), attempt(w.tolist), attempt(array("u", w.tobytes()).tounicode), w.byteswap())
print(attempt(array("b", [1]).fromlist, [2, 300]), attempt(array("b", [1]).fromlist, (1,)))

# Buffers.
a = array("i", [1, 2, 3])
m = memoryview(a)
print(m.tolist(), m.readonly, m.shape, m.strides, m.nbytes)
m[1] = 77
for act in (lambda: a.append(1), lambda: a.pop(), lambda: a.clear(), lambda: a.__delitem__(0), lambda: a.__setitem__(slice(0, 1), array("i")), lambda: a.extend([1]), lambda: a.fromlist([1]), lambda: a.frombytes(b"abcd"), lambda: a.__imul__(2), lambda: a.__delitem__(slice(0, 0))):
    print(attempt(act), a)
a[0] = 5
a[0:2] = array("i", [8, 9])
a.reverse()
print(a, m.tolist())
m.release()
a.append(4)
print(a)

# Pickling.
reconstruct = module._array_reconstructor
print(copy.copy(a), copy.deepcopy(a), array("f", [1]).__reduce_ex__(3)[1], array("L").__reduce_ex__(5)[1], attempt(a.__reduce_ex__, "x"))
for format in range(22):
    print(format, [attempt(lambda: repr(reconstruct(array, code, format, b"\x01\x02\0\0\0\0\0\x80"))) for code in "bHqfw"])
for args in (("x",), (array, "i", 99, b""), (array, "i", -1, b""), (array, "i", 8, b"abc"), (array, "i", 9, b"abc"), (int, "i", 1, b""), (array, "xx", 1, b""), (array, "x", 1, b""), (array, "i", 1, "a"), (1, "i", 1, b""), (array, "i", "x", b"")):
    print(attempt(reconstruct, *args))
it = iter(a)
next(it)
print(it.__reduce__()[1:], it.__setstate__(-5), next(it), it.__setstate__(100), list(it), it.__reduce__()[1:])


# What is at work changes meanwhile.
class Changing:
    def __init__(self, act, value=1):
        self.act, self.value = act, value

    def __index__(self):
        self.act()
        return self.value

    def __float__(self):
        self.act()
        return 1.0

    def __eq__(self, other):
        self.act()
        return False


a = array("i", range(20))
print(attempt(a.__setitem__, slice(Changing(a.clear), 10), array("i", [1])), a)
a = array("i", range(20))
print(attempt(a.__getitem__, slice(Changing(a.clear), 10)), a)
a = array("i", range(20))
print(a.count(Changing(a.pop)), attempt(a.index, Changing(a.clear)), attempt(a.remove, Changing(a.clear)), Changing(a.clear) in a)
items = [1, 2, Changing(lambda: items.clear()), 4]
a = array("i", [5])
print(attempt(a.fromlist, items), a)
items = [1, 2, Changing(lambda: items.clear()), 4]
print(attempt(array, "i", items))
r = weakref.ref(a)
del a
print(r())
