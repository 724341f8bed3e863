D={i:str(i) for i in range(100000)}
for i in range(0,100000,3): del D[i]
S=set(range(50000)); 
for i in range(0,50000,2): S.discard(i)
F=frozenset(range(1000))
E=[{} for i in range(500)]
N=[{"a":1,"b":2} for i in range(500)]
K=[{i:{i:{}}} for i in range(200)]
class P:
    def __init__(s,n):
        for i in range(n): setattr(s,f"x{i}",i)
ps=[P(i%40) for i in range(400)]
ds=[p.__dict__ for p in ps[::2]]
for p in ps[::5]: p.q=1
for p in ps[::7]:
    if hasattr(p,"x0"): del p.x0
for p in ps[::11]: p.__dict__={"z":1}
views=[D.keys(),D.values(),D.items(),iter(D),iter(D.items()),reversed(D)]
next(views[3])
dc=D.copy(); sc=S.copy()
fk=dict.fromkeys(S)
mp=type(type.__dict__)(D)
