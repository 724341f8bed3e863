"""A trace function sees how an asynchronous loop asks for its next item."""
import sys, asyncio, dis
async def arange(n):
    for i in range(n):
        yield i
async def f():
    async for i in arange(3):
        if i > 100:
            break # should never be traced
ev=[]
def tr(fr,e,a):
    if fr.f_code.co_name in('f','arange'): ev.append((fr.f_code.co_name, fr.f_lineno, e))
    return tr
c=f()
sys.settrace(tr)
try: c.send(None)
except StopIteration: pass
sys.settrace(None)
for e in ev: print(*e)
