# mro() and __bases__: what they may say, what runs inside them, what a class shows while one of its attributes dies.
def show(f):
    try: print(f.__name__, f())
    except Exception as e: print(f.__name__, type(e).__name__, e)
class M(type):
    def mro(c): return [c, str, object]
def a():
    class C(metaclass=M): pass
    return C().upper()
show(a)
def make(f):
    class M(type):
        def mro(c): return f(c)
    class C(metaclass=M):
        def m(self): return 1
    return C
def mk(f):
    C = make(f)
    return C.__mro__, C
def b(): return mk(lambda c: [])
def c2(): return mk(lambda c: [object])[0]
def d(): return mk(lambda c: [c, 1])
def e(): return mk(lambda c: [c, list, object])
def f(): return mk(lambda c: None)
def g(): return mk(lambda c: (c, object, object))[0][1:]
def h(): return mk(lambda c: [c, BaseException])
def i(): return mk(lambda c: [c, type])
class S1: __slots__ = 'a', 'b'
class S0: __slots__ = ()
class P: pass
def j(): return mk(lambda c: [c, S1, object])[0][1:]
def k(): return mk(lambda c: [c, S0, P, object])[0][1:]
def l():
    C = make(lambda c: [c, P])
    P.zz = 5
    x = C()
    def get(): return x.zz
    r = [get() for _ in range(5)]
    P.zz = [6]
    r += [get() for _ in range(5)]
    del P.zz
    try: get()
    except AttributeError as e: r.append(str(e))
    return r
for fn in (b, c2, d, e, f, g, h, i, j, k, l): show(fn)
# extends an incomplete type
log = []
class M2(type):
    def mro(c):
        if c.__name__ == "A" and not log:
            log.append(1)
            try:
                class B(c): pass
                log.append(B)
            except Exception as e: log.append((type(e).__name__, str(e)))
            try: log.append(c())
            except Exception as e: log.append((type(e).__name__, str(e)))
            try: object.__new__(c)
            except Exception as e: log.append((type(e).__name__, str(e)))
            class Q: pass
            q = Q()
            try: q.__class__ = c
            except Exception as e: log.append((type(e).__name__,))
        return super().mro()
def m():
    class A(metaclass=M2): pass
    r = A()
    return len(log), log[1], A.__mro__[1:]
try: print(m())
except Exception as e: print(type(e), e)
# reentrant bases
class X: 
    who = "X"
class Y:
    who = "Y"
class M3(type):
    n = 0
    def mro(c):
        M3.n += 1
        if M3.n == 5: c.__bases__ = (Y,)
        return super().mro()
class A(X, metaclass=M3): pass
class B(A): pass
class C(B): pass
def go():
    A.__bases__ = (Y,)
    return A.who, B.who, C.who, A.__bases__
show(go)
def go2():
    M3.n = 4
    A.__bases__ = (X,)
    return A.who, B.who, C.who, A.__bases__, A.__mro__
show(go2)
class M4(type):
    fail = False
    def mro(c):
        if c.__name__ == "Sub" and M4.fail: raise ValueError("no")
        return super().mro()
class Base(X, metaclass=M4): pass
class Sub(Base): pass
def go3():
    M4.fail = True
    Base.__bases__ = (Y,)
show(go3)
print(Base.who, Sub.who, Base.__mro__)
def go4():
    class A: pass
    class B(A): pass
    A.__bases__ = (B,)
show(go4)
def go5():
    class A: pass
    class L(list): pass
    A.__bases__ = (L,)
show(go5)
def go6():
    class A(P): pass
    class L(P): __slots__ = 'q'
    A.__bases__ = (L,)
show(go6)
class A(P): pass
for v in ((), 5, None, (1,), (A,), (bool,), [P]):
    try: A.__bases__ = v
    except TypeError as e: print(e)
try: del A.__bases__
except TypeError as e: print(e)
# a dying value in a class
class Fin:
    def __del__(s): seen.append(get())
seen = []
class K: pass
class V(list): pass
def get(): return k.v
k = K()
K.v = V([Fin()])
for i in range(5): get()
K.v = 5
print(seen)
seen = []
K.v = V([Fin()])
for i in range(5): get()
try: del K.v
except Exception as e: print(e)
print(seen)
class Mt(type):
    def mro(c): return [c, object]
try:
    class MM(type, metaclass=Mt): pass
    class Z: pass
    object.__setattr__(Z, "x", 1)
except TypeError as e: print(e)
for args in ((int, "x", 1), (Z if 'Z' in globals() else P, "x", 1)):
    try: object.__setattr__(*args)
    except TypeError as e: print(e)
