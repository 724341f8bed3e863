# _heapq, _bisect and _stat: values, errors, items whose comparison changes the list.
import _heapq
import _bisect
import _stat
from _heapq import heappush, heappop, heapify, heapreplace, heappushpop, _heapify_max, _heappop_max, _heapreplace_max


def show(what, *args, **kw):
    try:
        print(what(*args, **kw))
    except Exception as e:
        print(type(e).__name__, e)


seed = 3


def random(n):
    global seed
    seed = (seed * 1103515245 + 12345) % (1 << 31)
    return (seed >> 8) % n


for n in (0, 1, 2, 3, 10, 100, 3000):
    l = [random(n * 2) for i in range(n)]
    h = l[:]
    heapify(h)
    m = l[:]
    _heapify_max(m)
    p = []
    for x in l:
        heappush(p, x)
    print(n, h[:8], m[:8], p[:8], sum(h) == sum(l))
    if l:
        print(heapreplace(h, 5), heappushpop(h, 7), heappushpop(h, -1), _heapreplace_max(m, 3), h[:5], m[:5])
    assert [heappop(p) for i in range(n)] == sorted(l)
    m = l[:]
    _heapify_max(m)
    assert [_heappop_max(m) for i in range(n)] == sorted(l, reverse=True)
print(heappushpop([], 4))
for f, args in [(heappop, ([],)), (heappop, (5,)), (heappop, ()), (heappush, (5, 1)), (heappush, ([],)), (heapreplace, ([], 1)), (heapreplace, ((), 1)), (heapify, ((),)), (heapify, (None,)), (_heappop_max, ([],)), (_heapreplace_max, ([], 1)), (_heapify_max, (5,)), (heappushpop, (5, 1)), (heappush, ([1], "x")), (heapify, ([1, "x"],))]:
    show(f, *args)


class L(list):
    pass


l = L([3, 1, 2])
heapify(l)
print(l, heappop(l), l)


class C:
    def __init__(self, n, action="0"):
        self.n = n
        self.action = action

    def __lt__(self, other):
        exec(self.action)
        return self.n < other.n


for action in ("h.clear()", "h.pop()", "h.append(C(1))", "h.__setitem__(slice(None), [C(i) for i in range(len(h))])", "1/0"):
    for use in ("heapify(h)", "heappop(h)", "heappush(h, C(-1, action))", "heapreplace(h, C(5, action))", "heappushpop(h, C(5, action))", "_heapify_max(h)", "_heappop_max(h)", "_heapreplace_max(h, C(0, action))"):
        h = [C(i, action) for i in range(9)]
        print(action, use, end=" ")
        try:
            eval(use)
            print("done")
        except Exception as e:
            print(type(e).__name__, e)

# bisect
a = [1, 3, 3, 3, 5, 7]
print([(_bisect.bisect_left(a, x), _bisect.bisect_right(a, x), _bisect.bisect_left(a, x, 2), _bisect.bisect_right(a, x, 1, 4), _bisect.bisect_right(a, x, hi=2)) for x in range(9)])
print(_bisect.bisect_left(a, -3, key=lambda x: -x), _bisect.bisect_right("aceg", "d"), _bisect.bisect(a, 3) if hasattr(_bisect, "bisect") else "")
for x in (3, 0, 9):
    _bisect.insort_left(a, x)
    _bisect.insort_right(a, x + 0.5)
print(a)
a = ["bb", "a", "ccc"]
a.sort(key=len)
class Bound:
    def __init__(self, value):
        self.value = value

    def __index__(self):
        if self.value is None:
            raise OverflowError("the bound's own")
        return self.value


for bound in (Bound(None), Bound(2**70), Bound(-2**70), Bound(2), Bound("x"), 2**70, -1, -2, None, 1.5):
    show(_bisect.bisect_left, [1, 2, 3], 1, 0, bound)
    show(_bisect.bisect_right, [1, 2, 3], 1, bound)
_bisect.insort_right(a, "zz", key=len)
_bisect.insort_left(a, "yy", key=len)
print(a)


class Inserting:
    def __init__(self):
        self.l = []

    def __len__(self):
        return len(self.l)

    def __getitem__(self, i):
        return self.l[i]

    def insert(self, i, x):
        self.l.insert(i, x)


s = Inserting()
for x in (5, 2, 8, 2):
    _bisect.insort_right(s, x)
print(s.l)
for f in (_bisect.bisect_left, _bisect.bisect_right, _bisect.insort_left, _bisect.insort_right):
    for args, kw in [((), {}), (([],), {}), (([], 1, -1), {}), (([], 1, "x"), {}), (([], 1, 0, "x"), {}), (([], 1, 0, None), {}), ((5, 1), {}), (({}, 1), {}), (({1: 2}, 1, 0, 1), {}), (([1], "x"), {}), (([1], 1), {"key": 5}), (([1, 2], 1, 0, 5), {}), (([1], 1, 0, 1, None), {}), (([1], 1), {"foo": 1}), (([1], 1, 0, 1 << 70), {}), (([1], 1, 1 << 70), {}), ((iter([]), 1), {}), (((1, 2), 1), {}), ((range(1 << 30), 12345, 0, (1 << 31) - 1), {"key": lambda x: 1 / 0})]:
        show(f, *args, **kw)


class Shrinking:
    def __lt__(self, other):
        a.clear()
        return False

    __gt__ = __lt__


for f in (_bisect.bisect_left, _bisect.bisect_right, _bisect.insort_left, _bisect.insort_right):
    a = [Shrinking() for i in range(8)]
    show(f, a, Shrinking())

# stat
for mode in (0o100644, 0o40755, 0o120777, 0o60660, 0o20620, 0o10600, 0o140777, 0o104755, 0o102755, 0o41777, 0o107644, 0o101666, 0, 0xffffffff, 0o170000):
    print(oct(mode), _stat.filemode(mode), _stat.S_IMODE(mode), _stat.S_IFMT(mode), [getattr(_stat, n)(mode) for n in dir(_stat) if n.startswith("S_IS") and callable(getattr(_stat, n))])
for f in (_stat.S_ISDIR, _stat.S_ISDOOR, _stat.filemode, _stat.S_IMODE, _stat.S_IFMT):
    for arg in ("x", 1.5, -1, 1 << 32, 1 << 64, None, 1 << 100, True):
        show(f, arg)
    show(f)
    show(f, 1, 2)
print(sorted((k, v) for k, v in vars(_stat).items() if isinstance(v, int)))
