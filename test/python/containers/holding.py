"""What holds objects, of many kinds: for order_of_death.py and referents_in_order.py."""
import gc, sys, itertools, functools, collections, weakref, types, contextvars, operator, io, threading, queue, array, copy, contextlib
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
cases = {
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
