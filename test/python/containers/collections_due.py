"""How many collections an operation makes due, for each threshold: what it allocates while it runs, tuples of arguments and bound
methods too."""
import gc, copy, copyreg, sys, types, functools, itertools, operator, weakref, collections
N=0
def cb(phase,info):
    global N
    if phase=="start": N+=1
gc.callbacks.append(cb)
class W:
    __slots__ = "name", "x", "__weakref__", "__dict__"
    def __init__(self, name=0): self.name = name
    def m(self,*a,**k): return None
class P:
    def __init__(self, name=0): self.name = name
    def m(self,*a,**k): return None
    def k(self,a=1,*,b=2): return None
class S:
    __slots__ = "name", "x"
    def __init__(self, name=0): self.name = name
class G:
    def __getattr__(self,n): raise AttributeError(n)
class H:
    def __getattr__(self,n): return n
class It:
    def __iter__(self): return self
    def __next__(self): raise StopIteration
class E:
    def __eq__(self,o): return True
    __hash__=None
class D(dict):
    def __missing__(self,k): return 1
class Ctx:
    def __enter__(self): return 1
    def __exit__(self,*a): return True
w=W(); p=P(); s=S(); g=G(); h=H(); d={'a':1}; dd=D(); l=[1,2,3]; e=E()
def raiser(): raise ValueError(1)
def rec(*a,**k): return None
def kw(a,b=2,*,c=3): return None
def gen():
    yield 1
    yield 2
def f(a=1,b=2): return None
def tryexc():
    try: raiser()
    except ValueError: pass
def trykey():
    try: d['zz']
    except KeyError: pass
def trysub():
    try: l[9]
    except IndexError: pass
def tryattr():
    try: p.zz
    except AttributeError: pass
def with_():
    with Ctx() as c: pass
def withx():
    with Ctx() as c: raise ValueError
def unpack():
    a,*b=l; return b
def forit():
    for x in It(): pass
def fordict():
    for x in d: pass
def foritems():
    for k,v in d.items(): pass
def forenum():
    for i,x in enumerate(l): pass
def forzip():
    for i,x in zip(l,l): pass
def match():
    match l:
        case [a,b,*c]: pass
    match d:
        case {'a':x,**r}: pass
    match p:
        case P(name=n): pass
def sl():
    m=l[:]; m[1:2]=[3,4]; del m[0]
def closure():
    a=1
    def i(): return a
    return i()
def comp(): return [x for x in l]
def genx(): return list(x for x in l)
def fstr(): return f"{d!r} {l} {1.5:.3f}"
def cls():
    class C: pass
def deco():
    @functools.lru_cache
    def i(): pass
    i()
def starcall(): rec(*l,**d)
def starcall2(): kw(*(1,2),**{'c':3})
import io,time,json,re,struct,random,math,datetime,decimal,fractions,heapq,bisect,pickle,marshal,array,string,textwrap,enum,dataclasses,contextlib,threading,contextvars,abc,inspect,asyncio,os
o=io.StringIO(); l2=['a','b']; td=None
eg=ExceptionGroup('x',[ValueError(1)])
class W2(int): pass
class W3(str): pass
class W4(float): pass
class W5(tuple): pass
class W6(list): pass
class W7(dict): pass
class P0: pass
p0=P0()
class enum_(enum.Enum): A=1
@dataclasses.dataclass
class dc:
    a:int
    b:int
nt=collections.namedtuple('nt','a b')
lru=functools.lru_cache(rec)
class CP:
    @functools.cached_property
    def x(self): return 1
cprop=CP()
@contextlib.contextmanager
def ctxm_(): yield
def ctxm():
    with ctxm_(): pass
cv=contextvars.ContextVar('cv')
class abc_(abc.ABC): pass
abc_.register(int)
ops = {n:o for n,o in globals().items() if callable(o) and isinstance(o,types.FunctionType) and n not in('cb','t','raiser','gen','rec','kw','f')}
for src in """getattr(W,'__copy__',None)
getattr(w,'zz',None)
getattr(g,'zz',None)
getattr(h,'zz',None)
hasattr(w,'zz')
hasattr(W,'zz')
hasattr(g,'zz')
getattr(l,'zz',None)
getattr(sys,'zz',None)
d.get('zz')
d.get(W)
copyreg.dispatch_table.get(W)
issubclass(W,type)
isinstance(w,type)
d.setdefault('a',1)
d.pop('zz',1)
dd['zz']
w.m()
w.m(1,2)
w.m(a=1)
p.k(b=3)
p.k(1)
P()
P(1)
P(name=1)
W(1)
S(1)
object()
list()
list(l)
list((1,2))
tuple(l)
tuple(list())
set(l)
frozenset(l)
dict()
dict(a=1)
dict(d)
dict([(1,2)])
dict(zip(l,l))
str(1)
str(l)
repr(d)
repr(p)
'%s %r' % (1,l)
'%s' % l
'{} {a}'.format(1,a=l)
format(1.5,'.3f')
'a b c'.split()
','.join(['a','b'])
','.join(str(x) for x in l)
'abc'.replace('a','b')
'a,b'.partition(',')
'abc'.translate({97:98})
sorted(l)
sorted(l,key=lambda x:-x)
l.copy()
l+l
l*2
l.index(2)
l==[1,2,3]
l.__eq__(l)
min(l)
min(1,2)
max(l,key=abs)
sum(l)
sum(l,0.0)
any(l)
all(l)
len(l)
abs(1)
divmod(7,2)
pow(2,3)
pow(2,3,5)
round(1.5)
round(1.567,2)
int('12')
int(1.5)
int.from_bytes(b'ab','big')
(5).to_bytes(2,'big')
float('1.5')
complex(1,2)
bytes(l)
bytes([1])
bytearray(b'a')
bytearray(3)
memoryview(b'abc')
memoryview(b'abc')[1:]
b'ab'.hex()
b'a b'.split()
range(3)
range(1,2,3)
list(range(3))
slice(1,2)
enumerate(l)
zip(l,l)
map(abs,l)
list(map(abs,l))
filter(None,l)
reversed(l)
iter(l)
iter(f,None)
next(iter(l))
next(iter([]),None)
next(gen())
list(gen())
gen().close()
type(p)
type('C',(),{})
super(P,p)
property(f)
staticmethod(f)
classmethod(f)
vars(p)
vars(P)
id(p)
hash((1,2))
callable(p)
globals()
locals()
setattr(p,'q',1)
p.__setattr__('q',1)
p.__getattribute__('name')
object.__getattribute__(p,'name')
object.__setattr__(p,'q',1)
p.__dict__.get('q')
p.__reduce_ex__(2)
p.__reduce_ex__(4)
s.__reduce_ex__(4)
p.__sizeof__()
sys.getsizeof(p)
sys.getrefcount(p)
sys._getframe()
sys.exc_info()
weakref.ref(p)
weakref.ref(p,rec)
weakref.proxy(p)
weakref.WeakSet()
weakref.WeakValueDictionary()
weakref.finalize(p,rec)
copy.copy(l)
copy.copy(d)
copy.copy(p)
copy.copy(w)
copy.deepcopy(l)
copy.deepcopy(d)
copy.deepcopy(p)
copy.copy(ValueError(1))
functools.partial(f,1)
functools.partial(f,1)()
functools.partial(f,a=1)()
functools.reduce(operator.add,l)
functools.cmp_to_key(rec)
operator.itemgetter(1)(l)
operator.itemgetter(1,2)(l)
operator.attrgetter('name')(p)
operator.methodcaller('m')(p)
operator.methodcaller('m',1,a=2)(p)
operator.add(1,2)
collections.deque(l)
collections.deque(l,2)
collections.OrderedDict(a=1)
collections.defaultdict(list)['a']
collections.Counter('aab')
collections.ChainMap(d)['a']
itertools.chain(l,l)
list(itertools.chain(l,l))
list(itertools.islice(l,2))
list(itertools.product(l,l))
list(itertools.permutations(l,2))
list(itertools.combinations(l,2))
list(itertools.groupby(l))
list(itertools.accumulate(l))
list(itertools.zip_longest(l,l))
list(itertools.tee(l))
list(itertools.pairwise(l))
list(itertools.batched(l,2))
list(itertools.starmap(pow,[(1,2)]))
types.SimpleNamespace(a=1)
types.MappingProxyType(d)
types.MethodType(f,1)()
types.ModuleType('x')
types.FunctionType(f.__code__,{})
ValueError(1)
OSError(1,'a')
OSError(2,'a','b')
KeyError('a')
StopIteration(1)
ExceptionGroup('x',[ValueError(1)])
ExceptionGroup('x',[ValueError(1)]).split(ValueError)
ValueError(1).with_traceback(None)
list[int]
list[int][()]
dict[str,int]
int|str
list[int]|None
{1,2}|{3}
{1}<{1,2}
{1,2}-{1}
d|{'b':1}
[*l,1]
(*l,1)
{*l}
{**d}
lambda:0
(x for x in l)
[lambda:x for x in l]
{x:x for x in l}
l[0:2]
l[::2]
(1,2)+(3,)
[1,2]<[1,3]
p is p
l in [l]
e==1
not e
ValueError(1).__reduce__()
ValueError(1).__reduce_ex__(4)
ValueError(*(1,))
P(*(1,))
P(*(),name=1)
P(**d) if 0 else kw(**{'a':1})
w.m(**d)
w.m(1,**d)
rec(*l)
print(*l,file=o)
print(end='',file=o)
print(1,file=o)
io.StringIO()
io.BytesIO()
__import__('io')
o.write('a')
o.getvalue()
eg.split(ValueError)
eg.subgroup(ValueError)
eg.derive([ValueError(1)])
type.__call__(P)
P.__call__()
dir(P)
dir()
dir(l)
abs.__call__(1)
len.__call__(l)
l.append.__call__(1)
int.__new__(int,1)
int.__new__(W2,1)
W2(1)
W3('a')
W4(1.5)
W5((1,2))
W6([1])
W7({1:2})
type.mro(P)
P.__subclasses__()
super(W2,W2(1)).__init__()
sys.modules.get('a')
vars(P).get('x')
P.__dict__
P.__name__
P.__mro__
P.__doc__
p.__class__
p.__doc__
p.__module__
p.m
p.m.__func__
f.__defaults__
f.__kwdefaults__
f.__closure__
f.__globals__
f.__annotations__
f.__name__
json.dumps(d)
json.loads('{"a":[1]}')
re.compile('a').match('ab')
re.sub('a','b','ab')
re.findall('a','ab')
re.split(',','a,b')
struct.pack('i',1)
struct.unpack('i',b'abcd')
math.floor(1.5)
math.gcd(4,6)
math.log(2.0,3)
datetime.datetime(2020,1,1)
datetime.timedelta(1)
datetime.date(2020,1,1).isoformat()
decimal.Decimal('1.5')+1
fractions.Fraction(1,2)
heapq.heappush([],1)
bisect.bisect([1,2],1)
pickle.dumps(l)
marshal.dumps(l)
array.array('i',[1,2])
str.maketrans('a','b')
''.join(l2)
enum_.A
enum_(1)
dc(1,2)
dc(1,2)==dc(1,2)
repr(dc(1,2))
nt(1,2)
nt(1,2)._replace(a=3)
nt(1,2)._asdict()
td
collections.deque(l).append(1)
collections.OrderedDict(a=1).move_to_end('a')
collections.Counter('aab').most_common(1)
lru(1)
cprop.x
contextlib.suppress(ValueError)
ctxm()
threading.Lock()
threading.RLock()
contextvars.ContextVar('x')
contextvars.copy_context()
cv.set(1)
cv.get()
types.new_class('X')
abc_()
isinstance(1,abc_)
issubclass(int,abc_)
""".splitlines():
    try: ops[src]=eval('lambda: '+src)
    except SyntaxError: print(src)
def t(op):
    global N
    for _ in range(10): op()
    r=[]
    for n in range(1,15):
        gc.set_threshold(0); gc.collect(); 
        N=0
        gc.set_threshold(n,1000,1000)
        x=op()
        m=N
        gc.set_threshold(0)
        r.append(m); x=None
    return r
gc.collect()
gc.freeze()
for n,o in ops.items():
    try: print(n, t(o))
    except Exception as ex: print(n,type(ex),ex)
