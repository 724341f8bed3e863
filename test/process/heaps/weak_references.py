import _weakref
class A: pass
class S:
    __slots__=("x","__weakref__")
objs=[A() for i in range(100)]+[S() for i in range(50)]+[{1,2}, frozenset({3}), lambda: 0, A, len]
refs=[_weakref.ref(o) for o in objs]+[_weakref.ref(o, lambda r: None) for o in objs]+[_weakref.proxy(o) for o in objs]
class R(_weakref.ref):
    pass
rs=[R(o) for o in objs]
del objs[20:80]
