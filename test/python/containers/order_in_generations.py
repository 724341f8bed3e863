"""In which order the collector knows of what constructors make, and has it after a collection."""
import gc, itertools, functools, collections, operator, sys, types, weakref, contextvars, io, re
class L(list): pass
class T(tuple): pass
class It:
    def __iter__(self): return self
    def __next__(self): raise StopIteration
    def __reversed__(self): return self
gc.disable()
f=lambda *a: 1
N=2
cases = dict(
 groupby=lambda: itertools.groupby(L()), acc=lambda: itertools.accumulate(L()), accI=lambda: itertools.accumulate(L(),f,initial=L()),
 batched=lambda: itertools.batched(L(),2), chain=lambda: itertools.chain(L(),L()), chainfi=lambda: itertools.chain.from_iterable(L()),
 comb=lambda: itertools.combinations(L([1,2]),1), cwr=lambda: itertools.combinations_with_replacement(L([1,2]),1),
 compress=lambda: itertools.compress(L(),L()), cycle=lambda: itertools.cycle(L([1])),
 drop=lambda: itertools.dropwhile(f,L()), ff=lambda: itertools.filterfalse(f,L()), isl=lambda: itertools.islice(L(),2),
 pw=lambda: itertools.pairwise(L()), perm=lambda: itertools.permutations(L([1,2])), prod=lambda: itertools.product(L([1]),L([2])),
 rep=lambda: itertools.repeat(L()), star=lambda: itertools.starmap(f,L()), take=lambda: itertools.takewhile(f,L()),
 tee=lambda: itertools.tee(L()), tee3=lambda: itertools.tee(L(),3), zl=lambda: itertools.zip_longest(L([1,2]),L([1,2])),
 map=lambda: map(f,L(),L()), filter=lambda: filter(f,L()), zip=lambda: zip(L(),L()), enum=lambda: enumerate(L()), rev=lambda: reversed(L()), rev2=lambda: reversed(T()),
 iter2=lambda: iter(f,L()), partial=lambda: functools.partial(f,L(),L(),k=L()), deque=lambda: collections.deque(L()), ditems=lambda: iter({1:L()}.items()), 
 odict=lambda: collections.OrderedDict(a=L()), dd=lambda: collections.defaultdict(f,a=L()), cnt=lambda: collections.Counter(a=L()),
 lru=lambda: functools.lru_cache(f), prop=lambda: property(f), cm=lambda: classmethod(f), sm=lambda: staticmethod(f),
 mp=lambda: types.MappingProxyType({1:L()}), namespace=lambda: types.SimpleNamespace(a=L()), meth=lambda: types.MethodType(f,L()),
 sl=lambda: slice(L(),L()), st=lambda: set(L([1])), fs=lambda: frozenset(L([1])), ig=lambda: operator.itemgetter(1,2), ag=lambda: operator.attrgetter('a.b','c'), mc=lambda: operator.methodcaller('a',L(),k=L()),
 wr=lambda: weakref.ref(f,L), wp=lambda: weakref.proxy(f,f), cv=lambda: contextvars.copy_context(), ga=lambda: list[L], un=lambda: list|L, gen=lambda: (x for x in L()), lc=lambda: [L() for x in range(2)],
 dct=lambda: dict(L()), dct2=lambda: dict(a=L()), dcfk=lambda: dict.fromkeys(L([1,2])), fn=lambda: types.FunctionType(f.__code__,{}), sup=lambda: super(L,L()), cell=lambda: types.CellType(L()), mod=lambda: types.ModuleType('x'),
 exc=lambda: ValueError(L()), eg=lambda: ExceptionGroup('x',[ValueError(L())]), cls=lambda: type('C',(),{'a':L()}), 
 memv=lambda: memoryview(bytearray(2))[:1], dk=lambda: {}.keys(), cmp=lambda: functools.cmp_to_key(f)(L()), sio=lambda: io.StringIO(), bio=lambda: io.BytesIO(), br=lambda: io.BufferedReader(io.BytesIO()),
 mt=lambda: re.match('a','aa'), iterIt=lambda: map(f,It()), sorted=lambda: sorted(L([2,1])), tup=lambda: tuple(It()), lis=lambda: list(It()), dqi=lambda: iter(collections.deque()), dqr=lambda: reversed(collections.deque()), odi=lambda: iter(collections.OrderedDict(a=1)), odit=lambda: iter(collections.OrderedDict(a=1).items()), 
 rng=lambda: iter(range(3)), str=lambda: iter('abc'), cb=lambda: iter(It()), 
 spl=lambda: operator.length_hint(L()), td=lambda: collections.UserDict(a=L()), cmn=lambda: collections.ChainMap(L()), nt=lambda: collections.namedtuple('P','x')(L()),
 pm=lambda: functools.partialmethod(f,L()), cp=lambda: functools.cached_property(f), sd=lambda: functools.singledispatch(f),
)
def show(t,k):
    print(k, t, [type(o).__name__ for o in gc.get_objects(0)])
def go(k, fn):
    for _ in range(2):
        gc.collect()
        try:
            x = fn()
        except Exception as e:
            print(k, type(e), e); return
        if _: show(0,k)
        if hasattr(x,'__next__'):
            try: y=next(x)
            except StopIteration: pass
            if _: show('next',k)
            y=None
            try: y=next(x)
            except StopIteration: pass
            if _: show('next2',k)
        gc.collect(0)
        if _: print(k, 1, [type(o).__name__ for o in gc.get_objects(1)])
for k, fn in cases.items(): go(k, fn)

class Wrapped:
    def __new__(cls): "text"; return object.__new__(cls)
    def __init_subclass__(cls): pass
    def __class_getitem__(cls, a): pass
    @staticmethod
    def static(): "text"

for name in ("__new__", "__init_subclass__", "__class_getitem__", "static"):
    print(name, vars(Wrapped)[name].__dict__)
