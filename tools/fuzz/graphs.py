# What the programs of graphs.ts stand on: kinds of objects that tell of their end, and what asks the collector. Everything
# is told into a list, so that telling makes no object that the collector counts.
import contextvars, copy, functools, gc, itertools, sys, types, weakref
from collections import ChainMap, OrderedDict, defaultdict, deque
from sys import getrefcount as rc

LOG = []
KEEP = []
REFS = []
KEPT = []
BASE = [0] * 9


def say(text):
    LOG.append(text)


class P:
    def __init__(self, name):
        self.name = name

    def method(self, *args):
        return self


class D(P):
    def __del__(self):
        say(f"del {self.name}")


class R(P):
    def __del__(self):
        say(f"back {self.name}")
        KEEP.append(self)


class B(P):
    """Its finalizer breaks what it is part of, and fails."""

    def __del__(self):
        say(f"break {self.name}")
        x = getattr(self, "x", None)
        self.__dict__.clear()
        self.name = "gone"
        x.nothing


class A(P):
    """Its finalizer makes garbage and collects."""

    def __del__(self):
        t = []
        t.append((t, self))
        say(f"again {self.name} {gc.collect(0)}")


class H(P):
    def __hash__(self):
        return self.name

    def __eq__(self, other):
        return self is other

    def __del__(self):
        say(f"del {self.name}")


class S:
    __slots__ = "name", "x", "y"

    def __init__(self, name):
        self.name = name

    def __del__(self):
        say(f"del {self.name}")


class W:
    __slots__ = "name", "x", "__weakref__", "__dict__"

    def __init__(self, name):
        self.name = name


class Q(S):
    pass


class Named:
    def __del__(self):
        say(f"del {getattr(self, 'name', '?')}")


class L(Named, list):
    pass


class M(Named, dict):
    pass


class U(Named, set):
    pass


class T(Named, tuple):
    pass


class DQ(Named, deque):
    pass


class X(Exception):
    def __init__(self, name, *args):
        self.name = name
        self.args = args

    def __del__(self):
        say(f"del {self.name}")


class F(weakref.ref):
    __slots__ = "name", "x"


class Meta(type):
    def __del__(self):
        say(f"class {self.__name__}")


def named(o, name):
    o.name = name
    return o


def cb(name):
    def dead(ref):
        say(f"ref {name} {ref() is None}")

    return dead


def cbx(name):
    def dead(ref):
        say(f"ref {name}")
        KEEP.append(ref)
        raise KeyError(name)

    return dead


class Manager:
    def __enter__(self):
        return self

    def __exit__(self, *args):
        say(f"exit {args[0] and args[0].__name__}")


class Wait:
    def __await__(self):
        yield self


def g0(a, b):
    try:
        r = yield a
        while True:
            r = yield (b, r)
    finally:
        say("g0 ends")


def g1(a, b):
    with Manager():
        yield from g0(a, b)


def g2(a, b):
    for i in (a, b, a):
        yield i


def g3(a, b):
    me = yield
    keep = [me, a]
    try:
        yield keep
    except GeneratorExit:
        say("g3 leaves")
        raise
    yield b


async def c0(a):
    try:
        await Wait()
        return a
    finally:
        say("c0 ends")


async def c1(a, b):
    async with ACM():
        x = await c0(a)
        await Wait()
    return x, b


class ACM:
    async def __aenter__(self):
        return self

    async def __aexit__(self, *args):
        say(f"aexit {args[0] and args[0].__name__}")


async def ag(a, b):
    try:
        yield a
        await Wait()
        yield b
    finally:
        say("ag ends")


def boom(name, a, depth):
    local = [a]
    if depth:
        return boom(name, local, depth - 1)
    raise X(name, local)


def boom2(name, a):
    try:
        boom(name + 0.5, a, 1)
    except X as e:
        raise X(name, a)


def frame(a, b):
    local = {"a": a}
    return sys._getframe()


def closure(a, b):
    def inner(c=b):
        nonlocal a
        a, c = c, a
        return c

    return inner


def closures(a):
    def even(n):
        return a if n == 0 else odd(n - 1)

    def odd(n):
        return a if n == 0 else even(n - 1)

    return even


def cells(n):
    for i in range(n):
        t = []
        t.append(t)


def dead(n):
    for i in range(n):
        a, b = P(i), {}
        a.b, b["a"] = b, a


def stats():
    now = [n for s in gc.get_stats() for n in s.values()]
    return str([n - m for n, m in zip(now, BASE)])


def told(phase, info):
    say(f"{phase} {info['generation']} {info['collected']} {info['uncollectable']}")


def keep(phase, info):
    """
    Fills the free lists after they were emptied. Whether a native function packs arguments into a tuple is no matter of
    the collector; but a tuple counts as an allocation where none is kept.
    """
    if phase == "stop" and info["generation"] == 2:
        for i in range(75):
            KEPT.append([(i,), (i, i), (i, i, i), (i, i, i, i), (i, i, i, i, i), (i, i, i, i, i, i), {i: i}])
        KEPT.clear()


def unraisable(u):
    say(f"unraisable {u.exc_type.__name__} {u.err_msg}")


sys.unraisablehook = unraisable


def types_of(o):
    """Whether classes written in C are referred to by their instances is left out: here they are immortal."""
    return sorted(type(x).__name__ for x in gc.get_referents(o) if type(x) is not type)


def count():
    return str(gc.get_count())


def run(number, program, threshold):
    global BASE
    gc.callbacks[:] = [keep]
    gc.collect()
    gc.freeze()
    gc.collect()
    BASE = [n for s in gc.get_stats() for n in s.values()]
    gc.set_threshold(*threshold)
    try:
        program()
    except Exception as e:
        say(f"!{type(e).__name__} {e}")
        e = None
    say(f"end {count()} {stats()}")
    gc.enable()
    gc.set_debug(0)
    gc.callbacks[:] = [keep]
    for i in range(4):
        KEEP.clear()
        gc.garbage.clear()
        say(f"{gc.collect()} {len(REFS)}")
    REFS.clear()
    KEEP.clear()
    say(f"{gc.collect()} {count()} {stats()}")
    gc.set_threshold(2000, 10, 10)
    print("=== case", number)
    print("\n".join(LOG))
    LOG.clear()


# What happens at a first time only: a finalizer's registration.
weakref.finalize(P(0), say, 0)
LOG.clear()
