# What the collector counts: objects that are taken from a free list are no allocations, and a full collection empties
# the free lists.
import _weakref
import gc

gc.disable()
[][0:0]  # leaves a slice behind, which a collection does not take


def grown(make):
    gc.collect()
    before = gc.get_count()[0]
    kept = [make() for _ in range(50)]
    again = gc.get_count()[0] - before
    del kept
    kept = [make() for _ in range(50)]
    return again, gc.get_count()[0] - before


for make in list, dict, lambda: [1], lambda: {}, lambda: {"a": 1}, lambda: (again,), lambda: slice(1), lambda: {1}:
    again = 1
    print(grown(make))

gc.collect()
print("a")
before = gc.get_count()
kept = [[] for _ in range(50)]
print(before, gc.get_count())
kept = None
gc.collect()
print("a", "b", "c")
before = gc.get_count()
kept = [[] for _ in range(50)]
print(before, gc.get_count())
gc.collect(1)
before = gc.get_count()[0]
kept = [[] for _ in range(50)]
print(gc.get_count()[0] - before)


class Keyed(_weakref.ref):
    __slots__ = ("key",)

    def __new__(cls, referent, callback, key):
        self = super().__new__(cls, referent, callback)
        self.key = key
        return self

    def __init__(self, referent, callback, key):
        super().__init__(referent, callback)


class Plain(_weakref.ref):
    pass


k = Keyed(Keyed, None, 3)
print(k() is Keyed, k.key, Plain(Keyed)() is Keyed)
try:
    k(1)
except TypeError as e:
    print(e)
