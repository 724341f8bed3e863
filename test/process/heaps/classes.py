L=[]
for i in range(300):
    ns={f"m{j}": (lambda self, j=j: j) for j in range(i%20)}
    ns["__doc__"]="doc %d"%i
    if i%3==0: ns["__slots__"]=tuple(f"s{j}" for j in range(i%7))
    L.append(type(f"C{i}",(),ns))
O=[c() for c in L]
for i,o in enumerate(O):
    if hasattr(o,"__dict__"):
        for k in range(i%12): setattr(o,f"a{k}",k)
class M(type):
    def __prepare__(n,b): return {"z":1}
class D(metaclass=M):
    def f(self): return super().f()
    @property
    def p(self): return 1
    @classmethod
    def c(cls): pass
    @staticmethod
    def s(): pass
class L2(list): __slots__=("a",)
class D2(dict): pass
class T2(tuple): pass
class I2(int): pass
class St2(str): pass
class B2(bytes): pass
subs=[L2([1,2]), D2(a=1), T2((1,2)), I2(5), I2(10**50), St2("abc"), St2("é€"), B2(b"x"), type("F",(float,),{})(1.5), type("BA",(bytearray,),{})(b"abc"), type("Se",(set,),{})([1,2]), type("Fs",(frozenset,),{})(range(20)), type("E",(Exception,),{})(1), type("Co",(complex,),{})(1)]
for s in subs:
    try: s.zz=1
    except AttributeError: pass
St2("")
empty=St2("")
