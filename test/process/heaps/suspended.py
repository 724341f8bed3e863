def g():
    x=[1]*20
    yield x
    yield from h()
def h():
    y={"a":object()}
    yield y
keep=[g() for i in range(300)]
for k in keep: next(k)
for k in keep[:100]: next(k)
del keep[50:70]
async def c():
    z=(1,2,3)
    await c2()
class A:
    def __await__(self): yield 1
async def c2(): await A()
cs=[c() for i in range(40)]
for k in cs: k.send(None)
async def ag():
    for i in range(3): yield i
ags=[ag() for i in range(10)]
a=ags[0].__anext__()
try: a.send(None)
except StopIteration: pass
