L=[(i*7919)%1000 for i in range(5000)]
L.sort(key=lambda x: str(x)); L2=sorted(L,reverse=True)
class K:
    def __lt__(self,o): raise ValueError
try: [K(),K(),K()].sort()
except ValueError as e: err=e
def key(x):
    global inner
    inner=sorted(range(50)); return x
L.sort(key=key)
