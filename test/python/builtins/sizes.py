"""sys.getsizeof of everything a program holds: the bytes that the seed counts (an int is 28)."""
import sys
def S(*xs): print(*[sys.getsizeof(x) for x in xs])
S(0, 1, 1000, 2**30 - 1, 2**30, 2**60, 2**90, -5, True, 10**100)
S(0.0, 1j, None, ..., NotImplemented, object())
S("", "a", "abc", "é", "éé", "€", "€uro", "😀", "x" * 1000, "€" * 1000, "😀" * 1000)
S(b"", b"a", b"x" * 100, bytearray(), bytearray(b"abc"), bytearray(100), memoryview(b"abc"))
S((), (1,), (1, 2, 3), tuple(range(100)))
S([], [1], [1, 2, 3], list(range(100)), [0] * 17, list("abc"))
S({}, {"a": 1}, {i: i for i in range(5)}, {i: i for i in range(6)}, {i: i for i in range(100)}, dict(a=1, b=2), dict.fromkeys(range(20)))
S(set(), {1}, set(range(5)), set(range(100)), frozenset(), frozenset(range(10)))
S(range(10), slice(1), iter([]), iter(()), iter({}), iter("a"), iter(range(3)), enumerate([]), zip(), map(len, []), filter(None, []), reversed([]))
def f(a, b=1, *, c=2): return a
class C: pass
class D(C):
    __slots__ = ("x", "y")
class E:
    __slots__ = ("x", "y", "__weakref__")
class I(int): pass
class L(list): pass
S(f, lambda: 0, f.__code__, C, D, E, len, [].append, C().__init__, f.__get__(1), property(), classmethod(f), staticmethod(f), super(C, C()), type(len))
S(C(), D(), E(), I(5), I(2**70), L(), ValueError(), ValueError("x"), KeyError("k"), StopIteration(1), OSError(2, "x"), Exception())
c = C(); S(c.__dict__); c.a = 1; S(c, c.__dict__); c.b = c.c = c.d = c.e = c.f = c.g = 1; S(c, c.__dict__, vars(C()))
g = (i for i in range(3)); S(g)
def gen():
    a = b = c = 1
    yield a
async def co(): pass
k = co(); S(gen(), k); k.close()

class types: SimpleNamespace = type(sys.implementation); ModuleType = type(sys); MappingProxyType = type(type.__dict__)
import _weakref as weakref

S(weakref.ref(c), types.SimpleNamespace(), types.SimpleNamespace(a=1), types.ModuleType("m"), types.MappingProxyType({}), sys._getframe())
l = []; series = []
for i in range(70):
    n = sys.getsizeof(l)
    if not series or series[-1][1] != n: series.append((i, n))
    l.append(i)
print("list", series)
for kind, add in ((dict, lambda o, i: o.__setitem__(i, i)), (set, lambda o, i: o.add(i)), (bytearray, lambda o, i: o.append(i & 255))):
    o = kind(); series = []
    for i in range(400):
        n = sys.getsizeof(o)
        if not series or series[-1][1] != n: series.append((i, n))
        add(o, i)
    print(kind.__name__, series)
d = {str(i): i for i in range(50)}; n = sys.getsizeof(d)
for i in range(49): del d[str(i)]
print(n, sys.getsizeof(d), sys.getsizeof(dict(d)), sys.getsizeof(d.copy()))
l = list(range(1000)); n = sys.getsizeof(l)
while l: l.pop()
print(n, sys.getsizeof(l)); l.extend([1, 2, 3]); print(sys.getsizeof(l), sys.getsizeof(l[:]), sys.getsizeof(l + l), sys.getsizeof([*l]), sys.getsizeof([x for x in l]))
