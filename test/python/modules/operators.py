# The module _operator: operators as functions, what fetches items and attributes, and what calls methods.
import _operator as op
import gc
import sys

import warnings; warnings.simplefilter("ignore")


def show(what, *args, **kw):
    try:
        print(what(*args, **kw))
    except Exception as e:
        print(type(e).__name__, e)


pairs = [(7, 3), (7.5, 2), (True, 4), ("ab", 3), ([1], [2]), ({1, 2}, {2, 3}), ("%d!", 5), (1, "x")]
names = "add sub mul matmul floordiv truediv mod lshift rshift and_ xor or_ concat pow eq ne lt le gt ge is_ is_not"
for name in names.split():
    for a, b in pairs:
        print(name, end=" ")
        show(getattr(op, name), a, b)
inplace = "iadd isub imul imatmul ifloordiv itruediv imod ilshift irshift iand ixor ior iconcat ipow"
for name in inplace.split():
    for a, b in [(7, 3), ([1], [2]), ({1, 2}, {2, 3}), (1, "x")]:
        a = a.copy() if hasattr(a, "copy") else a
        r = None
        print(name, end=" ")
        show(getattr(op, name), a, b)
        print(a)
for name in "neg pos abs inv invert not_ truth index".split():
    for a in (5, -2.5, True, "x", [], None):
        print(name, end=" ")
        show(getattr(op, name), a)


class Bad:
    def __bool__(self):
        raise ValueError("no truth")

    def __eq__(self, other):
        raise ValueError("no equality")

    def __len__(self):
        return -1

    def __index__(self):
        return "x"


show(op.truth, Bad())
show(op.not_, Bad())
show(op.index, Bad())
show(op.contains, [Bad()], 1)
show(op.contains, "abc", "b")
show(op.contains, 5, "b")
show(op.indexOf, [1, 2, 3], 3)
show(op.indexOf, [1, 2, 3], 4)
show(op.indexOf, iter([Bad()]), 4)
show(op.countOf, [1, 2, 1.0, True], 1)
show(op.countOf, 5, 1)
show(op.concat, 5, 1)
show(op.iconcat, 5, 1)
show(op.iconcat, (1,), (2,))


class Seq:
    def __getitem__(self, i):
        raise IndexError

    def __add__(self, other):
        return "added"

    def __iadd__(self, other):
        return NotImplemented


show(op.iconcat, Seq(), [])
show(op.iconcat, Seq(), 5)
show(op.concat, Seq(), [])
d = {}
show(op.setitem, d, 1, 2)
show(op.getitem, d, 1)
show(op.delitem, d, 1)
show(op.delitem, d, 1)
show(op.getitem, [1, 2], "x")
show(op.add, 1)
show(op.add, 1, 2, 3)
show(op.truth)
show(op.truth, 1, 2)
show(op.length_hint, [1, 2])
show(op.length_hint, iter([1, 2, 3]))
show(op.length_hint, object())
show(op.length_hint, object(), 7)
show(op.length_hint, object(), "x")
show(op.length_hint, Bad())
show(op.length_hint)
show(op.call)
show(op.call, 5)
show(op.call, max, 1, 5, 3)
show(op.call, dict, a=1, b=2)
show(op.call, op.call, op.call, int, "12")

for a, b in [("abc", "abc"), ("abc", "abd"), ("abc", "ab"), ("", ""), ("é", "é"), (b"ab", b"ab"), (b"ab", bytearray(b"ab")),
             (memoryview(b"xyz"), b"xyz"), (b"ab", "ab"), ("ab", b"ab"), (1, 2), (b"a", 1), (1, b"a")]:
    show(op._compare_digest, a, b)


# itemgetter
g = op.itemgetter(1)
print(g([5, 6]), g((7, 8)), g("ab"), g({1: "one"}))
show(g, ())
show(g, (1,))
show(g)
show(g, 1, 2)
show(g, [1], x=1)
show(op.itemgetter)
show(op.itemgetter, 1, key=2)
show(op.itemgetter, 1, x=2)
g = op.itemgetter(2, 0, slice(1, None))
print(g("abc"))
show(g, "a")
print(g, op.itemgetter("x"), op.itemgetter(-1)((1, 2)), op.itemgetter(1 << 70))
show(op.itemgetter(1 << 70), (1,))
show(op.itemgetter(True), (1, 2))
print(g.__reduce__(), op.itemgetter(4).__reduce__())
print(g.__text_signature__, sys.getsizeof(g), sys.getsizeof(op.attrgetter("a")), sys.getsizeof(op.methodcaller("a")))
print(type(g), type(g).__module__, type(g).__name__, sorted(set(dir(g)) - set(dir(object))))
show(type, "Sub", (op.itemgetter,), {})
show(setattr, g, "x", 1)
loop = []
g = op.itemgetter(loop)
loop.append(g)
print(g)
print(gc.is_tracked(g), [r is loop for r in gc.get_referents(g) if r is not type(g)])
del g, loop
gc.collect()


# attrgetter
class A:
    pass


a = A()
a.b = A()
a.b.c = 5
a.d = "d"
print(op.attrgetter("d")(a), op.attrgetter("b.c", "d")(a), op.attrgetter("b.c.real")(a))
show(op.attrgetter("x"), a)
show(op.attrgetter("b.x.y"), a)
show(op.attrgetter(""), a)
show(op.attrgetter("b..c"), a)
show(op.attrgetter("."), a)
show(op.attrgetter)
show(op.attrgetter, 1)
show(op.attrgetter, "a", 1)
show(op.attrgetter, "a", x=1)
show(op.attrgetter("d"))
show(op.attrgetter("d"), a, a)
show(op.attrgetter("d"), a, x=1)
print(op.attrgetter("d"), op.attrgetter("b.c", "d"), op.attrgetter("é.ü"))
print(op.attrgetter("b.c", "d").__reduce__(), op.attrgetter("x.y.z").__reduce__())
print(op.attrgetter("a").__text_signature__)


# methodcaller
class M:
    def m(self, *args, **kw):
        return args, kw


print(op.methodcaller("m")(M()), op.methodcaller("m", 1, 2)(M()), op.methodcaller("m", 1, x=2, y=3)(M()))
print(op.methodcaller("upper")("abc"), op.methodcaller("replace", "a", "b")("banana"), op.methodcaller("split", sep=",")("a,b"))
show(op.methodcaller)
show(op.methodcaller, 5)
show(op.methodcaller, name="x")
show(op.methodcaller("nope"), M())
show(op.methodcaller("m"))
show(op.methodcaller("m"), 1, 2)
show(op.methodcaller("m"), M(), x=1)
print(op.methodcaller("m"), op.methodcaller("m", 1, "x"), op.methodcaller("m", 1, x="y"), op.methodcaller("m", z=None))
print(op.methodcaller("m", 1, 2).__reduce__())
print(op.methodcaller("a").__text_signature__)
m = op.methodcaller("m", [])
m.__reduce__()[1][1].append(m)
print(m)
del m
gc.collect()


# A call that makes the same call again, and one that drops its callable.
class Deep:
    def __init__(self, n):
        self.n = n

    def m(self, x, k):
        if self.n:
            inner = caller(Deep(self.n - 1))
        return (self.n, x, k)


caller = op.methodcaller("m", "x", k="k")
print(caller(Deep(5)))


class Dropping:
    def m(self, x):
        global dropped
        del dropped
        return x


dropped = op.methodcaller("m", "a" + str(1))
print(dropped(Dropping()))
print(sorted(n for n in dir(op) if not n.startswith("__")))
print(op.__name__, bool(op.__doc__))
