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


class Many:
    def __init__(self, n):
        for i in range(n):
            setattr(self, f"x{i}", i)


# Instances whose dict shares its keys, until something makes it a dict of its own.
for n in (0, 1, 2, 6, 7, 29, 30, 31, 50):
    a, b, e = Many(n), Many(n), Many(n)
    row = [sys.getsizeof(a), sys.getsizeof(a.__dict__)]
    b.extra = 1; row.append(sys.getsizeof(b.__dict__))
    if n: del b.x0; row.append(sys.getsizeof(b.__dict__)); b.x0 = 1; row.append(sys.getsizeof(b.__dict__))
    b.__dict__ = {"z": 1}; row += sys.getsizeof(b), sys.getsizeof(b.__dict__)
    del b.__dict__; row += sys.getsizeof(b), sys.getsizeof(b.__dict__)
    a.__dict__.update(k=1); row.append(sys.getsizeof(a.__dict__))
    row.append(sys.getsizeof(a.__dict__.copy()))
    a.__dict__[5] = 1; row.append(sys.getsizeof(a.__dict__))
    a.__dict__.clear(); row.append(sys.getsizeof(a.__dict__))
    e.__dict__ |= {"x0": 2}; row.append(sys.getsizeof(e.__dict__))
    print("instance", n, *row)
for n in range(9):
    names = tuple(f"s{i}" for i in range(n))
    plain = type("Slots", (), {"__slots__": names})
    full = type("Slots", (), {"__slots__": names + ("__dict__", "__weakref__")})
    S(plain(), full(), plain, full)
for base in (list, dict, tuple, set, frozenset, int, float, complex, str, bytes, bytearray, Exception, property, type(sys)):
    derived = type("Derived", (base,), {})
    arguments = ("m",) if base is type(sys) else ()
    made = derived(*arguments)
    made.attribute = 1
    S(base, derived, made, made.__dict__)
S(SyntaxError(), SyntaxError("a", ("f", 1, 2, "t")), ExceptionGroup("a", [ValueError()]), BaseExceptionGroup("a", [KeyboardInterrupt()]))
S(UnicodeDecodeError("a", b"b", 0, 1, "c"), ImportError(), AttributeError(), NameError(), SystemExit(), StopAsyncIteration())
weakref.ref(ExceptionGroup("a", [ValueError()]))
print(hasattr(SyntaxError(), "_metadata"), SyntaxError.__basicsize__)
for length in (0, 1, 2, 3, 5, 7):
    try: print(SyntaxError("a", (1, 2, 3, 4, 5, 6, 7)[:length]).end_lineno)
    except TypeError as error: print(error)
for answer in (100, -1, "x", 1.5, 2**70):
    try: print(sys.getsizeof(type("Odd", (), {"__sizeof__": lambda self: answer})()))
    except Exception as error: print(type(error).__name__, error)
try: sys.getsizeof()
except TypeError as error: print(error)
print(sys.getsizeof(type("Odd", (), {"__sizeof__": lambda self: "x"})(), default=7))


# What a code object is asked for it keeps.
def outer(x):
    y = x
    def inner(z): return y, z
    return inner
for code in (outer.__code__, outer(1).__code__):
    names = "co_code", "co_varnames", "co_cellvars", "co_freevars", "co_names", "co_consts"
    print(*(getattr(code, n) is getattr(code, n) for n in names), code.co_varnames, code.co_cellvars, code.co_freevars)
    print(code.replace(co_name="other").co_code == code.co_code, sys.getsizeof(code))
