"""Numbers at edges: floats and ints of 64 bits compared, conversions that return subclasses, keywords of subclasses."""
import operator, warnings
for i in 61,62,63,64,65:
    for d in -1,0,1:
        for s in 1,-1:
            n=s*(2**i+d); f=float(n); print(n==f, n<f, n>f, f==n, f<n, int(f)==f, hash(int(f))==hash(f))
class F(float): pass
class I(int): pass
class G:
    def __float__(self): return F(42)
    def __int__(self): return I(7)
    def __index__(self): return I(8)
g=G()
def t(f,*a,**k):
    with warnings.catch_warnings(record=True) as w:
        warnings.simplefilter("always")
        try: r=f(*a,**k); print(type(r).__name__,r,[(i.category.__name__,str(i.message)) for i in w])
        except Exception as e: print(type(e).__name__,e)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try: print(type(f(*a,**k)).__name__)
        except BaseException as e: print(type(e).__name__,e)
t(float,g); t(int,g); t(operator.index,g); t(range,g); t(hex,g); t(float,I(3)); t(int,F(2.5))
class S(float): pass
class K(float):
    def __init__(self,value=0,newarg=None): self.n=newarg
class N(float):
    def __new__(cls,v,newarg=None): self=float.__new__(cls,v); self.n=newarg; return self
t(S,newarg=3); t(S,x=1); t(lambda:K(1,newarg=3).n); t(lambda:N(1,newarg=3).n); t(float,x=1)
