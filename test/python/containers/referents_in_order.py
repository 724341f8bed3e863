"""In which order the collector goes through what objects refer to; classes written in C are left out."""
import sys
sys.dont_write_bytecode = True
from holding import *
import asyncio, re, json, datetime, decimal, random, struct, csv
def label(o):
    if isinstance(o, D): return f"D{o.n}"
    if isinstance(o, type): return "type:" + o.__name__ if o.__module__ in ("__main__", "holding") or o.__name__ == "CacheInfo" else None
    if isinstance(o, (int, str)): return repr(o)[:12]
    if isinstance(o, (list, tuple)): return type(o).__name__ + "(" + ",".join(str(label(x)) for x in o) + ")"
    if isinstance(o, dict): return "dict(" + ",".join(str(k)[:9] for k in list(o)[:4]) + ")"
    return type(o).__name__
def show(name, o):
    r = [label(x) for x in gc.get_referents(o)]
    # classes written in C are immortal here and not visited
    r = [x for x in r if not (x is None)]
    print(name, type(o).__name__, r)
def fun(a, b=D(1), *, k=D(2)) -> D(3):
    "doc"
    return fun, a
fun.__type_params__ = ()
fun.attr = D(4)
def outer():
    x, y = D(1), D(2)
    def inner(p=D(3)): return x, y
    return inner
class Meta(type): pass
class Base: pass
class Other: __slots__ = ()
class K(Base, Other, metaclass=Meta):
    held = D(1)
    __slots__ = ("s", "t")
class KD(Base):
    x = D(1)
    def m(self): return __class__
def gen(a, b):
    c = D("c")
    with D("w"):
        yield a
async def co(a):
    await CoA()
class CoA:
    def __await__(self): yield
async def ag(a):
    yield a
def frame(a, b):
    c = D("c"); z = lambda: c
    return sys._getframe()
k = K(); k.s = D("s"); k.t = D("t")
kd = KD(); kd.b = D("b"); kd.a = D("a"); kd2 = KD(); kd2.a = D("a2"); kd2.z = D("z"); kd2.__dict__
class SL(list): pass
class SD(dict): pass
class ST(tuple): pass
class SS(set): pass
class SDQ(collections.deque): pass
class SEX(Exception): pass
class SF(weakref.ref): __slots__ = "x",
class PSUB(functools.partial): pass
class OD2(collections.OrderedDict): pass
sl = SL([D(1), D(2)]); sl.x = D("x"); sd = SD(a=D(1)); sd.x = D("x"); st = ST((D(1), D(2))); st.x = D("x")
ss = SS([D(1)]); ss.x = D("x"); sdq = SDQ([D(1), D(2)]); sdq.x = D("x"); od2 = OD2(a=D(1), b=D(2)); od2.x = D("x")
sf = SF(fun, D("cb")); sf.x = D("x")
ps = PSUB(D(0), D(1), k=D(2)); ps.x = D("x")
def err():
    loc = D("l")
    try: raise SEX(D(1), D(2))
    except SEX as e: c = e
    raise ValueError(D(3)) from c
try: err()
except ValueError as e: exc = e
exc.add_note("n"); exc.x = D("x")
g = gen(D("a"), D("b")); next(g)
g2 = gen(D("a"), D("b"))
c = co(D("a")); c.send(None)
a = ag(D("a")); an = a.asend(None)
fr = frame(D("a"), D("b"))
lru = functools.lru_cache(maxsize=2)(fun); lru(D(5)); lru(D(6), k=D(7)); lru.x = D("x")
lruN = functools.lru_cache(maxsize=None)(fun); lruN(D(5))
tl = threading.local(); tl.x = D(1)
objs = dict(k=k, kd=kd, kd2=kd2, sl=sl, sd=sd, st=st, ss=ss, sdq=sdq, sf=sf, ps=ps, exc=exc, tb=exc.__traceback__, g=g, g2=g2, gi=(x for x in L(1)), co=c, ag=a, an=an, fr=fr,
  ex=exc.__cause__, lru=lru, lruN=lruN, fun=fun, inner=outer(), od2=od2, K=K, KD=KD, m=kd.m, mod=types.ModuleType("m"), meth=D(1).__call__,
  bm=[].append, d=D, gd=KD.__dict__, mp=types.MappingProxyType({1: D(1)}), gs=Base.__dict__["__dict__"], sup=super(KD, kd), prop=property(D(1), D(2), D(3), D(4)),
  code=fun.__code__, ctx=contextvars.copy_context(), vw={1: D(1)}.values(), ki=iter({1: D(1)}), ii=iter({1: D(1)}.items()), li=iter(L(1)), lri=reversed(L(1)), ti=iter((D(1),)), si=iter({D(1)}),
  dqi=iter(collections.deque([D(1)])), odi=iter(od2), odit=iter(od2.items()), mod2=sys.modules["json"], pat=re.compile("x"), scan=re.compile("x").scanner("x"), match=re.compile("x").match("x"),
  bio=io.BytesIO(b""), sio=io.StringIO(""), enc=json.encoder.c_make_encoder and json.JSONEncoder().iterencode, td=datetime.timedelta(1), tv=__import__("typing").TypeVar("T", D(1), D(2)), ga=types.GenericAlias(D(1), (D(2),)),
  un=int | types.GenericAlias(list, (D(2),)), memb=Base.__dict__["__weakref__"], sl_=slice(D(1), D(2), D(3)), wp=weakref.proxy(fun, D("cb")), cell=types.CellType(D(1)), cm=classmethod(D(1)), sm=staticmethod(fun),
  sq=(lambda q: (q.put(D(1)), q.put(D(2)), q)[2])(queue.SimpleQueue()), ig=operator.itemgetter(D(1), D(2)), mc=operator.methodcaller("x", D(1), k=D(2)), ag_=operator.attrgetter("a"), ns=types.SimpleNamespace(a=D(1)), mv=memoryview(bytearray(2)), dd=collections.defaultdict(D(0), {1: D(1)}), eg=ExceptionGroup("x", [exc]), sys=SystemExit(D(1)), oe=OSError(1, D(2), D(3), None, D(4)), ie=ImportError(D(0), name=D(1), path=D(2)), ae=AttributeError(D(0), name=D(1), obj=D(2)), ne=NameError(D(0), name=D(1)), se=SyntaxError(D(0), (D(1), D(2), D(3), D(4))), stp=StopIteration(D(1)), ue=UnicodeDecodeError("a", b"b", 0, 1, "c"),
  fl=frame(1, 2).f_locals, tok=contextvars.ContextVar("a").set(D(1)), cv=contextvars.ContextVar("b", default=D(2)))
for name, o in objs.items(): show(name, o)
for name in cases:
    # accumulate() has None for what initial is not given.
    if name in ("print", "listclear", "module", "local", "accumulate"): continue
    try: o = cases[name]()
    except Exception: continue
    if o is not None and type(o) not in (list, tuple) or name in ("list", "tuple"): show(name, o)
