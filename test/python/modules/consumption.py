# How many items each iterator has taken from its source, step by step, after its end, and past an error of the source.

import itertools as it
import sys
from collections import deque


class Source:
    def __init__(self, size, fails=-1):
        self.taken = self.asked = 0
        self.size, self.fails = size, fails

    def __iter__(self):
        return self

    def __next__(self):
        self.asked += 1
        if self.asked == self.fails:
            raise LookupError(self.asked)
        if self.taken >= self.size:
            raise StopIteration
        self.taken += 1
        return self.taken


def steps(make, *sources, most=8):
    ends = 0
    said = []
    iterator = make(*sources)
    for _ in range(most):
        try:
            item = repr(next(iterator))
        except StopIteration:
            item = "end"
            ends += 1
        except LookupError as e:
            item = f"fails {e}"
        said.append(item + " " + "/".join(str(s.asked) for s in sources))
        if ends == 2:
            break
    return ", ".join(said)


bounds = (None, 0, 1, 2, 4, 7, sys.maxsize)
for start in bounds:
    for stop in bounds:
        for step in (None, 1, 2, 3, sys.maxsize):
            for fails in (-1, 2):
                said = steps(lambda s: it.islice(s, start, stop, step), Source(5, fails))
                print("islice", start, stop, step, fails, said)

one = {
    "accumulate": it.accumulate,
    "accumulate initial": lambda s: it.accumulate(s, initial=0),
    "batched 2": lambda s: it.batched(s, 2),
    "batched 3": lambda s: it.batched(s, 3),
    "chain": lambda s: it.chain(s, [0]),
    "chain.from_iterable": lambda s: it.chain.from_iterable([i] * i for i in s),
    "cycle": it.cycle,
    "dropwhile": lambda s: it.dropwhile(lambda i: i < 3, s),
    "takewhile": lambda s: it.takewhile(lambda i: i < 3, s),
    "filterfalse": lambda s: it.filterfalse(lambda i: i % 2, s),
    "filter": lambda s: filter(lambda i: i % 2, s),
    "groupby": lambda s: (k for k, _ in it.groupby(s, lambda i: i // 3)),
    "groupby groups": lambda s: (list(g) for _, g in it.groupby(s, lambda i: i // 3)),
    "starmap": lambda s: it.starmap(lambda *a: a, ((i, i) for i in s)),
    "pairwise": it.pairwise,
    "tee": lambda s: it.tee(s)[1],
    "enumerate": enumerate,
    "map": lambda s: map(str, s),
    "deque": lambda s: iter(deque(s, 2)),
    "callable": lambda s: iter(s.__next__, 3),
}
for name, make in one.items():
    for size in (0, 1, 2, 5):
        print(name, size, steps(make, Source(size)))
    for fails in (1, 2, 3):
        try:
            print(name, "fails", fails, steps(make, Source(5, fails)))
        except LookupError as e:
            print(name, "fails at once", e)

two = {
    "zip": zip,
    "zip_longest": it.zip_longest,
    "map": lambda a, b: map(lambda *x: x, a, b),
    "compress": it.compress,
    "chain": it.chain,
    "product": it.product,
}
for name, make in two.items():
    for sizes in ((0, 2), (2, 0), (1, 3), (3, 1), (2, 2)):
        print(name, sizes, steps(make, *map(Source, sizes)))
    try:
        print(name, "fails", steps(make, Source(3), Source(3, 2)))
    except LookupError as e:
        print(name, "fails at once", e)
for sizes in ((1, 3), (3, 1), (2, 2), (0, 1), (1, 0)):
    a, b = map(Source, sizes)
    try:
        print("zip strict", sizes, steps(lambda a, b: zip(a, b, strict=True), a, b))
    except ValueError as e:
        print("zip strict", sizes, a.asked, b.asked, e)
    a = Source(sizes[0])
    try:
        print("batched strict", sizes, steps(lambda s: it.batched(s, 2, strict=True), a))
    except ValueError as e:
        print("batched strict", sizes, a.asked, e)

# What a reader of sequences takes when it has enough.
for read in (
    lambda s: (lambda a, b: (a, b))(*it.islice(s, 2)),
    lambda s: 3 in s,
    lambda s: 9 in s,
    any,
    lambda s: all(i < 2 for i in s),
    lambda s: next(filter(lambda i: i > 1, s)),
):
    s = Source(5)
    print(read(s), s.asked)
for size in (1, 2, 3, 5):
    s = Source(size)
    try:
        a, b = s
        print(a, b, s.asked)
    except ValueError as e:
        print(e, s.asked)
    s = Source(size)
    try:
        a, *b, c = s
        print(a, b, c, s.asked)
    except ValueError as e:
        print(e, s.asked)
