# OrderedDict, defaultdict and what else _collections has.
from _collections import OrderedDict, defaultdict, _count_elements, _tuplegetter
import _collections
import gc
import sys
import _weakref


def show(what, *args, **kw):
    try:
        print(what(*args, **kw))
    except Exception as e:
        print(type(e).__name__, e)


OD = OrderedDict
od = OD(a=1, b=2, c=3)
print(od, OD(), OD([("x", 1)]), OD({"x": 1}, y=2), OD(od), len(od))
print(list(od), list(od.values()), list(od.items()), list(reversed(od)), list(reversed(od.keys())), list(reversed(od.values())), list(reversed(od.items())))
print(od.keys(), od.values(), od.items(), type(iter(od)), od.keys() & {"a"}, od.keys() | {"z"}, od.items() - {("a", 1)}, od.keys() == {"a", "b", "c"}, {"a"} & od.keys(), "a" in od.keys(), od.keys().isdisjoint("x"), od.keys().mapping == od)
od.move_to_end("a")
print(od, od == OD(b=2, c=3, a=1), od == OD(a=1, b=2, c=3), od == dict(a=1, b=2, c=3), od != OD(a=1, b=2, c=3), od != dict(a=1), od == 5)
od.move_to_end("c", last=False)
print(od, list(od.items()), dict(od), [*od], {**od})
show(od.move_to_end, "zz")
show(od.move_to_end, [])
show(OD().move_to_end, 1)
show(lambda: od < od)
show(lambda: {} < od)
od["d"] = 4
od["a"] = 10
del od["b"]
print(od)
show(od.__delitem__, "zz")
show(od.__delitem__, [])
show(od.__setitem__, [], 1)
show(od.__getitem__, "zz")
print(od.pop("a"), od.pop("zz", 5), od.pop(key="d", default=1), od)
show(od.pop, "zz")
show(od.pop, [])
show(od.pop)
show(od.pop, 1, 2, 3)
show(od.pop, x=3)
for last in (True, False, 0, "x"):
    od = OD.fromkeys("abc", 0)
    print(od.popitem(last), od.popitem(last=last), od)
show(OD().popitem)
show(OD().popitem, False)
print(od.setdefault("n"), od.setdefault("n", 5), od.setdefault(key="m", default=5), od)
show(od.setdefault, [])
show(od.setdefault)
show(OD, 1, 2)
show(OD, 5)
show(OD, [1])
show(OD, [()])
show(OD, [(1,)])
show(OD, [(1, 2, 3)])
show(OD, [([], 1)])
show(OD, {"a": 1}, 5)
show(od.update, 1, 2)
show(od.update, 5)


class Keys:
    def keys(self):
        return iter("pq")

    def __getitem__(self, k):
        return k * 2


class Items:
    def items(self):
        return [("i", 1)]


od = OD()
od.update(Keys())
od.update(Items(), z=1)
od.update([("l", 1)], self=2)
od.update()
print(od)
print(od | {"n": 1}, {"n": 1} | od, od | OD(p=0))
show(lambda: od | [("x", 1)])
od |= [("x", 1)]
print(od)
show(lambda: od.__ior__(5))
print(od.copy(), od.__reduce__()[:4], list(od.__reduce__()[4]), OD.fromkeys("ab"), OD.fromkeys([1, 2], value=3))
od.attr = [1]
print(od.__dict__, od.__reduce__()[2], od.copy().__dict__, _weakref.ref(od)() is od)
od.__dict__ = {}
show(setattr, od, "__dict__", 1)
od.clear()
print(od, list(od), OD[int] if hasattr(OD, "__class_getitem__") else None)
for n in (0, 1, 2, 5, 6, 10, 11, 100):
    print(n, sys.getsizeof(OD.fromkeys(range(n))), sys.getsizeof(OD.fromkeys(map(str, range(n)))))
print(sys.getsizeof(iter(OD())), sys.getsizeof(OD().keys()))
od = OD(a=1)
od["self"] = od
print(od)
it = iter(od.items())
print(next(it)[0], it.__reduce__()[0], list(it.__reduce__()[1][0])[0][0], len(list(it)), it.__reduce__()[1])
pairs = list(OD(a=1, b=2, c=3).items())
print(pairs)
for change in ("od.__setitem__('z', 1)", "od.pop('c')", "od.move_to_end('b')", "od.clear()", "od.__setitem__('a', 5)", "dict.__setitem__(od, 'z', 1)", "dict.__delitem__(od, 'c')", "dict.clear(od)", "dict.pop(od, 'b')"):
    for make in ("iter(od)", "iter(od.values())", "iter(od.items())", "reversed(od)"):
        od = OD(a=1, b=2, c=3)
        it = eval(make)
        next(it)
        eval(change)
        print(change, make, end=" ")
        show(list, it)
        show(list, it)
# Methods of dict that do not know of the order.
od = OD(a=1, b=2)
dict.__setitem__(od, "c", 3)
print(list(od), len(od))
show(od.move_to_end, "c")
dict.__delitem__(od, "a")
show(list, od)
show(od.popitem, False)
dict.clear(od)
print(len(od))
od.clear()
od["x"] = 1
print(od)

seed = 7


def random(n):
    global seed
    seed = (seed * 1103515245 + 12345) % (1 << 31)
    return (seed >> 8) % n


od = OD()
l = []
for step in range(6000):
    op = random(8)
    k = random(60)
    if op < 3:
        if k not in od:
            l.append(k)
        od[k] = step
    elif op == 3 and l:
        k = l[random(len(l))]
        del od[k]
        l.remove(k)
    elif op == 4 and k in od:
        od.move_to_end(k)
        l.remove(k)
        l.append(k)
    elif op == 5 and k in od:
        od.move_to_end(k, False)
        l.remove(k)
        l.insert(0, k)
    elif op == 6 and l and random(3) == 0:
        assert od.popitem(False)[0] == l.pop(0)
    elif op == 7 and l and random(3) == 0:
        assert od.popitem()[0] == l.pop()
    assert list(od) == l and list(reversed(od)) == l[::-1]
print(len(od), od == od.copy(), list(od.copy()) == l)


class S(OD):
    def __missing__(self, key):
        return "missing" + key

    def __setitem__(self, k, v):
        super().__setitem__(k, (v,))


s = S(a=1)
s.x = 1
print(s, s["q"], s.setdefault("r", 2), s.pop("a"), s.copy(), type(s.copy()), s | {"k": 1}, s.__reduce__()[2], S.fromkeys("ab", 1), list(s))
show(s.pop, "nope")


od = OD()
od["me"] = od
od.me = od
w = _weakref.ref(od)
del od, it
gc.collect()
print(w())
print(gc.is_tracked(OD()), sorted(set(dir(OD)) - set(dir(dict))), OD.__module__)

# defaultdict
dd = defaultdict(list, a=1)
print(dd, dd["b"], dd, dd.default_factory, defaultdict(), defaultdict(None, [("x", 1)]), defaultdict(int, {"y": 2}, z=3))
dd["b"].append(5)
print(dd["b"], dd.get("q"), "q" in dd, dd.copy(), dd.__copy__(), type(dd.copy()), dd == {"a": 1, "b": [5]})
show(defaultdict, 5)
show(defaultdict, list, 5)
show(defaultdict, list, {}, {})
show(lambda: defaultdict()["x"])
show(lambda: defaultdict(None)[(1, 2)])
show(lambda: defaultdict(lambda: 1 / 0)["x"])
show(lambda: dd[[]])
show(dd.__missing__, "new")
show(dd.__missing__)
print(dd.__reduce__()[:4], defaultdict().__reduce__()[:4], list(dd.__reduce__()[4]))
dd.default_factory = None
show(lambda: dd["zz"])
del dd.default_factory
show(lambda: dd["zz"])
print(dd, dd.default_factory)
dd.default_factory = 5
show(lambda: dd["zz"])
dd = defaultdict(int, a=1)
print(dd | {"b": 2}, {"b": 2} | dd, dd | dd, defaultdict[str, int], sys.getsizeof(defaultdict()))
show(lambda: dd | [("x", 1)])
dd |= [("x", 1)]
print(dd)


class Sub(defaultdict):
    def __repr__(self):
        return "sub" + super().__repr__()


s = Sub(list)
s.attr = 1
s["x"].append(s)
print(s, s.copy().attr if hasattr(s.copy(), "attr") else None, type(s.copy()), _weakref.ref(s)() is s)
dd = defaultdict(lambda: dd)
dd.default_factory = dd.__missing__
print(repr(dd)[:20])
dd = defaultdict(dd.__missing__)


class Self:
    def __init__(self):
        self.dd = defaultdict(self)

    def __call__(self):
        self.dd.default_factory = None
        return 1

    def __repr__(self):
        return "Self " + repr(self.dd)


s = Self()
print(s)
print(s.dd["x"], s.dd)
del s
gc.collect()
print(sorted(set(dir(defaultdict)) - set(dir(dict))))

# _count_elements
d = {}
_count_elements(d, "abracadabra")
print(d)
_count_elements(d, [1, 1.0, True])
print(d)
show(_count_elements, d, 5)
show(_count_elements, d, [[]])
show(_count_elements, 5, [1])
show(_count_elements, {"a": "x"}, "a")
show(_count_elements, d)


class C(dict):
    def __setitem__(self, k, v):
        super().__setitem__(k, v * 10)


class G:
    def __init__(self):
        self.d = {}

    def get(self, k, default):
        return self.d.get(k, default)

    def __setitem__(self, k, v):
        self.d[k] = v


for m in (C(), G(), OD(), defaultdict(int)):
    _count_elements(m, "abca")
    print(dict(m) if isinstance(m, dict) else m.d)


class Add:
    def __radd__(self, other):
        return 0

    def __add__(self, other):
        counts.clear()
        return 5


counts = {"a": Add()}
_count_elements(counts, "aaa")
print(counts)

# _tuplegetter
class P(tuple):
    x = _tuplegetter(0, "the x")
    y = _tuplegetter(1, "the y")


p = P((5, 6))
print(p.x, p.y, P.x, P.x.__doc__, P.x.__reduce__())
show(lambda: P((1,)).y)
show(setattr, p, "x", 1)
show(delattr, p, "x")
show(P.x.__get__, 5)
show(P.x.__get__, None)
show(P.x.__get__, None, None)
P.x.__doc__ = "other"
print(P.x.__doc__, repr(P.x))
del P.x.__doc__
print(P.x.__doc__)
P.x.__doc__ = None
for args in [(), (1,), ("x", 1), (1, 2, 3), (1 << 70, 1)]:
    show(_tuplegetter, *args)
show(_tuplegetter, 1, doc=2)
print(sys.getsizeof(P.x), gc.is_tracked(P.x), _tuplegetter)
print(sorted(n for n in dir(_collections) if not n.startswith("__")))
