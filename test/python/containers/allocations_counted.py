"""What counts as an allocation: a tuple made from an iterator, and the object of super() the first time."""
import gc

gc.disable()
KEPT = []


def fill():
    """Free lists to take from, so that a tuple of arguments is no allocation."""
    KEPT[:] = [(tuple(range(n)),) for n in range(1, 20) for _ in range(40)]
    KEPT.clear()


def counted(f):
    fill()
    before = gc.get_count()[0]
    r = f()
    return gc.get_count()[0] - before, r


def fails(n):
    yield from range(n)
    raise KeyError


class Hint:
    def __init__(self, hint, n):
        self.hint, self.n = hint, n

    def __length_hint__(self):
        return self.hint

    def __iter__(self):
        return iter(range(self.n))


def attempt(make):
    try:
        return len(tuple(make()))
    except Exception as e:
        return type(e).__name__


# A tuple grows by ten and a quarter; what is over 20 is kept nowhere.
for n in (0, 1, 9, 10, 11, 20, 21, 24, 25, 26, 44, 45, 90):
    print(n, counted(lambda: attempt(lambda: (i for i in range(n)))), counted(lambda: attempt(lambda: fails(n))))
for hint in (0, 3, 12, 30, 2**62, -1, "x", NotImplemented):
    print(hint, counted(lambda: attempt(lambda: Hint(hint, 11))))
print(counted(lambda: attempt(lambda: None)), counted(lambda: attempt(lambda: {1: 2}.items())))


# It can be seen while it is made; whoever keeps it then gets it as it is, and its maker fails.
def sees(keep, n):
    mark = object()
    yield mark
    for i in range(n):
        yield i
    seen = [t for t in gc.get_referrers(mark) if type(t) is tuple]
    print(len(seen), all(t[0] is mark for t in seen))
    if keep:
        KEPT.extend(seen)
    seen.clear()


for n in (0, 9, 15):
    print(attempt(lambda: sees(False, n)))
    print(attempt(lambda: sees(True, n)), len(KEPT))
    KEPT.clear()


# One that is found to hold nothing of the collector's and is left, until it does.
def collects(last):
    for i in range(9):
        yield i
    gc.collect()
    yield last


for last in ([], 0):
    t = tuple(collects(last))
    print(len(t), gc.is_tracked(t))
    gc.collect()
    print(gc.is_tracked(t))


class Base:
    def __init__(self):
        pass

    @property
    def value(self):
        return 5


class Child(Base):
    def __init__(self):
        super().__init__()

    @property
    def value(self):
        return super().value


class Own(Base):
    def __getattribute__(self, name):
        return super().__getattribute__(name)

    def __init__(self):
        super().__init__()


FOUND = []


def told(phase, info):
    FOUND.append((phase, info["generation"]))


def due(f, threshold):
    gc.collect()
    fill()
    FOUND.clear()
    gc.collect(0)
    gc.callbacks.append(told)
    # The generation above is due: once a collection is asked for, it comes, whatever has been freed by then.
    gc.set_threshold(threshold, 0, 99)
    gc.enable()
    f()
    gc.disable()
    gc.set_threshold(0)
    gc.callbacks.clear()
    return FOUND[:]


for threshold in (1, 2, 3):
    for i in range(4):
        child = Child.__new__(Child)
        print(due(lambda: child.__init__(), threshold), due(lambda: child.value, threshold), due(lambda: Own(), threshold))
