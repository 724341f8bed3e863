"""Arguments of native functions: keywords that are too many or no names, those of function(), large bounds."""
import itertools, bisect, sys, types
def t(f):
    try: print(f())
    except BaseException as e: print(type(e).__name__, e)
t(lambda: itertools.product(0, repeat=1, foo=2))
t(lambda: itertools.product(0, foo=2))
t(lambda: itertools.zip_longest(0, foo=2))
t(lambda: print(0, sep=1, end=2, file=3, flush=4, foo=5))
t(lambda: print(0, sep=1, edn=2))
class BadStr(str):
    def __eq__(self, o): return True
    def __hash__(self): return 17
t(lambda: print(0, 1, **{BadStr('foo'): ','}))
t(lambda: round(1.75, **{BadStr('foo'): ','}))
t(lambda: itertools.count(1j))
def ex(a, /, b, *, c): return a+b+c
F = types.FunctionType
t(lambda: F(ex.__code__, {}, "func", (1,2), None, {'c':3})())
t(lambda: F(ex.__code__, {}, name="func", argdefs=(1,2), kwdefaults={'c':3})())
t(lambda: F(ex.__code__, {}, "func", 1, None, {'c':3})())
t(lambda: F(ex.__code__, {}, "func", None, None, 3)())
t(lambda: F(ex.__code__, {}, "func", None, 4, 3)())
t(lambda: F(ex.__code__, {}, 4, 4, 4, 3)())
t(lambda: F(ex.__code__, 1))
t(lambda: F(ex.__code__, None))
t(lambda: F(None, None))
t(lambda: F(ex.__code__))
t(lambda: F())
t(lambda: F(1,2,3,4,5,6,7))
t(lambda: F(1,2,kwdefault=3))
n = sys.maxsize
t(lambda: bisect.bisect_left(range(n-1), n-3))
t(lambda: bisect.bisect_right(range(n-1), n-3, n-10, n))
t(lambda: bisect.bisect_right(range(n-1), n-3, n-10, n+10))
t(lambda: bisect.bisect_right(range(n-1), n-3, n+10))
t(lambda: bisect.bisect_right(range(n-1), n-3, -1))
t(lambda: bisect.bisect_right([1,2,3], 2, 0, -2))
t(lambda: bisect.bisect_right([1,2,3], 2, 0, 'a'))
t(lambda: bisect.bisect_right([1,2,3], 2, 'a', 'a'))
t(lambda: bisect.bisect_right([1,2,3], 2, 0, 10))
t(lambda: bisect.bisect_right([1,2,3], 8, 0, n))
class Range:
    def __init__(s,a,b): s.start,s.stop=a,b; s.last=None
    def __len__(s): return s.stop-s.start
    def __getitem__(s,i):
        n = s.stop-s.start
        if i<0: i+=n
        if i>=n: raise IndexError(i)
        return s.start+i
    def insert(s,i,x): s.last=(i,x)
d = Range(0,n-1)
t(lambda: bisect.bisect_left(d, n-3))
bisect.insort_right(d, n-200, n-250, n-150); print(d.last)
# Names of modules that stand for tables of C.
from types import *
import _socket, _datetime, gc
for capsule in _socket.CAPI, _datetime.datetime_CAPI:
    print(type(capsule) is CapsuleType, str(capsule).split(" at ")[0], gc.is_tracked(capsule))
t(CapsuleType)
