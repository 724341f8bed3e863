# collections.deque, against a list that does the same; its iterators; what is used while it changes.
from _collections import deque
import _collections
import gc
import sys
import _weakref


def show(what, *args, **kw):
    try:
        print(what(*args, **kw))
    except Exception as e:
        print(type(e).__name__, e)


seed = 1


def random(n):
    global seed
    seed = (seed * 1103515245 + 12345) % (1 << 31)
    return (seed >> 8) % n


for maxlen in (None, 0, 1, 5, 64, 100):
    d = deque(maxlen=maxlen)
    l = []

    def trim_left():
        if maxlen is not None:
            while len(l) > maxlen:
                del l[0]

    def trim_right():
        if maxlen is not None:
            while len(l) > maxlen:
                l.pop()

    for step in range(1500):
        op = random(14)
        if op == 0:
            d.append(step), l.append(step), trim_left()
        elif op == 1:
            d.appendleft(step), l.insert(0, step), trim_right()
        elif op == 2 and l:
            assert d.pop() == l.pop()
        elif op == 3 and l:
            assert d.popleft() == l.pop(0)
        elif op == 4:
            new = list(range(random(150)))
            d.extend(new), l.extend(new), trim_left()
        elif op == 5:
            new = list(range(random(150)))
            d.extendleft(new)
            for x in new:
                l.insert(0, x)
                trim_right()
        elif op == 6 and l:
            n = random(400) - 200
            d.rotate(n)
            k = n % len(l)
            l[:] = l[-k:] + l[:-k] if k else l
        elif op == 7 and l:
            i = random(len(l))
            assert d[i] == l[i] and d[i - len(l)] == l[i - len(l)]
            d[i] = l[i] = -step
        elif op == 8 and l:
            i = random(len(l))
            del d[i], l[i]
        elif op == 9 and (maxlen is None or len(l) < maxlen):
            i = random(2 * len(l) + 5) - len(l) - 2
            d.insert(i, step), l.insert(i, step)
        elif op == 10:
            d.reverse(), l.reverse()
        elif op == 11 and len(l) > 600:
            d.clear(), l.clear()
        elif op == 12 and l:
            x = l[random(len(l))]
            assert d.index(x) == l.index(x) and d.count(x) == l.count(x) and x in d
            d.remove(x), l.remove(x)
        elif op == 13 and len(l) < 50:
            n = random(4)
            d *= n
            l *= n
            trim_left()
        assert list(d) == l, (maxlen, step, op)
        assert list(reversed(d)) == l[::-1] and len(d) == len(l)
    print(maxlen, len(d), sys.getsizeof(d) > 0)

for n in (0, 1, 32, 33, 63, 64, 65, 200):
    d = deque(range(n))
    print(n, sys.getsizeof(d), end=" ")
    d = deque()
    d.extendleft(range(n))
    print(sys.getsizeof(d), end=" ")
    for i in range(n):
        d.append(i)
    print(sys.getsizeof(d))

d = deque("abc")
print(d, deque(), deque([1], 5), deque("abcd", maxlen=2), repr(deque(maxlen=0)))
print(d + deque("d"), d * 2, 2 * d, d * 0, d * -1, deque("ab", 3) * 2, deque([1], 3) * 7, deque([1]) * 100 == deque([1] * 100))
show(lambda: d + [1])
show(lambda: d * "x")
show(lambda: d * 1.5)
show(lambda: deque([1, 2]) * (1 << 70))
d += "xy"
d += d
print(d)
d.extend(d)
d.extendleft(deque("12"))
print(d)
d = deque("abc")
for op in ("<", "<=", "==", "!=", ">", ">="):
    for a in (deque(), deque("ab"), deque("abc")):
        for b in (deque(), deque("ab"), deque("abd")):
            print(eval(f"a {op} b"), end=" ")
    show(eval, f"deque('ab') {op} 'ab'")
for args, kw in [((5,), {}), (([], -1), {}), (([], "x"), {}), (([], 1, 2), {}), (([], 1 << 70), {}), ((), {"x": 1}), ((), {"maxlen": None, "iterable": "ab"}), (("ab",), {"iterable": 1})]:
    show(deque, *args, **kw)
for name, args in [("pop", ()), ("popleft", ()), ("pop", (1,)), ("remove", (1,)), ("index", (1,)), ("index", ()), ("index", (1, 2, 3, 4)), ("index", (1, "x")), ("index", (1, None)), ("rotate", ("x",)), ("rotate", (1, 2)), ("rotate", (1 << 70,)), ("insert", (1,)), ("insert", ("x", 1)), ("extend", (5,)), ("extendleft", (5,)), ("append", ())]:
    print(name, end=" ")
    show(getattr(deque(), name), *args)
show(deque([1], 1).insert, 0, 1)
for args in [("a",), ("a", 1), ("c", 1), ("c", -1), ("c", 0, -1), ("a", -100, 100), ("b", 1, 2), ("b", 2, 1), ("c", 5)]:
    show(d.index, *args)
show(deque(range(300)).index, 250, 100, 290)
show(deque(range(300)).index, 50, 100, 290)
show(lambda: d[3])
show(lambda: d[-4])
show(lambda: d[0:1])
show(lambda: d["x"])
show(d.__setitem__, 3, 1)
show(d.__delitem__, 3)
show(d.__setitem__, 1 << 70, 1)
show(hash, d)
print(d.maxlen, deque(maxlen=4).maxlen)
show(setattr, d, "maxlen", 5)
print(d.copy(), d.__copy__(), deque("abc", 2).copy(), deque[int])
print(d.__reduce__()[:3], deque("ab", 5).__reduce__()[:3])


class D(deque):
    pass


s = D("abc", 2)
s.attr = 1
print(s, s.copy(), type(s.copy()), s.__reduce__()[:3], s + deque("x"), type(s * 2), _weakref.ref(s)() is s)


class Odd(deque):
    def __new__(cls, *args):
        return deque.__new__(cls) if not args else 5


show(deque.copy, deque.__new__(Odd))
d = deque("abcdef")
it = iter(d)
next(it)
print(it.__length_hint__(), it.__reduce__()[1], list(it), it.__length_hint__(), list(it))
it = reversed(d)
next(it)
print(it.__length_hint__(), it.__reduce__()[1], list(it), list(it))
for T in (_collections._deque_iterator, _collections._deque_reverse_iterator):
    print(list(T(d)), list(T(d, 2)), list(T(d, 10)), list(T(d, -1)))
    for args in [(), (1,), (d, 1, 2), (d, "x"), (d, None)]:
        show(T, *args)
    print(T, sys.getsizeof(T(d)))
for change in ("append(1)", "pop()", "popleft()", "clear()", "rotate(1)", "__setitem__(0, 9)", "reverse()", "insert(1, 1)", "extend([])"):
    for make in (iter, reversed):
        d = deque("abcd")
        it = make(d)
        next(it)
        eval("d." + change)
        show(list, it)
        show(list, it)
d = deque()
it = iter(d)
d.append(1)
show(next, it)
it = reversed(deque())
print(list(it))
d = deque([1, 2])
d.append(d)
print(d, d == d)
d.clear()


# What is compared changes the deque.
class Changing:
    def __init__(self, action, result=False):
        self.action = action
        self.result = result

    def __eq__(self, other):
        exec(self.action)
        return self.result


for action in ("d.clear()", "d.pop()", "d.append(5)", "d.__init__()", "d.rotate(1)", "d.__setitem__(0, 7)", "1/0"):
    for result in (False, True):
        for use in ("d.index('x')", "d.count('x')", "d.remove('x')", "'x' in d", "d == deque(range(len(d)))", "d < deque('xyz')"):
            d = deque([Changing(action, result) for i in range(70)])
            print(action, result, use, end=" ")
            show(eval, use)
            d.clear()


class Dying:
    def __init__(self, action):
        self.action = action

    def __del__(self):
        exec(self.action)


for action in ("d.clear()", "d.append(1)", "d.extend(range(100))", "d.__init__([1, 2], 1)", "len(d) and d.pop()", "list(d)", "gc.collect()"):
    for use in ("d.clear()", "d.pop()", "d.popleft()", "d.append(3)", "d.appendleft(3)", "d.__init__([1])", "d.__setitem__(0, 1)", "d.__delitem__(0)", "d *= 0"):
        d = deque([Dying(action) for i in range(66)], maxlen=66)
        exec(use)
        gc.disable()
        print(action, use, len(d) >= 0)
        gc.enable()
        for i in list(d):
            if isinstance(i, Dying):
                i.action = "0"
        i = None
        d.clear()


class Iterating:
    def __init__(self, action):
        self.action = action
        self.n = 3

    def __iter__(self):
        return self

    def __next__(self):
        self.n -= 1
        if self.n < 0:
            raise StopIteration
        exec(self.action)
        return self.n


for action in ("d.clear()", "d.append(9)", "len(d) and d.pop()", "d.__init__('ab', 1)", "d.rotate(2)", "1/0"):
    for use in ("d.extend(Iterating(action))", "d.extendleft(Iterating(action))", "d.__init__(Iterating(action))", "d.__iadd__(Iterating(action))"):
        for start in ("", "abc"):
            d = deque(start)
            print(action, use, end=" ")
            show(eval, use)
            print(d)
d = deque()
d.append(d)
w = _weakref.ref(d)
del d
gc.collect()
print(w())
print(gc.is_tracked(deque()), sorted(set(dir(deque)) - set(dir(list))), deque.__doc__ is not None, deque.__module__, deque)
