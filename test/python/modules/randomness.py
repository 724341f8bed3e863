"""_random: the Mersenne Twister, exactly; seeds of all kinds, states, errors; _statistics."""
import _random, _statistics, math, sys
show=repr
def t(f,*a,**k):
    try: r=f(*a,**k)
    except BaseException as e: r=f"{type(e).__name__}: {e}"
    print(getattr(f,"__name__",f),a,k, show(r))
R=_random.Random
for s in [0,1,-1,2**32,2**100,-2**100,"abc",1.5,None.__class__,10**1000,True,(1,2),2**64-1]:
    try: r=R(s)
    except Exception as e: print(e); continue
    if isinstance(s,type): continue
    print(s if type(s) is not str else s,[r.random() for i in range(3)],[r.getrandbits(k) for k in (1,5,31,32,33,64,100,0)], sum(r.getstate()))
r=R(42); st=r.getstate(); print(len(st),st[:3],st[-1])
for i in range(700): r.random()
a=r.random(); st=r.getstate(); b=[r.random() for i in range(1000)]; r.setstate(st); print(b==[r.random() for i in range(1000)], st[-1])
t(r.getrandbits,-1); t(r.getrandbits,1.5); t(r.getrandbits,2**40); t(r.setstate,[1]); t(r.setstate,(1,)); t(r.setstate,(-1,)*625); t(r.setstate,(1.0,)*625); t(r.setstate,(0,)*624+(625,)); t(r.setstate,(2**64,)*625); t(r.setstate,(0,)*624+(-1,)); t(r.setstate,(2**32+5,)*624+(624,)); print(r.random())
t(R,1,2); t(R,a=1); t(R,[]); t(r.seed,[]); t(r.seed,1,2)
class S(R):
    def __init__(self,*a,**k): pass
print(S(5,6,7,x=1).random()); 
class T(R): pass
t(T,a=1); print(T(3).random(), sys.getsizeof(r))
class I(int):
    def __abs__(self): return "boo"
    def __hash__(self): return 5
print(R(I(-7)).random()==R(7).random())
print(R().random()!=R().random())
for p in [0.5,0.1,0.9,1e-10,1-1e-12,1e-300,0.075,0.925,0.0,1.0,-1,2,math.nan,"a"]: t(_statistics._normal_dist_inv_cdf,p,1.0,2.0)
