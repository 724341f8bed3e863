"""What gc.set_debug() makes a collection tell, on sys.stderr; addresses, times and what is there besides left out."""
import gc
import io
import os
import re
import sys
import weakref

gc.collect()
gc.freeze()
gc.disable()
real = sys.stderr


class Node:
    pass


class Loud:
    def __del__(self):
        told("a finalizer")


def ring(kind=Node):
    a, b = kind(), []
    a.b, b[:] = b, [a]


def told(*what):
    print(*what, file=sys.stderr)


def run(flags, work):
    sys.stderr = out = io.StringIO()
    gc.set_debug(flags)
    try:
        work()
    finally:
        gc.set_debug(0)
        sys.stderr = real
    text = re.sub(r"0x[0-9a-f]+", "0x", out.getvalue())
    text = re.sub(r"permanent generation: \d+", "permanent generation: N", text)
    print(re.sub(r"\d+\.\d{4}s", "T", text), end="")
    print("garbage", sorted(type(o).__name__ for o in gc.garbage))
    gc.garbage.clear()
    gc.collect()


def collecting(g=2, kind=Node):
    def work():
        ring(kind)
        told(gc.collect(g))

    return work


for flags in (0, gc.DEBUG_STATS, gc.DEBUG_COLLECTABLE, gc.DEBUG_UNCOLLECTABLE, gc.DEBUG_SAVEALL, gc.DEBUG_LEAK):
    for g in range(3):
        print("flags", flags, "generation", g)
        run(flags, collecting(g))
print("with a finalizer")
run(gc.DEBUG_STATS | gc.DEBUG_COLLECTABLE, collecting(kind=Loud))
run(gc.DEBUG_LEAK, collecting(kind=Loud))


def kinds():
    def g():
        yield me

    me = g()
    next(me)
    x = (me, [], {})
    x[1].append(x)
    x[2][1] = x
    s = set()

    class Inner(list):
        held = x, s, lambda: x

    gc.collect()


print("many kinds")
run(gc.DEBUG_COLLECTABLE, lambda: (kinds(), gc.collect()))


def nested():
    """A referent, callbacks before and after, all while it tells."""
    o = Node()
    o.me = o
    ref = weakref.ref(o, lambda r: told("callback", r()))
    del o
    gc.callbacks.append(note)
    gc.collect()
    gc.callbacks.clear()


def note(phase, info):
    told(phase, info)


print("with callbacks")
run(gc.DEBUG_STATS | gc.DEBUG_COLLECTABLE, nested)
print("by itself")


def automatic():
    ring()
    gc.set_threshold(1, 0, 0)
    gc.enable()
    for _ in range(3):
        x = [[], []]
    gc.disable()
    gc.set_threshold(2000, 10, 10)


run(gc.DEBUG_COLLECTABLE, automatic)


class Bad:
    """A stream that makes garbage, keeps what it can see, and fails."""

    def __init__(self):
        self.seen = []

    def write(self, text):
        ring()
        self.seen.append(re.sub("0x[0-9a-f]+", "0x", text))
        gc.collect()
        for r in refs:
            self.seen.append(type(r()).__name__)
            kept.append(r())


print("a stream in Python")
refs = []
kept = []
o = Node()
o.me = [o]
refs.append(weakref.ref(o))
del o
sys.stderr = bad = Bad()
gc.set_debug(gc.DEBUG_COLLECTABLE)
found = gc.collect()
gc.set_debug(0)
sys.stderr = real
print(found, bad.seen, [type(k).__name__ for k in kept])
kept.clear()
gc.collect()
print("without one")
end, start = os.pipe()
saved = os.dup(2)
for stream in None, 5, io.StringIO():
    sys.stderr = stream
    os.dup2(start, 2)
    ring()
    gc.set_debug(gc.DEBUG_COLLECTABLE)
    if type(stream) is io.StringIO:
        stream.close()
    gc.collect()
    gc.set_debug(0)
    os.dup2(saved, 2)
    sys.stderr = real
    print(re.sub("0x[0-9a-f]+", "0x", os.read(end, 1000).decode()), end="")
