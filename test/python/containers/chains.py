# Chains of objects, each holding the one before, dropped at their end: whatever they are made of, and however long they are,
# their deallocators do not nest without bound. Arguments: how long, which kinds.
import collections, contextvars, functools, gc, itertools, operator, sys, types, weakref

N = int(sys.argv[1]) if len(sys.argv) > 1 else 3000
gc.disable()


def gen(before):
    yield before


def wait(before):
    yield before


@types.coroutine
def pause():
    yield


async def co(before):
    await pause()
    return before


async def ag(before):
    yield before


def started(g):
    next(g)
    return g


def sent(c):
    c.send(None)
    return c


def closure(before):
    return lambda: before


def frame(before):
    return sys._getframe()


def error(before):
    e = ValueError()
    e.__context__ = before
    return e


def cause(before):
    e = ValueError()
    e.__cause__ = before
    return e


def raised(before):
    try:
        held = before
        raise ValueError
    except ValueError as e:
        return e


class P:
    def method(self):
        pass


class S:
    __slots__ = "x"


class D(P):
    def __del__(self):
        pass


class R(weakref.ref):
    __slots__ = "x"


class B(bytearray):
    pass


class L(list): pass
class T(tuple): pass
class M(dict): pass
class DQ(collections.deque): pass
class I(int): pass
class U(str): pass
class F(float): pass
class Y(bytes): pass


def attr(o, before):
    o.x = before
    return o


def ref(before):
    r = R(P)
    r.x = before
    return r


def held(before):
    p = P()
    return weakref.ref(P, functools.partial(len, before))


def sub(before):
    return type("K", (), {"x": before})


def meth(before):
    return types.MethodType(len, before or 0)


def view(before):
    return memoryview(attr(B(4), before))


def group(before):
    g = itertools.groupby([before])
    next(g)
    return g


def tee(before):
    return itertools.tee([before])[0]


def ctx(before):
    c = contextvars.Context()
    c.run(var.set, before)
    return c


var = contextvars.ContextVar("var")
code = (lambda: 0).__code__
KINDS = dict(
    list=lambda b: [b], tuple=lambda b: (b,), dict=lambda b: {1: b}, key=lambda b: frozenset([b]) if b is not None else frozenset(),
    instance=lambda b: attr(P(), b), slots=lambda b: attr(S(), b), finalizer=lambda b: attr(D(), b),
    listclass=lambda b: L([b]), tupleclass=lambda b: T([b]), dictclass=lambda b: M(a=b), dequeclass=lambda b: DQ([b]),
    intclass=lambda b: attr(I(3), b), strclass=lambda b: attr(U(3), b), floatclass=lambda b: attr(F(3), b), bytesclass=lambda b: attr(Y(3), b),
    deque=lambda b: collections.deque([b]), ordered=lambda b: collections.OrderedDict(a=b), default=lambda b: collections.defaultdict(None, a=b),
    generator=gen, suspended=lambda b: started(gen(b)), coroutine=lambda b: sent(co(b)), asyncgen=ag,
    closure=closure, frame=frame, cell=types.CellType, context=error, cause=cause, traceback=raised,
    reference=ref, callback=held, cls=sub, method=meth, bound=lambda b: [b].append, partial=lambda b: functools.partial(len, b),
    memoryview=view, iter=lambda b: iter([b]), tupleiter=lambda b: iter((b,)), dictiter=lambda b: iter({1: b}.values()),
    seqiter=lambda b: itertools.chain([b]), islice=lambda b: itertools.islice([b], 3), zip=lambda b: zip([b], [1]), map=lambda b: map(len, [b]),
    nested_map=lambda b: map(len, b or []), nested_filter=lambda b: filter(None, b or []), nested_zip=lambda b: zip(b or []),
    nested_enum=lambda b: enumerate(b or []), nested_islice=lambda b: itertools.islice(b or [], 3), nested_cycle=lambda b: itertools.cycle(b or []),
    nested_chain=lambda b: itertools.chain.from_iterable(b or []), nested_accumulate=lambda b: itertools.accumulate(b or []),
    nested_starmap=lambda b: itertools.starmap(len, b or []), nested_takewhile=lambda b: itertools.takewhile(len, b or []),
    nested_groupby=lambda b: itertools.groupby(b or []), nested_pairwise=lambda b: itertools.pairwise(b or []),
    nested_batched=lambda b: itertools.batched(b or [], 2), nested_compress=lambda b: itertools.compress(b or [], [1]),
    groupby=group, tee=tee, repeat=itertools.repeat, product=lambda b: itertools.product([b]), permutations=lambda b: itertools.permutations([b]),
    proxy=lambda b: types.MappingProxyType({1: b}), namespace=lambda b: types.SimpleNamespace(x=b), slice=lambda b: slice(b),
    property=property, static=staticmethod, classmethod=classmethod, alias=lambda b: list[b], itemgetter=operator.itemgetter,
    methodcaller=lambda b: operator.methodcaller("a", b), callable=lambda b: iter(len, b), module=lambda b: attr(types.ModuleType("m"), b),
    function=lambda b: types.FunctionType(code, {"x": b}), defaults=lambda b: types.FunctionType(code, {}, None, (b,)), code=lambda b: code.replace(co_consts=(None, b or 0)),
    context_of=ctx, variable=lambda b: contextvars.ContextVar("a", default=b), lru=lambda b: functools.lru_cache(functools.partial(len, b)),
    cmp=lambda b: functools.cmp_to_key(len)(b), attributes=lambda b: attr(Exception(), b),
    exception_args=lambda b: Exception(b), stop=lambda b: StopIteration(b), exgroup=lambda b: ExceptionGroup("m", [b or Exception()]),
    superobj=lambda b: super(P, attr(P(), b)), dictview=lambda b: {1: b}.values(), reversed=lambda b: reversed([b]), finalize=lambda b: weakref.WeakValueDictionary({1: attr(P(), b)}),
)
names = sys.argv[2:] or list(KINDS)
for name in names:
    make = KINDS[name]
    chain = None
    for i in range(N):
        chain = make(chain)
    chain = None
    print(name, flush=True)
