# Generators that run while the collector does, after calls with more on their stacks than there is by then.
import gc
class A: pass
class Add:
    def __add__(self, o):
        for i in range(3): gc.collect()
        return 1
def g(add):
    while True:
        yield
        isinstance(A(), (A(), A(), A()).__class__)
        print([], A(), [A()], {1: A()}, file=F)
        add + 1


class F:
    @staticmethod
    def write(s): pass
it = g(Add())
for i in range(3):
    next(it)
live = [[1]]
def h(add):
    while True:
        yield
        x = (live, len([live, live, live]), live)
        max(live, live, live, live, key=len)
        y = live
        add + 1
        print(live[0], len(live), gc.is_tracked(live))
it = h(Add())
live.append(it)
for i in range(3): next(it)
async def co(add):
    max(live, live, live, live, key=len)
    add + 1
c = co(Add())
try: c.send(None)
except StopIteration: pass
print("done")
