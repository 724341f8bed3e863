# The iterators of itertools: what they are pickled and copied as, which results are the same tuple, sizes, bad states.
import gc
import sys
import warnings
import weakref
from itertools import *
import itertools

warnings.simplefilter("ignore", DeprecationWarning)


def attempt(f, *args):
    try:
        return f(*args)
    except Exception as e:
        return f"{type(e).__name__}: {e}"


def again(it):
    """What pickling makes of an iterator."""
    r = it.__reduce__()
    new = r[0](*[again(a) if isinstance(a, PICKLED) else a for a in r[1]])
    if len(r) > 2 and r[2] is not None:
        state = r[2]
        if isinstance(state, tuple):
            state = tuple([again(a) if isinstance(a, PICKLED) else a for a in state])
        new.__setstate__(state)
    return new


def show(v):
    """A reduction, with iterators of lists by what is left in them."""
    if isinstance(v, tuple):
        return tuple([show(x) for x in v])
    if isinstance(v, type):
        return v.__name__
    if isinstance(v, PICKLED):
        return type(v).__name__, show(v.__reduce__())
    if callable(v):
        return "function"
    return v


PICKLED = (
    type(iter([])), type(iter(())), type(iter("")), type(iter("\xff")), type(iter(range(1))), accumulate, chain,
    combinations, combinations_with_replacement, compress, count, cycle, dropwhile, filterfalse, groupby, islice,
    permutations, product, repeat, starmap, takewhile, zip_longest, itertools._tee, itertools._tee_dataobject,
)


def odd(x):
    return x % 2


print("-- pickled after some steps")
for title, make in {
    "accumulate": lambda: accumulate([1, 2, 3, 4]),
    "accumulate by a function": lambda: accumulate([1, 2, 3, 4], max),
    "accumulate from": lambda: accumulate([1, 2, 3], initial=100),
    "accumulate None": lambda: accumulate([None, 2, 3], lambda a, b: None if b == 2 else b),
    "chain": lambda: chain([1, 2], [], [3]),
    "combinations": lambda: combinations("abcd", 2),
    "no combinations": lambda: combinations("ab", 3),
    "with replacement": lambda: combinations_with_replacement("abc", 2),
    "none with replacement": lambda: combinations_with_replacement("", 2),
    "compress": lambda: compress([1, 2, 3, 4, 5], [1, 0, 1, 1, 0]),
    "count": lambda: count(3),
    "count by": lambda: count(3, -2),
    "count large": lambda: count(sys.maxsize - 9),
    "count larger": lambda: count(sys.maxsize + 5),
    "count float": lambda: count(1.5),
    "count bool": lambda: count(False, True),
    "cycle": lambda: cycle([1, 2, 3]),
    "cycle nothing": lambda: cycle([]),
    "dropwhile": lambda: dropwhile(odd, [1, 3, 4, 5]),
    "filterfalse": lambda: filterfalse(odd, [1, 2, 3, 4]),
    "groupby": lambda: (len(list(g)) if k else k for k, g in groupby([0, 1, 1])),
    "islice": lambda: islice([1, 2, 3, 4, 5, 6], 1, 6, 2),
    "islice to the end": lambda: islice([1, 2, 3], 1, None),
    "permutations": lambda: permutations("abc", 2),
    "all permutations": lambda: permutations("ab"),
    "no permutations": lambda: permutations("a", 2),
    "product": lambda: product("ab", [1, 2]),
    "product of nothing": lambda: product("ab", []),
    "product of none": lambda: product(),
    "repeat": lambda: repeat("x"),
    "repeat some": lambda: repeat("x", 3),
    "starmap": lambda: starmap(divmod, [(7, 2), (9, 4)]),
    "takewhile": lambda: takewhile(odd, [1, 3, 4, 5]),
    "zip_longest": lambda: zip_longest("abc", [1], fillvalue="-"),
}.items():
    for steps in range(5):
        it = make()
        seen = [next(it, "end") for _ in range(steps)]
        if title == "groupby":
            print(title, seen)
            continue
        print(title, seen, show(it.__reduce__()))
        copied = again(it)
        print("  ", [next(copied, "end") for _ in range(5)])

print("-- groups")
g = groupby([1, 1, 2, 2, 3], odd)
print(show(g.__reduce__()))
k, group = next(g)
print(show(g.__reduce__()), group.__reduce__()[0] is itertools._grouper, group.__reduce__()[1][1])
print(next(group), show(g.__reduce__()), next(group), show(g.__reduce__()))
next(g)
print(show(group.__reduce__()), list(group))
other = itertools._grouper(g, 0)
print(list(other), attempt(itertools._grouper, 1, 2), attempt(itertools._grouper, g))
print(attempt(g.__setstate__, 1), attempt(g.__setstate__, (1, 2)), g.__setstate__((5, 6, 5)), next(g, None))

print("-- tee")
a, b, c = tee(iter(range(200)), 3)
print([next(a) for _ in range(120)][-1], next(b), type(a).__name__, tee([], 0), len(tee(a, 5)), tee(a)[0] is a)
copied = again(a)
print(list(copied) == list(a), next(copied, "end"), [next(b) for _ in range(60)] == list(range(1, 61)), next(c))
d = again(b)
print(next(d), next(b), attempt(tee, [], -1), attempt(tee, 1), attempt(tee))
print(attempt(itertools._tee), attempt(itertools._tee, 3), list(itertools._tee("ab")), list(itertools._tee(tee("cd")[0])))
data = b.__reduce__()[2][0]
print(type(data).__name__, len(data.__reduce__()[1][1]), attempt(iter, data), sys.getsizeof(data), sys.getsizeof(b))
D = itertools._tee_dataobject
print(len(attempt(D, [], [], None).__reduce__()), attempt(D, [], (), None), attempt(D, [], [0] * 58, None), attempt(D, [], [], data))
print(attempt(D, [], [0] * 57, 1), attempt(D, [], [0] * 57, data) is not None, attempt(D, [1, 2]))
print(attempt(b.__setstate__, 0), attempt(b.__setstate__, (data,)), attempt(b.__setstate__, (data, 58)))
print(attempt(b.__setstate__, (data, -1)), attempt(b.__setstate__, (1, 1)), attempt(b.__setstate__, (data, "x")))
r = weakref.ref(b)
del b
print(r(), attempt(lambda: type("T", (itertools._tee,), {})))


class Again:
    def __init__(self):
        self.tees = None

    def __iter__(self):
        return self

    def __next__(self):
        return next(self.tees[1])


it = Again()
it.tees = tee(it)
print(attempt(next, it.tees[0]))
a, b = tee(range(100000))
list(a)
del a, b, it
cycle_of = tee(x for x in [1])
cycle_of = (cycle_of, [cycle_of[0]])
gc.collect()


class Copied:
    def __iter__(self):
        return self

    def __next__(self):
        raise StopIteration

    def __copy__(self):
        return "a copy"


print(tee(Copied(), 3)[1:])

print("-- the same tuple")
for it in (product("ab", repeat=3), combinations("abcd", 3), permutations("abc"), combinations_with_replacement("abc", 3)):
    print(len({id(t) for t in it}))
for it in (product("ab", repeat=3), combinations("abcd", 3), permutations("abc"), combinations_with_replacement("abc", 3)):
    kept = list(it)
    print(len({id(t) for t in kept}), kept[0], kept[-1], len(set(kept)))
print([len(list(f("abcde", r))) for f in (combinations, combinations_with_replacement, permutations) for r in range(7)])
print(list(combinations("abc", 0)), list(combinations_with_replacement("", 0)), list(permutations("", 0)))
print([list(combinations_with_replacement("", r)) for r in range(3)], list(product(repeat=0)), list(product("ab", repeat=0)))

print("-- sizes")
print([sys.getsizeof(x) for x in (
    product("ab", repeat=5), combinations("abcd", 3), permutations("abcd", 2), combinations_with_replacement("ab", 9),
    accumulate([]), chain(), compress([], []), count(), cycle([]), dropwhile(odd, []), filterfalse(odd, []),
    groupby([]), islice([], 1), pairwise([]), repeat(1), starmap(odd, []), takewhile(odd, []), zip_longest(), batched([], 1),
)])

print("-- states that are wrong")
for it in (
    cycle([1, 2]), chain([1]), product("ab", "c"), combinations("abc", 2), permutations("abc", 2),
    combinations_with_replacement("abc", 2), islice([1, 2], 2), takewhile(odd, [1]), accumulate([1, 2]),
):
    for state in (None, 1, (), (1,), (1, 2), ([], 1), ([1], "x"), ("x", "y"), (9, -9), ((), ()), ((2, 1, 0), (9, 9)), ([1], iter([2]))):
        copy = again(it)
        print(type(it).__name__, state if not isinstance(state, tuple) or len(state) < 2 or not hasattr(state[1], "__next__") else 0,
              attempt(copy.__setstate__, state), end="; ")
    print()
c = chain()
c.__setstate__((iter(["ab", "cd"]), iter("x")))
print(list(c), attempt(c.__setstate__, ([], None)), attempt(c.__setstate__, (iter([]), [])))
for state in ((0, 5), (-1, -1), (3, 0), (1, 1)):
    for it in (combinations("abc", 2), combinations_with_replacement("abc", 2), product("abc", "ab")):
        it.__setstate__(state)
        print(list(it), end=" ")
    print()
p = permutations("abcd", 2)
p.__setstate__(((3, 2, 1, 0), (9, -9)))
print(list(p))
short = cycle([1, 2, 3])
[next(short) for _ in range(5)]
short.__setstate__(([7, 8], True))
print([next(short) for _ in range(5)])
print(repr(count(sys.maxsize - 1)), repr(count(5, True)), repr(count(1, 2)), repr(repeat(1, sys.maxsize)))
c = count(sys.maxsize - 1)
print([next(c) for _ in range(4)], attempt(repeat, 1, 2**64), repeat(1, 2**62).__length_hint__())
print(attempt(islice, [1], 2**63), attempt(islice, [1], -1), attempt(islice, [1], 0, 1, 0), islice("abc", 2**62, None).__reduce__()[1][1])
