# Measures the collector, in nanoseconds an object: a full collection of a million live lists, instances, dicts; and of a
# million that are dead, in cycles of two. Prints a line each: name, nanoseconds, and what was collected.
import gc, sys, time

N = 1_000_000


class Plain:
    pass


class Slotted:
    __slots__ = "other"


def pair(make, join):
    a, b = make(), make()
    join(a, b)
    join(b, a)


def joined(a, b):
    a.other = b


KINDS = {
    "lists": (list, list.append),
    "instances": (Plain, joined),
    "slotted instances": (Slotted, joined),
    "dicts": (dict, lambda a, b: a.__setitem__("other", b)),
}


def collect():
    start = time.process_time()
    n = gc.collect()
    return (time.process_time() - start) / N * 1e9, n


gc.disable()
gc.collect()
gc.freeze()
for name, (make, join) in KINDS.items():
    root = []
    kept = [make() for i in range(N)]
    for o in kept:
        join(o, root)
    gc.collect()
    times = [collect() for i in range(5)]
    print(f"live {name}|{min(times)[0]:.2f}|{times[0][1]}")
    del kept, o, root
    gc.collect()
    times = []
    for i in range(3):
        for k in range(N // 2):
            pair(make, join)
        times.append(collect())
    print(f"dead {name}|{min(times)[0]:.2f}|{times[0][1]}")
