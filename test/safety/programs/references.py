# A weak reference that is dying: what one of its slots held makes a collection, which finds the referent dead too.
import gc
import _weakref


class Node:
    pass


class Reference(_weakref.ref):
    __slots__ = "held"


class Collecting:
    def __del__(self):
        print("collected", gc.collect())


node = Node()
node.me = node
reference = Reference(node, lambda r: print("called"))
reference.held = Collecting()
del node
del reference
print("afterwards", gc.collect())
