# The module _functools: partial, reduce, cmp_to_key and the cache of results.
import _functools as ft
import gc
import sys

import warnings; warnings.simplefilter("ignore")
import _weakref as weakref


def show(what, *args, **kw):
    try:
        print(what(*args, **kw))
    except Exception as e:
        print(type(e).__name__, e)


def f(*args, **kw):
    return args, kw


partial = ft.partial
p = partial(f, 1, 2, a=3)
print(p(), p(4), p(4, a=5, b=6), p(b=7))
print(p.func is f, p.args, p.keywords)
q = partial(p, 8, c=9)
print(q.func is f, q.args, q.keywords, q(0))
print(partial(f)(), partial(f)(1), partial(f, 1)(2), partial(f, 1)(2, x=3), partial(f, 1, 2)(3, 4, x=5), partial(f)(x=1))
show(partial)
show(partial, 5)
show(partial, func=f)
show(partial(f, 1), 1)
print(partial(int, base=2)("101"), list(map(partial(max, 3), [1, 5])), partial(max)(4, 7))
print(repr(partial(max, 1, key=abs)), partial(int))
p = partial(max, 1)
p.attr = 5
print(p.attr, p.__dict__, partial(p, 2).func is p)
p.__dict__ = {"b": 1}
print(p.b)
show(setattr, p, "__dict__", 5)
show(delattr, p, "__dict__")
show(setattr, p, "func", 5)
print(sys.getsizeof(partial(f)), gc.is_tracked(p), partial[int])
print(p.__reduce__()[1:])
p = partial(f)
for state in [(f, (1,), {"x": 2}, {"y": 3}), (f, (5,), None, None), 5, (f,), (5, (), {}, None), (f, [], {}, None), (f, (), [], None)]:
    show(p.__setstate__, state)
    print(p(), p.__dict__)


class T(tuple):
    pass


class D(dict):
    pass


p.__setstate__((f, T((1, 2)), D(a=1), D(b=2)))
print(type(p.args), type(p.keywords), type(p.__dict__), p())


class P(partial):
    def __init__(self, *args, **kw):
        self.seen = len(args)


s = P(f, 1, 2)
print(repr(s)[:11], s.seen, s(3), P(s, 3).args, weakref.ref(s)() is s)
p = partial(f)
p.__setstate__((p, (), {}, {}))
print(repr(p)[:17])
p.__setstate__((f, (p,), {}, {}))
print("..." in repr(p))
p.__setstate__((f, (), {"a": p}, {}))
print("..." in repr(p))
p.__setstate__((f, (), {}, {}))


class Swap:
    def __call__(self, *args):
        dying.__setstate__((f, (), {}, None))
        return [str(a) for a in args]


dying = partial(Swap(), "a" + str(1))
print(dying(), dying())
dying = partial(Swap(), "a" + str(1), "b" + str(2))
print(dying("c" + str(3)), dying())


class ReprSwap:
    def __repr__(self):
        dying.__setstate__((f, (), {}, None))
        return "swapped"


dying = partial(max, ReprSwap(), "x" + str(1), k="v" + str(2))
print("swapped" in repr(dying))

if True:
    class C:
        m = partial(f, 1)
    print(C.m(2), C().m(3))

# reduce
reduce = ft.reduce
add = lambda a, b: a + b
print(reduce(add, [1, 2, 3]), reduce(add, [], 5), reduce(add, "abc", "x"), reduce(add, iter([7])))
show(reduce)
show(reduce, add)
show(reduce, add, [])
show(reduce, add, 5)
show(reduce, add, [1, "x"])
show(reduce, 5, [1])
show(reduce, 5, [1, 2])
show(reduce, add, [1], 2, 3)


def failing():
    yield 1
    raise KeyError("k")


show(reduce, add, failing())

# cmp_to_key
K = ft.cmp_to_key(lambda x, y: (x > y) - (x < y))
print(sorted([3, 1, 2], key=K), max([3, 1], key=K), K(1) < K(2), K(1) == K(1), K(2) <= K(1), K(1) != K(2), K(3) >= K(3), K(2) > K(1))
show(lambda: K(1) < 5)
show(lambda: K < K(1))
show(K, 1, 2, 3)
show(K, 1, 2)

show(K, x=1)
show(ft.cmp_to_key)
show(ft.cmp_to_key, 1, 2)
show(hash, K(1))
k = K(5)
print(k.obj, K.obj, K.__text_signature__)
k.obj = 6
print(k.obj, k > K(5))
del k.obj
print(k.obj)
show(lambda: k < k)
show(type(k))
show(ft.cmp_to_key(5)(1).__lt__, ft.cmp_to_key(5)(1))
print(sys.getsizeof(k), type(k))
print(sorted([3, 1, 2], key=ft.cmp_to_key(mycmp=lambda x, y: y - x)))


def dropping(x, y):
    a.obj = b.obj = None
    return len(x) - len(y)


K = ft.cmp_to_key(dropping)
a = K("abc" * 2)
b = K("ab" * 2)
print(a < b)

# lru_cache
class Info(tuple):
    def __new__(cls, *args):
        return tuple.__new__(cls, args)


wrap = ft._lru_cache_wrapper
calls = []


def g(*args, **kw):
    calls.append((args, kw))
    return len(calls)


for maxsize in (None, 0, 2, -5, True):
    calls.clear()
    w = wrap(g, maxsize, False, Info)
    print([w(1), w(2), w(1), w(3), w(1), w(2), w("a"), w("a"), w(a=1), w(a=1), w(1, a=1, b=2), w(1.0), w()])
    print(w.cache_info(), len(calls))
    w.cache_clear()
    print(w.cache_info(), w(1))
calls.clear()
w = wrap(g, 10, True, Info)
print(w(1), w(1.0), w(True), w(1), w(x=1), w(x=1.0), w(x=1), w.cache_info())
w = wrap(g, None, True, Info)
print(w(1), w(1.0), w(True), w(1), w(x=1), w(x=1.0), w(x=1), w.cache_info())
show(wrap)
show(wrap, g)
show(wrap, 5, None, False, Info)
show(wrap, g, "x", False, Info)
show(wrap, g, 1 << 70, False, Info)
show(wrap, g, 5, False, Info, 6)
print(type(wrap(user_function=g, maxsize=5, typed=False, cache_info_type=5)))
show(wrap(g, 5, False, 5).cache_info)
show(w, [])
show(w, x=[])
w.__qualname__ = "w"
w.attr = 7
print(w.__reduce__(), w.__copy__() is w, w.__deepcopy__({}) is w, w.__dict__, weakref.ref(w)() is w, sys.getsizeof(w))
del w.__qualname__
show(w.__reduce__)
print(w.__copy__(1) is w)


class M:
    m = wrap(lambda self, x: (type(self).__name__, x), 4, False, Info)


print(M().m(1), M.m.cache_info(), type(M().m), M.m.__get__(None, M) is M.m)


def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


fib = wrap(fib, 3, False, Info)
print(fib(20), fib.cache_info())
fib.cache_clear()
fib = wrap(fib, None, False, Info)
print(fib(20), fib.cache_info())


def fails(x):
    raise ValueError(x)


w = wrap(fails, 2, False, Info)
show(w, 1)
show(w, 1)
print(w.cache_info())


# Keys whose comparison runs the wrapper, or clears it.
class Key:
    action = None

    def __init__(self, n):
        self.n = n

    def __hash__(self):
        return 42

    def __eq__(self, other):
        if Key.action:
            action, Key.action = Key.action, None
            action()
        return self.n == other.n


for action in ("w.cache_clear()", "w(Key(1))", "w(Key(3))", "w(Key(9))", "[w(Key(i)) for i in range(5)]", "w(Key(0)), w.cache_clear()"):
    for step in range(9):
        w = wrap(lambda k: k.n * 10, 3, False, Info)
        done = []
        for i in range(9):
            if i == step:
                Key.action = lambda: exec(action, globals())
            done.append(w(Key(i % 5)))
        Key.action = None
        n = w.cache_info()[3]
        assert n <= 4, n
        assert done == [0, 10, 20, 30, 40, 0, 10, 20, 30], done
        w.cache_clear()
print("reentered")


class DropsCache:
    def __del__(self):
        if w is not None:
            w.cache_clear()
            w(1)


w = wrap(lambda x: DropsCache(), 2, False, Info)
for i in range(6):
    w(i)
w.cache_clear()
w = None


class Deleting:
    def __init__(self, n):
        self.n = n


w = wrap(Deleting, 2, False, Info)
w.me = w
w(w) if False else None
w((w, 1))
loop = weakref.ref(w)
del w
gc.collect()
print(loop())
w = wrap(print, None, False, Info)
print(type(w), sorted(set(dir(w)) - set(dir(object)) - {"__weaklistoffset__", "__dictoffset__"}))
print(sorted(set(dir(partial)) - set(dir(object)) - {"__weaklistoffset__", "__dictoffset__"}))
for name in ("KeyWrapper", "_lru_list_elem"):
    print(hasattr(ft, name))
