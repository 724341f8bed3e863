import sys
frames=[]
def f(n):
    a=[n]; b={"n":n}
    if n==0:
        frames.append(sys._getframe()); return 1
    return f(n-1)
f(900)
def g(n):
    yield n
    if n: yield from g(n-1)
it=g(200)
for i in range(150): next(it)
