"""cmath: all functions at special values and near them, to 13 digits; errors and conversions."""
import cmath, math
def show(r): return "(" + ", ".join(map(show,r)) + ")" if type(r) is tuple else "%.13g" % r if type(r) is float else "%s %s" % (show(r.real),show(r.imag)) if type(r) is complex else repr(r)
def t(f,*a,**k):
    try: r=f(*a,**k)
    except BaseException as e: r=f"{type(e).__name__}: {e}"
    print(getattr(f,"__name__",f),a,k, show(r))
vals=[0.0,-0.0,0.5,-1.0,1.0,-3.7,1e-320,1e300,710.0,math.inf,-math.inf,math.nan]
for n in "acos acosh asin asinh atan atanh cos cosh exp log log10 phase polar sin sinh sqrt tan tanh isnan isinf isfinite".split():
    for x in vals:
        for y in vals:
            if n not in ('cos','cosh','exp','sin','sinh','tan','tanh') or abs(x)+abs(y)<1e3 or math.isinf(x) or math.isinf(y): t(getattr(cmath,n),complex(x,y))
for x in vals:
    for y in vals:
        if abs(y)<1e3 or math.isinf(y): t(cmath.rect,x,y)
    t(cmath.log,x,2); t(cmath.log,2,x); t(cmath.log,0,x); t(cmath.log,x,0)
class C:
    def __complex__(self): return 3+4j
class F:
    def __float__(self): return 2.0
class X:
    def __complex__(self): return 1
class Y: pass
for v in C(),F(),X(),Y(),"1",None,10**400,True,[]:
    try: print(show(cmath.sqrt(v)), show(cmath.polar(v)))
    except Exception as e: print(type(e).__name__,str(e))
t(cmath.isclose,1,1+1e-10j); t(cmath.isclose,1,2,rel_tol=-1); t(cmath.isclose,math.inf,math.inf); t(cmath.isclose,1,1.1,abs_tol=.2); t(cmath.isclose,1); t(cmath.isclose,math.nan,1); t(cmath.sqrt); t(cmath.log,1,2,3)
print(cmath.pi,cmath.e,cmath.tau,cmath.inf,cmath.infj,cmath.nan,cmath.nanj,[n for n in dir(cmath) if n[0]!='_'])
