def mk(n):
    x=[n]
    def f(): nonlocal x; x=x+[1]; return x
    def g(): return x,f
    return f,g
L=[mk(i) for i in range(300)]
for f,g in L: f(); g()
cells=[f.__closure__ for f,g in L]
import sys
b=[L[0][0].__get__(1), "".join, [].append, (1).__add__, int.__add__, dict.fromkeys, {}.get, type.__dict__["__name__"], int.__dict__["real"]]
b+= [property(mk), classmethod(mk), staticmethod(mk), super(type,type), list[int], int|str, type(list[int]), dict[str,list[int]]]
