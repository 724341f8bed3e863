# memoryviews of any number of dimensions: casts, items, slices, order, comparing, and half floats.
from array import array


def attempt(f, *args, **kwargs):
    try:
        return f(*args, **kwargs)
    except BaseException as e:
        return type(e).__name__ + ": " + str(e)


def describe(m):
    return (m.format, m.itemsize, m.ndim, m.shape, m.strides, m.nbytes, m.c_contiguous, m.f_contiguous, m.contiguous)


b = bytearray(range(24))
m = memoryview(b)
for shape in ([24], [2, 12], [2, 3, 4], [1, 24, 1], (24, 1), [4, 3, 2, 1], [], [5], [0], [-1, 24], ["x"], [2**70], [2**62, 8], 24, [1] * 64 + [24], [1] * 63 + [24]):
    r = attempt(m.cast, "B", shape)
    print(len(shape) if isinstance(shape, list) else shape, describe(r) if isinstance(r, memoryview) else r)
for format in ("b", "@h", "i", "d", "e", "P", "?", "<h", "hh", "", "é", "x", "c"):
    for shape in (None, [3, 2], [6, 2], [2, 3, 4], [3]):
        r = attempt(m.cast, format) if shape is None else attempt(m.cast, format, shape)
        print(format, shape, describe(r) if isinstance(r, memoryview) else r)
d = m.cast("B", [2, 3, 4])
print(d.tolist(), len(d), d.tobytes() == bytes(b), d.tobytes("F"), d.tobytes("A") == d.tobytes("C"), d.hex(" ", 4))
for key in ((0, 0, 0), (1, 2, 3), (-1, -1, -1), (0, 3, 0), (2, 0, 0), (0, 0), (0, 0, 0, 0), (), 0, 5, "x", slice(1), (slice(1),), (0, slice(1)), ..., None, (1, "x", 0)):
    r = attempt(d.__getitem__, key)
    print(key, r.tolist() if isinstance(r, memoryview) else r)
for key in ((0, 0, 0), (1, 2, 3), (0, 0), (0, 0, 0, 0), 0, slice(1), (slice(1), slice(1)), ..., (2, 0, 0)):
    print(key, attempt(d.__setitem__, key, 99), attempt(d.__setitem__, key, 300))
print(d.tolist(), attempt(iter, d), attempt(d.__delitem__, (0, 0, 0)), attempt(list, d), attempt(d.__contains__ if hasattr(d, "__contains__") else (lambda: 5 in d)))
e = d[::-1]
print(describe(e), e.tolist(), e.tobytes(), e.tobytes("F"), e.tobytes("A"), e.hex(), bytes(e), attempt(e.cast, "B"), attempt(hash, e.toreadonly()))
f = d[1:2]
print(describe(f), f.tolist(), f == d[1:], f == d[:1], d[:0] == d[2:], describe(d[:0]), d[:0].tolist(), attempt(d[:0].cast, "B"))
print(d.cast("h") == m.cast("h"), describe(d.cast("h")), attempt(d.cast, "h", [3, 4]), describe(d.cast("h", [12])))
print(d == m, d == d.cast("B").cast("B", [2, 3, 4]), d == d.cast("B").cast("B", [3, 2, 4]), m.cast("b", [2, 12]) == m.cast("B", [2, 12]))
print(hash(memoryview(b"abcdef").cast("B", [2, 3])) == hash(b"abcdef"), attempt(hash, d))

# Buffers of them.
for f in (bytes, bytearray, lambda x: memoryview(x).tolist(), lambda x: bytearray(24).__setitem__(slice(0, 24), x), lambda x: b"".join([x])):
    for x in (d, e, d[:1]):
        print(attempt(f, x))
out = bytearray(24)
print(attempt(memoryview(out).__setitem__, slice(None), d), attempt(memoryview(out).cast("B", [2, 12]).__setitem__, slice(None), d))
r = d.toreadonly()
print(r.readonly, attempt(r.__setitem__, (0, 0, 0), 1), d.obj is b, d.suboffsets)

# No dimension.
z = memoryview(bytearray(b"\x05\0\0\0")).cast("i", [])
print(describe(z), z.tolist(), z[()], z[...] is z, attempt(len, z), attempt(z.__getitem__, 0), attempt(z.__getitem__, slice(1)), attempt(iter, z))
z[()] = 7
z[...] = 8
print(z.tolist(), z.tobytes(), z == z, z == memoryview(z), attempt(z.__setitem__, 0, 1), describe(z.cast("B")), attempt(z.cast, "B", [2, 2]), z.cast("B", [4]).tolist())

# Half floats.
h = memoryview(bytearray(8)).cast("e")
h[0] = 1.5
h[1] = -65504
print(h.tolist(), attempt(h.__setitem__, 2, 1e6), attempt(h.__setitem__, 2, "x"), h.tobytes(), h == memoryview(bytes(h)).cast("e"), h == array("f", [1.5, -65504, 0, 0]))

# Characters.
w = memoryview(array("w", "ab"))
print(w.format, attempt(w.tolist), attempt(w.__getitem__, 0), attempt(w.__setitem__, 0, "c"), w == w, w[1:].tobytes(), attempt(w.cast, "i"), w.cast("B").tolist())

# Items of other formats.
print(memoryview(array("i", [1, 2])) == array("d", [1, 2]), memoryview(array("b", [-1])) == b"\xff", memoryview(b"a").cast("c") == b"a")
a = memoryview(array("h", range(10)))
a[::2] = array("h", [9] * 5)
a[1:4] = a[6:9]
a[5:] = a[:5]
print(a.tolist(), attempt(a.__setitem__, slice(0, 2), array("i", [1, 2])), attempt(a.__setitem__, slice(0, 2), array("h", [1])), attempt(a.__setitem__, slice(0, 2), 5))
match memoryview(b"abc"):
    case [x, *rest]:
        print(x, rest)
