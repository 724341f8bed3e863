# Chains of finalizers and of finally blocks, far deeper than native code may nest: every one of them runs.
import gc
N = 0
def g(p):
    global N
    try: yield p
    finally: N += 1
o = None
for i in range(900): h = g(o); next(h); o = h
o = h = None
print(N)
N = 0
for i in range(200000): h = g(o); next(h); o = h
o = h = None
print(N)
class D:
    def __init__(s, n): s.n = n
    def __del__(s):
        global N
        N += 1
        s.n = None
N = 0
o = None
for i in range(900): o = D(o)
o = None
print(N)
class D2:
    def __init__(s, n): s.n = n
    def __del__(s):
        global N
        N += 1
N = 0
o = None
for i in range(200000): o = D2(o)
o = None
print(N)
class E:
    def __init__(s, n): s.n = n
    def __del__(s):
        order.append(s.n)
        L.pop()
        order.append(-s.n)
order = []; L = []
for i in range(900): L.append(E(i))
L.pop()
print(len(order), len(L), order[:3], order[-3:])
class R:
    def __del__(s):
        global N
        N += 1
        R()
N = 0
R()
print(N)
def g0(p): yield p
o = None
for i in range(20000): h = g0(o); next(h); o = h
o = h = None
print("end")
