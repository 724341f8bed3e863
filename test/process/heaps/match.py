class Pt:
    __match_args__=("x","y")
    def __init__(s,x,y): s.x=x; s.y=y
def f(o):
    match o:
        case [1,*r]: return r
        case {"a":x,**rest}: return rest
        case Pt(x=0): return 0
        case Pt(a,b): return a,b
        case str()|bytes(): return "s"
        case _: return None
R=[f(o) for o in ([1,2,3],{"a":1,"b":2},Pt(0,1),Pt(3,4),"x",b"y",5)]
with open(__file__) as fh: data=fh.read()
def deco(f): return lambda *a: f(*a)
@deco
def q(): return [i for i in range(10)]
q()
w={**{"a":1}, "b":[*range(5), *"ab"]}
print(*range(3), sep="")
assert f
x=y=z=[]
(a,*b),c=[1,2,3],4
del b
