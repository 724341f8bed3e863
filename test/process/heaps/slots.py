class S: __slots__=("a","b","c","d")
L=[S() for i in range(1000)]
for i,s in enumerate(L):
    for n in "abcd"[:i%5]: setattr(s,n,[i])
del L[::2]
class V(tuple): pass
vs=[V(range(i)) for i in range(50)]
for v in vs: v.x=1
class IT(int): pass
its=[IT(10**i) for i in range(50)]
for v in its: v.y=2
class BB(bytes): pass
bs=[BB(b"x"*i) for i in range(50)]
for v in bs: v.z=3
class TT(type): pass
ts=[TT("x",(),{"__slots__":("q",)}) for i in range(20)]
