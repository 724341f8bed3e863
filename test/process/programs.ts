/** Small programs that between them use every part of the machine; each is deterministic. */
export const programs: Readonly<Record<string, string>> = {
  containers: `
class P:
    def __init__(self, n): self.n = n
    def __repr__(self): return f"P({self.n!r})"
def gen(k):
    for i in range(k): yield i * 1000
d = {str(i): P(i) for i in range(3)}
x = [*gen(3), *d, "a" * 3]
d["z"] = x
print(sorted(map(str, x)), d, {1, 2} | {3}, (1, 2) + (3,), "%d" % 5)
x.append(x)
print(x)
`,
  classes: `
class Base:
    registry = []
    def __init_subclass__(cls, **kw):
        super().__init_subclass__(**kw)
        Base.registry.append(cls)
class Meta(type):
    def __call__(cls, *a): return super().__call__(*a)
class A(Base, metaclass=Meta):
    __slots__ = ("x", "y")
    def __init__(self, x, y=2): self.x, self.y = x, y
    @property
    def total(self): return self.x + self.y
    def __eq__(self, o): return self.total == o.total
    def __hash__(self): return hash(self.total)
print({A(1), A(1)} == {A(1)}, A(3).total, [c.__name__ for c in Base.registry])
A.ring = A(A)
`,
  control: `
def deco(f):
    def wrapper(*a, **k):
        try: return f(*a, **k)
        finally: wrapper.calls += 1
    wrapper.calls = 0
    return wrapper
@deco
def calc(n, /, *args, key=None, **kw): return sum(args, n) + len(kw)
class Quiet:
    def __enter__(self): return self
    def __exit__(self, *e): return e[0] is KeyError
def g():
    try:
        x = yield 1
        yield x
    finally: pass
with Quiet(): {}["k"]
it = g(); next(it); it.send(5); it.close()
print(calc(1, 2, 3, a=1), calc.calls)
match {"a": [1, 2]}:
    case {"a": [p, *q]}: print(p, q)
try:
    try: int("x")
    except ValueError as e: raise TypeError("t") from e
except TypeError as e: print(repr(e.__cause__))
async def items():
    for i in range(2): yield i
async def collect(): return [i async for i in items()]
c = collect()
try: c.send(None)
except StopIteration as e: print(e.value)
`,
  text: `
print(f"{10**20:,} {3.14159:.2f} {'x':>5}", "a,b".split(","), "x".join(["1", "2"]), b"ab" + b"c")
print(2**100, [1, 2, 3][::-1], {**{"a": 1}}, sorted([3, 1], reverse=True), "é€😀".encode())
s = ""
for i in range(50): s += chr(960 + i)
print(len(s), s.upper()[:3], "%s|%r|%5.1f" % ("s", "r", 2.25))
`,
  buffers: `
class Lender:
    def __init__(self): self.bytes = bytearray(b"hello world")
    def __buffer__(self, flags): return memoryview(self.bytes)
    def __release_buffer__(self, view): view.release()
m = memoryview(bytearray(b"0123456789"))
m[::2] = b"abcde"
m[1:3] = m[2:4]
print(m.tolist(), m[::-3].tobytes(), m.cast("h").tolist(), m == bytes(m), m.hex(":"))
x = memoryview(Lender())
x[0] = 72
print(bytes(x), list(x[3:5]), bytearray(x[::2]), (1 << 40) + 5, b"%0100d" % 3)
class C: pass
setattr(C(), f"attribute{len(m)}", {"a": 1, "b": m})
print(len(C.__subclasses__()), int(memoryview(b"12")))
`,
  texts: `
import math
class Doc:
    """Doc(x)
--

é: what it is"""
    @property
    def p(self): "p"
    n = property(len)
    s = staticmethod(math.sin)
    c = classmethod(max)
print([type(o.__doc__) for o in (len, int, [].append, int.__add__, (1).__add__, int.real, math, math.hypot, Doc, Doc.p)])
print([getattr(o, "__text_signature__", 0) for o in (len, int.__add__, (1).__add__, dict.fromkeys, list, Doc)])
print(Doc.n.__doc__ == len.__doc__, Doc.s.__doc__ == math.sin.__doc__, repr(Doc.__doc__))
try: open("missing", opener=lambda p, f: 1 / 0)
except ZeroDivisionError as e: print(dir(e.__traceback__))
e = OSError(2, "x", "f", None, "g")
e.extra = ImportError("m", name="n").__reduce__(), AttributeError("m", name="n").__reduce__()
print(len(e.__reduce__()[1]), len.__reduce__(), [].append.__reduce__(), (5).__add__.__reduce__(), "append" in dir(list[int]))
`,
  tracing: `
import _tracemalloc
_tracemalloc.start(2)
def make(n): return [bytes(100) for _ in range(n)], {str(i): float(i) for i in range(n)}
kept = make(5)
grown = bytearray(10)
for i in range(5): grown += bytes(50)
try: _tracemalloc.start(0)
except ValueError as e: error = e
print(_tracemalloc._get_object_traceback(kept), len(_tracemalloc._get_traces()) > 5)
kept = None
print(_tracemalloc.get_traced_memory()[0] > 0, _tracemalloc.get_traceback_limit())
_tracemalloc.clear_traces()
more = make(3)
_tracemalloc.stop()
print(_tracemalloc.get_traced_memory(), _tracemalloc.get_tracemalloc_memory())
`,
};
