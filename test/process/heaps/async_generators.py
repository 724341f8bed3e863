import sys
async def ag():
    try:
        yield 1
        yield 2
    finally: pass
gs=[ag() for i in range(20)]
sends=[g.asend(None) for g in gs]; throws=[g.athrow(ValueError) for g in gs[:5]]; closes=[g.aclose() for g in gs[5:10]]
for s in sends[10:]:
    try: s.send(None)
    except StopIteration: pass
async def co():
    async for x in ag(): print(x)
c=co()
w=co().__await__()
