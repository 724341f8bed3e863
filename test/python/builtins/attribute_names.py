# Names of attributes that are no strings.
import _thread, types, functools, array, weakref, collections, io
class A:
    def f(s): pass
for o in [A().f, _thread._local(), types.ModuleType("x"), A, A(), super(A, A()), weakref.proxy(A), int, 5, functools.partial(len), types.SimpleNamespace(), array.array("i"), io.StringIO(), type]:
    for name in (5, b"x", None, 1.5, (), A):
        for g in (lambda: type(o).__getattribute__(o, name), lambda: o.__getattribute__(name), lambda: getattr(o, name), lambda: type(o).__setattr__(o, name, 1), lambda: type(o).__delattr__(o, name), lambda: setattr(o,name,1), lambda: object.__getattribute__(o,name)):
            try: print(type(o).__name__, g())
            except Exception as e: print(type(o).__name__, type(e).__name__, str(e)[:100])
