# memoryview: the .out beside this is what CPython 3.13.0 prints (tools/record/record_python_tests.py).
import sys
def T(f, *a):
    try: return f(*a)
    except BaseException as e: return type(e).__name__ + ": " + str(e)
m = memoryview(b"abcdef")
print(sys.getsizeof(m), len(m), m[0], m[-1], m[1:4].tobytes(), m[::2].tolist(), m[::-1].tobytes(), m.format, m.itemsize, m.nbytes, m.shape, m.strides, m.suboffsets, m.ndim, m.readonly, m.obj, m.contiguous, m.c_contiguous, m.f_contiguous, m[::2].contiguous)
print(m == b"abcdef", m == bytearray(b"abcdef"), m != b"abcdeg", m == 3, m[::2] == b"ace", hash(m) == hash(b"abcdef"), hash(m[::2]) == hash(b"ace"))
print(list(m), 97 in m, 3 in m, list(reversed(m)))
print(T(lambda: m[6]), T(lambda: m[-7]), T(lambda: m["a"]), T(lambda: m[1,2]), T(lambda: m[()]), T(lambda: m[(2,)]), T(lambda: m[1:2,1:2]), T(lambda: m[...]))
def st(m, k, v): m[k] = v
print(T(st, m, 0, 1))
b = bytearray(b"hello world")
w = memoryview(b)
w[0] = 72; w[-1] = 0x44; print(b)
w[1:3] = b"EL"; print(b); w[::2] = b"......"; print(b)
w[0:5] = w[1:6]; print(b)
w[::-1] = w; print(b)
print(T(st, w, 0, 256), T(st, w, 0, -1), T(st, w, 0, "a"), T(st, w, slice(0,3), b"ab"), T(st, w, 100, 3), T(st, w, slice(0,1), 3), T(st, w, (0,), 65), T(st, w, (0,1), 65))
def d(m): del m[0]
print(T(d, w))
print(T(b.append, 3), T(hash, w))
w.release(); b.append(33); print(b, T(lambda: w[0]), T(len, w), T(lambda: w.format), T(list, w), T(w.tobytes), T(hash, w), w == w, w == b, repr(w)[:16])
with memoryview(b) as q:
    print(bytes(q), bytearray(q), b"".join([q, q]), bytes(q[::2]), bytearray(q[::-1]), q.hex(), q.hex(":", 2), q[::3].hex())
print(T(lambda: q[0]))
for f in "bBchHiIlLqQnNfd?P":
    z = memoryview(bytearray(range(120, 136))); c = z.cast(f); print(f, c.itemsize, len(c), c.tolist() if f not in "fd" else c[0], c.format, T(st, c, 0, 1), T(st, c, 0, -1), T(st, c, 0, 1<<70), T(st, c, 0, "x"), T(st, c, 0, b"x"), T(st, c, 0, 1.5), z.tolist())
print(T(m.cast, "e4"), T(m.cast, "h").tolist(), T(m.cast, "i"), T(m.cast, "@B").format, T(lambda: m.cast("h").cast("i")), T(m[::2].cast, "B"), T(m.cast, "B", [6]).shape, T(m.cast, "B", (5,)), T(m.cast, "B", 5), T(m.cast), T(m.cast, 3))
print(T(memoryview), T(memoryview, 1), T(memoryview, "a"), T(memoryview, b"", b""), T(lambda: memoryview(object=b"x")[0]))
mm = memoryview(m); print(mm == m, mm.obj is m.obj, mm.toreadonly().readonly, memoryview(b).toreadonly().readonly, memoryview(b).readonly)
x = memoryview(b).cast("h") if len(b) % 2 == 0 else memoryview(b + b"a").cast("h")
print(x == memoryview(bytes(x)).cast("h"), x == memoryview(bytes(x)).cast("H"), x == bytes(x))
print(m < m if False else T(lambda: m < m))
it = iter(m); print(next(it), type(it), it.__class__.__name__, type(m).__mro__)
n = memoryview(m); y = memoryview(n); 
import sys
o = bytearray(m); o += m; print(o, b"abc".replace(m[:1], b"z"), b"x" + m, T(lambda: "a" + m))
match m:
    case [a, *r]: print(a, r)
print(sorted(k for k in dir(m)))
print(m.tobytes("F"), T(m.tobytes, "x"), T(m.tobytes, None), T(m.tobytes, 3))
print(memoryview(b"") == b"", memoryview(b"").cast("i").tolist(), T(memoryview(b"").cast, "B", [1]))
a = memoryview(bytearray(b"abc")); l = [a]; l.append(l); del a, l
print(T(type("X", (), {}), ) is not None, T(lambda: type("Y", (memoryview,), {})))
nan = memoryview(bytearray(8)).cast("d"); nan[0] = float("nan"); print(nan == nan, nan[0])
