# Slots of one class in another, exception classes whose __new__ gives something else, special methods that are the
# object itself.
import gc
class W: __slots__ = tuple("abcdefgh")
class N: __slots__ = ()
N.x = W.h
objs = [N() for _ in range(1000)]; n = 0
for o in objs:
    try: o.x = "written"
    except TypeError: n += 1
print(n, "TypeErrors of 1000"); objs.clear(); gc.collect(); print("end")
class W: __slots__ = ("a", "b")
class N: __slots__ = ("p",)
N.x = W.b
def put(o, v): o.x = v
def get(o): return o.x
def dele(o): del o.x
n = N()
for i in range(3):
    try: put(n, i); print("stored")
    except TypeError as e: print(e)
for i in range(3):
    try: print("loaded", get(n))
    except TypeError as e: print(e)
for i in range(3):
    try: dele(n)
    except TypeError as e: print(e)
# lies
class E(BaseException):
    def __new__(cls, *a): return 1
def g(): yield
async def co(): pass
async def ag(): yield
def started():
    x = g(); next(x); return x
def yf():
    yield from g()
def syf():
    x = yf(); next(x); return x
for mk in (g, started, yf, syf, co):
    for args in ((E,), (E, 5), (E, None, None), (E, (1,2), None)):
        x = mk()
        try: x.throw(*args)
        except TypeError as e: print("TypeError", e)
        x.close()
for args in ((E,), (E, 5), (E, None, None)):
    a = ag()
    try: a.athrow(*args).send(None)
    except TypeError as e: print("TypeError", e)
    except StopIteration: print("stop")
try: raise E
except TypeError as e: print(e)
try: raise E()
except TypeError as e: print(e)
try: raise ValueError from E
except TypeError as e: print(e)
try: raise ValueError from int
except TypeError as e: print(e)
class E2(BaseException):
    def __new__(cls, *a): return ValueError("other")
x = g()
try: x.throw(E2)
except ValueError as e: print("VE", e)
try: raise E2
except ValueError as e: print("VE", e)
class E3(BaseException):
    def __init__(self, *a): raise KeyError("k")
for f in (lambda: g().throw(E3), lambda: started().throw(E3, 4)):
    try: f()
    except KeyError as e: print(repr(e))
class D: pass
d = D(); D.__get__ = d; D.x = d
try: d.x
except (RecursionError, TypeError) as e: print(type(e).__name__, e)
class D: pass
d = D(); D.__get__ = d; D.__call__ = d; D.x = d
try: d.x
except (RecursionError, TypeError) as e: print(type(e).__name__)
class D: pass
d = D(); D.__set__ = d; D.x = d
try: d.x = 1
except (RecursionError, TypeError) as e: print(type(e).__name__, e)
class D: pass
d = D(); D.__set_name__ = d
try:
    class F: y = d
except (RecursionError, TypeError) as e: print(type(e).__name__, e, e.__notes__)
class D: pass
d = D(); D.__call__ = d
try: d()
except (RecursionError, TypeError) as e: print(type(e).__name__, e)
