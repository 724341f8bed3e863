"""Callbacks of weak references that act on what else refers to the same object."""
import gc
import sys
import weakref

sys.unraisablehook = lambda u: print("unraisable", u.exc_type.__name__, u.err_msg, type(u.object).__name__)
gc.collect()
gc.freeze()


class O:
    pass


class F(weakref.ref):
    pass


def dropping():
    """Each is called, though the first drops the others; all are cleared by then."""
    o = O()
    refs = []

    def numbered(n):
        def callback(r):
            print(n, r(), [x.__callback__ for x in refs if type(x) is not F], sys.getrefcount(r))
            refs.clear()

        return callback

    for i in range(4):
        refs.append(weakref.ref(o, numbered(i)))
    refs.extend([weakref.ref(o), F(o), F(o, numbered(9))])


dropping()


def held():
    """The tuple that holds references and callbacks meanwhile is one that the collector knows."""
    o = O()

    def callback(r):
        tuples = [t for t in gc.get_objects() if type(t) is tuple and any(x is r for x in t)]
        print([len(t) for t in tuples])
        1 / 0

    refs = [weakref.ref(o, callback), weakref.ref(o, callback)]
    del o


held()


class Returning(weakref.ref):
    def __del__(self):
        print("end of the reference")
        kept.append(self)


kept = []
o = O()
o.me = o
refs = [Returning(o, lambda r: (print("called"), refs.clear()))]
del o
print(gc.collect(), len(kept))
kept.clear()
print(gc.collect())


class Named:
    __name__ = "of the class"


o = O()
o.__name__ = "of the instance"
for named in Named(), O, o, len:
    print("(" in repr(weakref.ref(named)), repr(weakref.ref(named)).rpartition(" (")[2] if named is not o else "")


class Callable:
    def __call__(self):
        pass


proxy = weakref.proxy(o)
o.__class__ = Callable
print(proxy is weakref.proxy(o), type(proxy).__name__)
