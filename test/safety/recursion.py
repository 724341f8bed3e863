# Recursion through native code of every kind, without end: RecursionError from each, wherever the stack ends.
import sys
sys.setrecursionlimit(100000)
seen = []
def test(f):
    try: f()
    except RecursionError: seen.append(f.__name__)
class A:
    def __add__(s, o): return s + o
    def __eq__(s, o): return s == o
    def __getattr__(s, n): return getattr(s, n + 'x')
    def __call__(s, *a, **k): return s(*a, **k)
    def __repr__(s): return repr([s, A()])
    def __str__(s): return f'{s!s:>10}'
    def __format__(s, f): return format(s, f)
    def __hash__(s): return hash((s, 1))
    def __iter__(s): return iter(s)
    def __next__(s): return next(s)
    def __len__(s): return len(s)
    def __bool__(s): return bool(s)
    def __contains__(s, x): return x in s
    def __getitem__(s, i): return s[i]
    def __index__(s): return [1][s]
    def __int__(s): return int(s)
    def __enter__(s):
        with s: pass
    def __exit__(s, *a): pass
    def __instancecheck__(s, x): return isinstance(x, s)
a = A()
def add(): a + a
def eq(): a == a
def ga(): a.x
def call(): a(1, k=2)
def rep(): repr(a)
def st(): str(a)
def fm(): format(a, 'x')
def hs(): hash(a)
def it(): iter(a)
def nx(): next(a)
def mp(): 
    def k(x): return sorted([1, 2], key=k)
    sorted([1, 2], key=k)
def mm():
    def k(x): return list(map(k, [x]))
    k(1)
def mx():
    def k(x): return max([1, 2], key=k)
    k(1)
def ev():
    s = "eval(s, {'s': s})"
    eval(s, {'s': s})
def idx(): [1][a]
def ii(): int(a)
def wi():
    with a: pass
def isi(): isinstance(1, a)
def ct(): 1 in a
class D:
    def __get__(s, o, t): return o.d
    def __set__(s, o, v): o.d = v
class B: d = D()
def dg(): B().d
def ds(): B().d = 1
def gen():
    def g():
        yield from g()
    list(g())
def nested():
    o = ()
    for i in range(100000): o = map(len, o)
    next(o)
def nest2():
    o = []
    for i in range(100000): o = [o]
    repr(o)
def nest3():
    o = []; p = []
    for i in range(100000): o = [o]; p = [p]
    o == p
def exc():
    def f():
        try: raise ValueError
        except ValueError: return eval('f()', {'f': f})
    f()
def sup():
    class P:
        def m(s): return super(P, s).__getattribute__('m')()
    P().m()
def met():
    class M(type):
        def __call__(c, *a): return c(*a)
        def __getattr__(c, n): return getattr(c, n)
    class C(metaclass=M): pass
    C()
def mk():
    def f():
        class C:
            def __init_subclass__(c, **k): f()
        class E(C): pass
    f()
def prop():
    class P:
        @property
        def x(s): return getattr(s, 'x')
    P().x
def fmt2():
    class F:
        def __format__(s, x): return '{:{}}'.format(s, x)
    format(F())
def pct():
    class F:
        def __str__(s): return '%s' % s
    str(F())
def jn():
    class F:
        def __iter__(s): return iter([''.join(s)])
    ''.join(F())
def srt():
    class F:
        def __lt__(s, o): return sorted([s, o])
    sorted([F(), F()])
def dct():
    class F:
        def __hash__(s): return 1
        def __eq__(s, o): return {s: 1}[o]
    {F(): 1}[F()]
for f in (add, eq, ga, call, rep, st, fm, hs, it, nx, mp, mm, mx, ev, idx, ii, wi, isi, ct, dg, ds, gen, nested, nest2, nest3, exc, sup, met, mk, prop, fmt2, pct, jn, srt, dct): test(f)
print(len(seen), 'of', 35)
