"""In which order what is in containers, iterators, frames and the like dies with them."""
import _asyncio, gc, sys, itertools, functools, collections, weakref, types, contextvars, operator, io, threading, queue, array, copy, contextlib
gc.disable()
OUT = []
class D:
    def __init__(self, n): self.n = n
    def __del__(self): OUT.append(self.n)
    def __call__(self, *a): return None
    def __iter__(self): return self
    def __next__(self): return 1
    def __hash__(self): return hash(self.n)
    def __eq__(self, o): return self is o
    def __index__(self): return 1
    def __enter__(self): return self
    def __exit__(self, *a): pass
    def __get__(self, *a): return self
    def __set_name__(self, *a): pass
def d(*ns): return [D(n) for n in ns]
def case(name, f):
    OUT.clear()
    try: r = f()
    except BaseException as e: OUT.append(type(e).__name__); e = None; r = None
    OUT.append("|"); r = None
    gc.collect()
    print(name, *OUT)
def it(x):
    next(x); return x
L = lambda *n: [D(i) for i in n]
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
cases = {
 "task": task,
 "future": lambda: future(lambda f: [f.add_done_callback(D(i), context=D(-i)) for i in (1, 2)]),
 "futureresult": lambda: future(lambda f: f.set_result(D("result"))),
 "list": lambda: [D(i) for i in range(5)],
 "listclear": lambda: (l := [D(i) for i in range(5)]).clear(),
 "listdel": lambda: (l := [D(i) for i in range(6)]).__delitem__(slice(1, 4)),
 "listdelstep": lambda: (l := [D(i) for i in range(6)]).__delitem__(slice(0, 6, 2)),
 "listset": lambda: (l := [D(i) for i in range(6)]).__setitem__(slice(1, 4), [D("a"), D("b")]),
 "listset2": lambda: (l := [D(i) for i in range(6)]).__setitem__(slice(0, 6, 2), [D("a"), D("b"), D("c")]),
 "listimul": lambda: (l := [D(i) for i in range(3)]).__imul__(0),
 "listinit": lambda: (l := [D(i) for i in range(3)]).__init__([D("x")]),
 "listremove": lambda: (l := [D(i) for i in range(3)]).pop(0),
 "tuple": lambda: (D(1), D(2), D(3)),
 "tupletuple": lambda: ((D(1), D(2)), (D(3), [D(4), D(5)])),
 "dict": lambda: {i: D(i) for i in range(4)},
 "dictkeys": lambda: {D(i): D(-i) for i in range(1, 4)},
 "dictclear": lambda: (x := {i: D(i) for i in range(4)}).clear(),
 "dictupdate": lambda: (x := {i: D(i) for i in range(4)}).update({i: D(i + 10) for i in range(3)}),
 "dictior": lambda: (x := {i: D(i) for i in range(4)}).__ior__({i: D(i + 10) for i in range(3)}),
 "dictpop": lambda: (x := {D(i): D(-i) for i in range(1, 4)}).popitem(),
 "dictor": lambda: {1: D(1)} | {1: D(2), 2: D(3)},
 "fromkeys": lambda: dict.fromkeys([D(1), D(2)], D(3)),
 "set": lambda: {D(i) for i in range(5)},
 "setclear": lambda: (s := {D(i) for i in range(5)}).clear(),
 "setiand": lambda: (s := {D(i) for i in range(5)}).__iand__({D(7)}),
 "setsub": lambda: (s := {D(i) for i in range(5)}) - set(list(s)[1:]),
 "setxor": lambda: (s := {D(i) for i in range(5)}).symmetric_difference_update([D(9)]),
 "frozenset": lambda: frozenset([D(i) for i in range(5)]),
 "deque": lambda: collections.deque([D(i) for i in range(70)][:3]),
 "dequemax": lambda: collections.deque([D(i) for i in range(5)], 2),
 "dequeclear": lambda: collections.deque([D(i) for i in range(5)]).clear(),
 "odict": lambda: collections.OrderedDict((D(i), D(-i)) for i in range(1, 4)),
 "odictclear": lambda: collections.OrderedDict((D(i), D(-i)) for i in range(1, 4)).clear(),
 "odictpop": lambda: collections.OrderedDict((D(i), D(-i)) for i in range(1, 4)).popitem(),
 "defaultdict": lambda: collections.defaultdict(D(0), {1: D(1), 2: D(2)}),
 "counter": lambda: collections.Counter([D(1), D(2)]),
 "chainmap": lambda: collections.ChainMap({1: D(1)}, {2: D(2)}),
 "slice": lambda: slice(D(1), D(2), D(3)),
 "zip": lambda: zip(L(1, 2), L(3, 4)),
 "zip2": lambda: it(zip(L(1, 2), L(3, 4))),
 "map": lambda: map(D(0), L(1, 2), L(3)),
 "filter": lambda: filter(D(0), L(1, 2)),
 "enumerate": lambda: it(enumerate(L(1, 2))),
 "reversed": lambda: it(reversed(L(1, 2))),
 "chain": lambda: it(itertools.chain(L(1, 2), L(3))),
 "cycle": lambda: it(itertools.cycle(L(1, 2))),
 "cycled": lambda: (l := L(1, 2), c := it(itertools.cycle(l)), l.pop(0), c)[1],
 "tee": lambda: itertools.tee(L(1, 2, 3), 3),
 "tee2": lambda: [next(x) for x in itertools.tee(L(1, 2, 3), 3)],
 "product": lambda: it(itertools.product(L(1, 2), L(3, 4))),
 "permutations": lambda: it(itertools.permutations(L(1, 2))),
 "combinations": lambda: it(itertools.combinations(L(1, 2), 2)),
 "accumulate": lambda: it(itertools.accumulate(L(1, 2), D(0), initial=D(9))),
 "islice": lambda: it(itertools.islice(L(1, 2), 2)),
 "starmap": lambda: itertools.starmap(D(0), L(1, 2)),
 "takewhile": lambda: itertools.takewhile(D(0), L(1, 2)),
 "dropwhile": lambda: itertools.dropwhile(D(0), L(1, 2)),
 "filterfalse": lambda: itertools.filterfalse(D(0), L(1, 2)),
 "compress": lambda: itertools.compress(L(1, 2), L(3)),
 "repeat": lambda: itertools.repeat(D(1), 3),
 "groupby": lambda: it(itertools.groupby(L(1, 2), D(0))),
 "grouper": lambda: next(itertools.groupby(L(1, 2), D(0)))[1],
 "pairwise": lambda: it(itertools.pairwise(L(1, 2, 3))),
 "batched": lambda: it(itertools.batched(L(1, 2, 3), 2)),
 "zip_longest": lambda: it(itertools.zip_longest(L(1, 2), L(3), fillvalue=D(0))),
 "calliter": lambda: iter(D(0), D(1)),
 "partial": lambda: functools.partial(D(0), D(1), D(2), k=D(3), l=D(4)),
 "lru": lambda: functools.lru_cache(D(0)),
 "lru2": lambda: (f := functools.lru_cache(lambda a, b: D("r")), f(D(1), D(2)), f(D(3), b=D(4)))[0],
 "cmp_to_key": lambda: functools.cmp_to_key(D(0))(D(1)),
 "method": lambda: types.MethodType(D(0), D(1)),
 "property": lambda: property(D(1), D(2), D(3), D(4)),
 "static": lambda: staticmethod(D(1)), "classm": lambda: classmethod(D(1)),
 "mproxy": lambda: types.MappingProxyType({1: D(1)}),
 "ns": lambda: types.SimpleNamespace(a=D(1), b=D(2)),
 "galias": lambda: types.GenericAlias(D(1), (D(2), D(3))),
 "union": lambda: int | types.GenericAlias(list, (D(2), D(3))),
 "cell": lambda: types.CellType(D(1)),
 "func": lambda: types.FunctionType((lambda: 0).__code__, {"a": D("g")}, "n", (D(1), D(2)), None),
 "ctxvar": lambda: contextvars.ContextVar("a", default=D(1)),
 "itemgetter": lambda: operator.itemgetter(D(1), D(2)),
 "mcaller": lambda: operator.methodcaller("x", D(1), k=D(2)),
 "exc": lambda: ValueError(D(1), D(2)),
 "oserr": lambda: OSError(1, D(2), D(3), None, D(4)),
 "group": lambda: ExceptionGroup("x", [ValueError(D(1)), KeyError(D(2))]),
 "stopit": lambda: StopIteration(D(1)),
 "syserr": lambda: SystemExit(D(1), D(2)),
 "importerr": lambda: ImportError(D(0), name=D(1), path=D(2)),
 "attrerr": lambda: AttributeError(D(0), name=D(1), obj=D(2)),
 "nameerr": lambda: NameError(D(0), name=D(1)),
 "syntaxerr": lambda: SyntaxError(D(0), (D(1), D(2), D(3), D(4))),
 "module": lambda: vars(m := types.ModuleType("m", D(0))).update(a=D(1), b=D(2), _c=D(3), d=D(4)) or m,
 "array": lambda: array.array("i", [1]),
 "memoryview": lambda: memoryview(bytearray(3)),
 "queue": lambda: (q := queue.SimpleQueue(), q.put(D(1)), q.put(D(2)))[0],
 "local": lambda: vars(l := threading.local()).update(a=D(1), b=D(2)) or l,
 "sorted": lambda: sorted([D(3), D(1), D(2)], key=lambda x: x.n),
 "sortkeyfail": lambda: sorted([D(3), D(1), D(2)], key=lambda x: D(x.n * 10)),
 "min": lambda: min([D(3), D(1), D(2)], key=lambda x: x.n) and None,
 "format": lambda: f"{D(1)!s:.0}{D(2)!s:.0}",
 "call": lambda: (lambda a, b, *c, **k: None)(D(1), D(2), D(3), D(4), x=D(5), y=D(6)),
 "callfail": lambda: (lambda a: None)(D(1), D(2), x=D(3)),
 "nativecall": lambda: isinstance(D(1), D(2)),
 "print": lambda: print(D(1), D(2), sep=D(3)),
 "binop": lambda: D(1) + D(2),
 "cmp": lambda: D(1) < D(2),
 "chaincmp": lambda: D(1) == D(2) == D(3),
 "subscr": lambda: D(1)[D(2)],
 "storesub": lambda: D(1).__setitem__(D(2), D(3)),
 "buildfail": lambda: [D(1), (D(2), {D(3): 1 / 0})],
 "star": lambda: [D(0), *L(1, 2), *(D(3), D(4))],
 "kwcall": lambda: dict(a=D(1), **{"b": D(2)}),
 "unpackfail": lambda: (lambda x: [a for a, b in x])([(D(1), D(2), D(3))]),
 "context": lambda: contextvars.copy_context().run(lambda: contextvars.ContextVar("x").set(D(1))),
 "bytesio": lambda: io.BytesIO(b"x"),
 "copy": lambda: copy.copy([D(1), D(2)]),
 "super": lambda: super(D, D(1)),
 "weakset": lambda: weakref.WeakSet(L(1, 2, 3)),
 "wvd": lambda: weakref.WeakValueDictionary({1: D(1)}),
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
