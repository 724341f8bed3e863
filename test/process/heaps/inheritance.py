class A: pass
class B(A): pass
class C(A): pass
class D(B,C): 
    __slots__=()
    def __init_subclass__(cls, **k): pass
class E(D, x=1): pass
for i in range(100):
    class Tmp(E): a=i
A.__bases__; A.__subclasses__(); 
D.__abc=1
Tmp.__name__="Renamed"; Tmp.__qualname__="Q.Renamed"
class En:
    def __set_name__(self,o,n): self.n=n
class Own: e=En(); f=En()
import gc
gc.collect()
class Desc:
    def __get__(self,o,t): return self
    def __set__(self,o,v): pass
class U: d=Desc()
U().d=1
