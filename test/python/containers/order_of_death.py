"""In which order what is in containers, iterators, frames and the like dies with them."""
import _asyncio
import sys
sys.dont_write_bytecode = True
from holding import *
class Loop(D):
    def get_debug(self): return False
    def call_soon(self, *a, **k): pass
async def waits(a):
    await types.coroutine(lambda: (yield))()
def task():
    c = waits(D("coro")); c.send(None)
    t = _asyncio.Task(c, loop=Loop("loop"), context=D("context"))
    t._log_destroy_pending = False
    return t
def future(*steps):
    f = _asyncio.Future(loop=Loop("loop"))
    for step in steps: step(f)
    return f
cases |= {
 "task": task,
 "future": lambda: future(lambda f: [f.add_done_callback(D(i), context=D(-i)) for i in (1, 2)]),
 "futureresult": lambda: future(lambda f: f.set_result(D("result"))),
}
for name, f in cases.items(): case(name, f)
def stmt(f): case(f.__name__, f)
@stmt
def locals_order():
    c = D("c"); a = D("a"); b = D("b")
    def g(): return b, a
    z = D("z")
@stmt
def args_order():
    def f(p, q, *r, k, **s):
        x = D("x"); p = D("p2")
    f(D("p"), D("q"), D("r1"), D("r2"), k=D("k"), t=D("t"))
@stmt
def stack_exc():
    try: [D(1), D(2), (D(3), D(4), len(1))]
    except TypeError: OUT.append("h")
    a = D("a")
    for x in L(5, 6): raise KeyError(D(7))
@stmt
def gen_close():
    def g(a):
        b = D("b")
        for x in L(1, 2):
            yield [D("t"), (yield x)]
    y = g(D("a")); next(y); y.close(); OUT.append("closed")
    y = g(D("a2")); next(y); del y; OUT.append("dropped")
    y = g(D("a3")); next(y); y.send(1)
@stmt
def frame_clear():
    def f(a):
        b = D("b"); c = lambda: b
        return sys._getframe()
    fr = f(D("a")); OUT.append("made"); fr.clear(); OUT.append("cleared")
@stmt
def tb():
    def f(a):
        b = D("b")
        raise ValueError(D("e"))
    try: f(D("a"))
    except ValueError as e: x = e
    OUT.append("x"); x.__traceback__ = None; OUT.append("y"); del x
@stmt
def cls():
    class A:
        x = D("x"); y = D("y")
        def f(self, q=D("q")): pass
    class B(A): z = D("z")
    del A, B
    OUT.append("c"); gc.collect()
@stmt
def slots():
    class S: __slots__ = ("b", "a", "c")
    class T(S): __slots__ = ("e", "d", "__dict__")
    s = T(); s.a = D("a"); s.c = D("c"); s.b = D("b"); s.d = D("d"); s.e = D("e"); s.z = D("z"); s.y = D("y")
    del s
@stmt
def inst():
    class S: pass
    s = S(); s.b = D("b"); s.a = D("a"); s.c = D("c")
    del s; OUT.append(1)
    s = S(); s.c = D("c"); s.a = D("a"); x = s.__dict__; s.b = D("b"); del s; OUT.append(2); del x; OUT.append(3)
    s = S(); s.c = D("c"); s.a = D("a"); s.__dict__; s.b = D("b"); del s; OUT.append(4)
    s = S(); [setattr(s, f"k{i}", D(i)) for i in range(40)]; del s
@stmt
def sub():
    class SL(list): pass
    class SD(dict): pass
    class ST(tuple): pass
    for k in (SL([D(1), D(2)]), ST((D(3), D(4)))): k.x = D("x"); k.y = D("y")
    del k; OUT.append(1)
    k = SD(a=D(5), b=D(6)); k.x = D("x"); k.y = D("y"); del k
@stmt
def withs():
    with D(1) as a, D(2) as b: raise KeyError(D(3))
@stmt
def delglob():
    global GL
    GL = D("g"); GL = D("g2"); del GL
@stmt
def matches():
    match [D(1), D(2), D(3)]:
        case [a, *b]: OUT.append("m")
    match {"a": D(4), "b": D(5)}:
        case {"a": x, **r}: OUT.append("m2")
@stmt
def compr():
    [(x, D("i")) for x in L(1, 2) if x.n > 1]
    {x.n: x for x in L(3, 4)}
    (y for y in L(5, 6))
@stmt
def reassign():
    x = D(1); x = D(2); y = x; x = D(3); x, y = y, x; del y
    [x, *z] = L(4, 5, 6)
@stmt
def excs():
    try:
        try: raise KeyError(D(1))
        except KeyError as e: raise ValueError(D(2)) from e
    except ValueError: pass
    OUT.append(0)
    try: raise ExceptionGroup("a", [KeyError(D(3)), ValueError(D(4))])
    except* KeyError as g: OUT.append("g")
    except* ValueError as h: OUT.append("h")
@stmt
def coro():
    class A:
        def __await__(self): yield D("y")
    async def f(a):
        b = D("b")
        await A()
    c = f(D("a")); c.send(None); del c; OUT.append(1)
    c = f(D("a2")); c.close(); OUT.append(2)
    async def g(a):
        x = D("x"); yield a
    z = g(D("a3")); y = z.asend(None)
    try: y.send(None)
    except StopIteration: OUT.append("s")
    del y; OUT.append("n")
    del z
@stmt
def trash():
    x = D("end")
    for i in range(100000): x = (x,)
    del x; OUT.append("t")
    x = [D("e2")]
    for i in range(100000): x = [x, D(i)] if i % 25000 == 0 else [x]
    del x; OUT.append("l")
    class N:
        def __del__(self):
            if self.i % 20000 == 0: OUT.append(self.i)
    x = None
    for i in range(60000):
        y = N(); y.i = i; y.next = x; x = y
    del x, y
    x = D("dd")
    for i in range(30000): x = {1: x} if i % 2 else types.SimpleNamespace(a=x) if i % 3 else frozenset([x]) if i % 5 == 0 and isinstance(x, D) else (lambda x: lambda: x)(x)
    del x
