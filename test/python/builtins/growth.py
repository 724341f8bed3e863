# How containers grow and shrink: the size after each of many operations, printed where it changes.
import sys


def steps(name, sizes):
    """The sizes of a run of operations, each with the number of the first operation that gave it."""
    shown = []
    for i, size in enumerate(sizes):
        if not shown or shown[-1][1] != size:
            shown.append((i, size))
    print(name, *(f"{i}:{size}" for i, size in shown))


def after_each(o, operations):
    for operation in operations:
        operation(o)
        yield sys.getsizeof(o)


def times(n, operation):
    return ((lambda o, i=i: operation(o, i)) for i in range(n))


# Filled one by one, emptied one by one, filled again.
o = []
steps("list append", after_each(o, times(3000, lambda o, i: o.append(i))))
steps("list pop", after_each(o, times(3000, lambda o, i: o.pop())))
for key in (int, str):
    o = {}
    steps(f"dict {key.__name__}", after_each(o, times(3000, lambda o, i: o.__setitem__(key(i), i))))
    steps("dict popitem", after_each(o, times(3000, lambda o, i: o.popitem())))
    steps("dict again", after_each(o, times(3000, lambda o, i: o.__setitem__(-i, i))))
o = set()
steps("set add", after_each(o, times(3000, lambda o, i: o.add(i))))
steps("set pop", after_each(o, times(3000, lambda o, i: o.pop())))
steps("set again", after_each(o, times(3000, lambda o, i: o.add(-i))))
o = bytearray()
steps("bytearray append", after_each(o, times(600, lambda o, i: o.append(i & 255))))
steps("bytearray pop", after_each(o, times(600, lambda o, i: o.pop())))

# Mixed.
o = []
steps("list extend", after_each(o, times(200, lambda o, i: o.extend([1] * (i % 7)))))
steps("list insert", after_each(o, times(100, lambda o, i: o.insert(i, 0))))
steps("list del", after_each(o, times(100, lambda o, i: o.__delitem__(slice(i, i + 3)))))
steps("list slice", after_each(o, times(20, lambda o, i: o.__setitem__(slice(2, 4), [0] * i))))
steps("list +=", after_each(o, times(20, lambda o, i: o.__iadd__((1, 2, 3)[: i % 4]))))
more = [range(5), iter(range(5)), {1, 2, 3}, {1: 2}, "abc", map(int, "123456789012345"), (), [], (1, 2)]
steps("list extend by", after_each(o, ((lambda o, m=m: o.extend(m)) for m in more)))
ends = [lambda o: o.__imul__(2), lambda o: o.sort(key=str), lambda o: o.remove(1), lambda o: o.reverse(), lambda o: o.clear()]
steps("list ends", after_each(o, ends))
o = {}
steps("dict update", after_each(o, times(10, lambda o, i: o.update({j: j for j in range(i * 3)}))))
ends = [
    lambda o: o.clear(),
    lambda o: o.__setitem__(1, 1),
    lambda o: o.__setitem__("a", 1),
    lambda o: o.setdefault("b", 2),
    lambda o: o.popitem(),
    lambda o: o.__ior__(dict.fromkeys("abcdefghijklm")),
]
steps("dict ends", after_each(o, ends))
o = set()
steps("set update", after_each(o, times(10, lambda o, i: o.update(range(i * 5)))))
ends = [lambda o: o.__iand__({1, 2, 3}), lambda o: o.__isub__({1}), lambda o: o.__ior__({9}), lambda o: o.clear()]
steps("set ends", after_each(o, ends))
o = bytearray(b"abc" * 50)
ends = [
    lambda o: o.__delitem__(slice(0, 100)),
    lambda o: o.__iadd__(b"x" * 10),
    lambda o: o.extend(range(50)),
    lambda o: o.extend(i for i in range(33)),
    lambda o: o.__imul__(3),
    lambda o: o.__setitem__(slice(1, 2), b"zzzzz"),
    lambda o: o.insert(0, 3),
    lambda o: o.clear(),
]
steps("bytearray ends", after_each(o, ends))


def grown_text():
    s = ""
    for part in ["ab"] * 100 + ["é", "x", "€", "😀"]:
        s += part
        yield sys.getsizeof(s)


steps("str +=", grown_text())

# Made at once, of n items, in every way there is.
ways = {
    "list": lambda n: list(range(n)),
    "list of iterator": lambda n: list(i for i in range(n)),
    "comprehension": lambda n: [i for i in range(n)],
    "list of tuple": lambda n: list((0,) * n),
    "list of str": lambda n: list("x" * n),
    "list of dict": lambda n: list(dict.fromkeys(range(n))),
    "list of set": lambda n: list(set(range(n))),
    "list of map": lambda n: list(map(str, range(n))),
    "list of zip": lambda n: list(zip(range(n), range(n))),
    "list of filter": lambda n: list(filter(None, range(n))),
    "list of enumerate": lambda n: list(enumerate(range(n))),
    "list reversed": lambda n: list(reversed(range(n))),
    "sorted": lambda n: sorted(range(n)),
    "list copy": lambda n: ([0] * n).copy(),
    "list slice": lambda n: ([0] * n)[:],
    "list display": lambda n: [*range(n)],
    "list display and one": lambda n: [*range(n), 1],
    "list sum": lambda n: [1] + [0] * n,
    "list product": lambda n: [0] * n,
    "tuple": lambda n: tuple(range(n)),
    "tuple of iterator": lambda n: tuple(i for i in range(n)),
    "dict": lambda n: dict.fromkeys(range(n)),
    "dict of list": lambda n: dict.fromkeys([*range(n)]),
    "dict of set": lambda n: dict.fromkeys(set(range(n))),
    "dict of dict": lambda n: dict.fromkeys({i: i for i in range(n)}),
    "dict of dict of str": lambda n: dict.fromkeys({str(i): i for i in range(n)}),
    "dict copy": lambda n: {i: i for i in range(n)}.copy(),
    "dict(dict)": lambda n: dict({i: i for i in range(n)}),
    "dict of pairs": lambda n: dict([(i, i) for i in range(n)]),
    "dict union": lambda n: {i: i for i in range(n)} | {1: 2},
    "dict display": lambda n: {**{i: i for i in range(n)}},
    "dict of keywords": lambda n: dict(**{f"k{i}": i for i in range(n)}),
    "set": lambda n: set(range(n)),
    "frozenset": lambda n: frozenset(range(n)),
    "set copy": lambda n: set(range(n)).copy(),
    "set of set": lambda n: set(set(range(n))),
    "set of dict": lambda n: set(dict.fromkeys(range(n))),
    "set union": lambda n: set(range(n)) | {-1},
    "set difference": lambda n: set(range(n)) - {1},
    "set intersection": lambda n: set(range(n)) & {1, 2},
    "bytearray": lambda n: bytearray(n),
    "bytearray of bytes": lambda n: bytearray(b"a" * n),
    "bytearray of list": lambda n: bytearray([1] * n),
    "bytearray of tuple": lambda n: bytearray((1,) * n),
    "bytearray of bools": lambda n: bytearray([True] * n),
    "bytearray of iterator": lambda n: bytearray(1 for _ in range(n)),
}
for name, way in ways.items():
    print(name, *(sys.getsizeof(way(n)) for n in (0, 1, 2, 3, 5, 8, 11, 12, 13, 17, 100)))

# Lists of parts begin with room for a few.
for separator in (None, ",", "ab"):
    for text in ("a ", "ab,", "€ab,", "x\n"):
        for limit in (-1, 0, 1, 5, 20):
            sizes = []
            for n in (0, 1, 2, 5, 11, 12, 13, 30):
                sizes += sys.getsizeof((text * n).split(separator, limit)), sys.getsizeof((text * n).rsplit(separator, limit))
            print("str split", repr(separator), ascii(text), limit, *sizes)
            if not text.isascii():
                continue
            data = [kind(text.encode() * n) for kind in (bytes, bytearray) for n in (0, 1, 5, 12, 13, 30)]
            part = separator and separator.encode()
            print("bytes split", *(sys.getsizeof(d.split(part, limit)) for d in data))
            print("bytes rsplit", *(sys.getsizeof(d.rsplit(part, limit)) for d in data))
    print("splitlines", *(sys.getsizeof(("x\n" * n).splitlines()) for n in range(20)))

# The text of one digit: a str of its own where int makes it, a shared one where it is put together.
one = 7
texts = [str, repr, lambda n: f"{n}", format, lambda n: f"{n:d}", lambda n: "%d" % n, lambda n: "%s" % n, "{}".format, "{:d}".format, lambda n: chr(48 + n), ascii]
print("shared", *(text(one) is text(one) for text in texts), *(text(-one) is text(-one) for text in texts[:4]))
