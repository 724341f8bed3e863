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
