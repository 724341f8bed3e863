"""math where results are exact, and its errors; errno."""
import math, errno
def t(f,*a,**k):
    try: print(f.__name__, f(*a,**k))
    except BaseException as e: print(f.__name__, type(e).__name__, e)
vals=[0.0,-0.0,0.5,1,-1,2.5,-3.7,10,100,1e-5,700.5,1e300,-1e300,float("inf"),float("-inf"),float("nan"),2**70,10**400,True]
for n in "ceil fabs floor frexp isfinite isinf isnan isqrt modf radians sqrt trunc ulp".split():
    for v in vals: t(getattr(math,n),v)
for n in "acos acosh asin asinh atan atanh cos exp log log10 log1p log2 sin tan".split():
    for v in [0.0, 1, -2, float("inf"), float("-inf"), float("nan"), -1e300]:
        if not (v in (1, -2, -1e300) and n in ("atan", "asinh", "sin", "cos", "tan", "acosh", "log1p", "exp")): t(getattr(math,n),v)
for n in "copysign fmod remainder pow hypot nextafter".split():
    for x in [0.0,-0.0,1,-1,2.5,-3.7,5,float("inf"),float("nan"),1e308]:
        for y in [0.0,-0.0,1,-1,3,0.5,-2,float("inf"),float("-inf"),float("nan")]: t(getattr(math,n),x,y)
t(math.ldexp,1.5,4); t(math.ldexp,1.5,4000); t(math.ldexp,1.5,-4000); t(math.ldexp,1,1.5); t(math.ldexp,5e-324,10)
t(math.fsum,[0.1]*10); t(math.fsum,[1e16,1,1e-16]); t(math.fsum,[1e308,1e308,-1e308]); t(math.fsum,[float("inf"),-float("inf")]); t(math.fsum,[]); t(math.fsum,["a"]); t(math.fsum,[1e-16,1,1e16]); t(math.fsum, [.1*i for i in range(1000)])
t(math.hypot,3,4); t(math.hypot,1,2,3); t(math.hypot); t(math.hypot,1e200,1e200); t(math.hypot,1e-200,1e-200); t(math.dist,(1,2),(4,6)); t(math.dist,[1],[1,2]); t(math.prod,[1,2,3]); t(math.prod,[1.5,2],start=2); t(math.prod,[])
t(math.gcd,12,18); t(math.gcd); t(math.gcd,2**100,2**90*3); t(math.lcm,4,6); t(math.lcm); t(math.lcm,0,5); t(math.gcd,1.5); t(math.isqrt,10**40); t(math.isqrt,2**64-1); t(math.isqrt,-1)
t(math.factorial,20); t(math.factorial,50); t(math.factorial,-1); t(math.factorial,1.5); t(math.comb,50,25); t(math.comb,5,7); t(math.comb,-1,2); t(math.perm,5,2); t(math.perm,5); t(math.perm,5,None); t(math.comb,100,50); t(math.comb,5)
t(math.isclose,1,1+1e-10); t(math.isclose,1,2); t(math.isclose,1,1.1,rel_tol=.2); t(math.isclose,1,2,abs_tol=-1); t(math.log,8,2); t(math.log,0); t(math.log,10,0); t(math.log,2,1); t(math.nextafter,1,2,steps=3)
print(math.pi,math.e,math.tau,math.inf,math.nan, errno.errorcode[2], errno.EAGAIN, len(errno.errorcode), errno.errorcode[11], errno.errorcode[95])
for f in math.gamma, math.lgamma:
    for v in [0.0,-0.0,1,2,3,-1,-2,23,172,-200.5,float("inf"),float("-inf"),float("nan"),1e308,5e-324,"a",10**400]: t(f,v)
    for v in [0.5,-0.5,1e-19,-1.5,3.7,4.999,5.001,33.3,139.9,140.1,171.6,-150.5,1e-300]: print(f.__name__, v, "%.13g" % f(v))
for f in math.erf, math.erfc, math.cbrt, math.tanh, math.sinh, math.cosh, math.expm1, math.exp2:
    for v in [0.0,-0.0,0.1,-0.3,0.84,1,-1.2,1.3,2.8,-2.9,5.9,-6.5,27.3,30,1e-20,5e-324,710,711,-27,1e300,float("inf"),float("-inf"),float("nan"),"a"]: t(f,v)
for x,y,z in [(.1,10,-1),(1e308,10,0),(1e308,10,-math.inf),(math.inf,0,1),(math.inf,0,math.nan),(5e-324,.5,5e-324),(-5e-324,.5,0.0),(1e-170,1e-170,-1e-340),(1+2**-30,1+2**-30,-1-2**-29),(1e16,1,1e-16),(2,3,math.inf)]: t(math.fma,x,y,z)
t(math.fma,1,2); t(math.fma,1,"a",2); t(math.fma,0.0,-1,-0.0); t(math.fma,-0.0,-1,-0.0)
t(math.sumprod,[1,2.0,3],[4,5,6]); t(math.sumprod,[1]*3,[1]*4); t(math.sumprod,[2**62]*5,[3]*5); t(math.sumprod,[True,2**2000],[1.5,2.5]); t(math.sumprod,[],[]); t(math.sumprod,["a"],[3]); t(math.sumprod,[1],1)
t(math.sumprod,[10,20,30],[math.inf,1,-math.inf]); t(math.sumprod,[2**63-1,-1],[1,-2**63]); t(math.sumprod,[0.1]*10,[True,False]*5); t(math.sumprod,[1e308,1e308],[10,-10]); t(math.sumprod,[1e16,1,-1e16],[1,1e-5,1]); t(math.sumprod,["a",(1,)],[3,2])
class Stop:
    def __init__(self,n,e): self.n,self.e=n,e
    def __iter__(self): return self
    def __next__(self):
        self.n-=1
        if self.n<0: raise self.e
        return self.n
t(math.sumprod,Stop(3,StopIteration),[1,2,3]); t(math.sumprod,Stop(2,ValueError("x")),[1,2,3]); t(math.sumprod,[1.5,2],Stop(2,StopIteration)); t(math.sumprod,[1.5,2],Stop(1,KeyError(1)))
for s in 0,1,10**18,2**63+5,2**64-1,2**70,-1,True,None,1.5:
    for a,b in [(0.0,-0.0),(-1.0,1.0),(-1e308,1e308),(math.nan,1),(1,math.nan),(-0.0,5e-324),(-5e-324,3.0),(3.0,-math.inf)]: t(math.nextafter,a,b,steps=s)
t(math.ldexp,1.9999999999999998,-1075); t(math.ldexp,1.5*2**-100,-1000); t(math.hypot,5e-324,5e-324,5e-324); t(math.hypot,1e-310,2e-310); t(math.dist,[1.5,math.nan],[math.inf,1])
