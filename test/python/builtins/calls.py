"""Calls whose keywords are wrong, with what was meant; and what else depends on the exact kinds of operands."""
def show(f):
    try: print(repr(f()))
    except Exception as e: print(type(e).__name__, e)
def f(a, *, key=None): return a, key
class A:
    def __init__(self, w=1): self.w = w
for kw in ({1: 2}, {"a": 1, 3: 4}, {"kye": 1}):
    show(lambda: f(**kw))
    show(lambda: f(1, **kw))
    show(lambda: print(**kw))
    show(lambda: A(**kw))
show(lambda: print("a", sepp=1))
show(lambda: print("a", nothing=1))
show(lambda: sorted([], reversed=1))
show(lambda: open("x", modee=1))
show(lambda: 1 in 2)
show(lambda: {1: 2}.keys() & frozenset({1, 2}))
show(lambda: {1: 2}.keys() & {1, 2})
show(lambda: frozenset({1, 2}) & {1: 2}.keys())
for b in (b"it's", b'"it\'s"', b'"', b"\\"):
    print(b, bytearray(b))
show(lambda: "a".expandtabs(10**12))
show(lambda: list(map(lambda *a: len(a), *[[1]] * 500)))
show(lambda: len(list(zip(*[[1]] * 5000))[0]))
def nested(*a): return len(a) + (nested(*a[1:]) if len(a) > 900 else 0)
show(lambda: nested(*range(990)))
def through(*a): return list(map(through, *[[1]] * 300)) if len(a) < 300 else len(a)
show(lambda: through())
