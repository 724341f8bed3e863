# Context variables, contexts, tokens, and the immutable mapping below them.
import contextvars
import gc
import re
import sys
import weakref
from contextvars import Context, ContextVar, Token, copy_context


def attempt(f, *args, **kwargs):
    try:
        return f(*args, **kwargs)
    except Exception as e:
        return f"{type(e).__name__}: {re.sub('0x[0-9a-f]+', '0x', str(e))}"


print("-- variables")
v = ContextVar("v")
w = ContextVar("w", default=[1])
print(v.name, attempt(v.get), v.get(5), w.get(), w.get(None))
print(attempt(ContextVar), attempt(ContextVar, 1), attempt(ContextVar, "a", defaul=1))
print(re.sub("0x[0-9a-f]+", "0x", repr([v, w])))
print(attempt(lambda: type("V", (ContextVar,), {})), attempt(lambda: ContextVar[int]), attempt(setattr, v, "name", 1))
print(len({ContextVar("same") for _ in range(100)}), v == v, hash(v) == hash(v))


class Name(str):
    def __hash__(self):
        raise ZeroDivisionError("no hash")


print(attempt(ContextVar, Name("n")))

print("-- tokens")
t = v.set(1)
print(t.var is v, t.old_value, t.old_value is Token.MISSING, re.sub("0x[0-9a-f]+", "0x", repr(t)))
u = v.set(2)
print(u.old_value, v.get(), attempt(v.reset, u), v.get())
print(attempt(v.reset, u), attempt(w.reset, t), attempt(v.reset, 1), attempt(copy_context().run, v.reset, t))
print(attempt(v.reset, t), attempt(v.get), attempt(v.reset, t))
print(attempt(Token), attempt(hash, t), attempt(lambda: Token[int]), attempt(lambda: type("T", (Token,), {})))
old = v.set(1)
gone = copy_context()
v.reset(old)
print(attempt(v.get, "unset"), gone[v])

print("-- contexts")
c = Context()
print(len(c), list(c), v in c, c.get(v), c.get(v, 3), attempt(lambda: c[v]))
print(attempt(lambda: c["v"]), attempt(c.get, 1), attempt(lambda: 1 in c))
print(attempt(Context, 1), attempt(Context, a=1), attempt(hash, c), attempt(lambda: type("C", (Context,), {})))
print(attempt(c.run), attempt(c.run, 1), attempt(c.run, divmod, 1, 0), attempt(c.run, c.run, print))
print(attempt(c.run, int, "11", base=2), attempt(c.run, lambda: c.copy() == c))


def nested(depth):
    v.set(depth)
    if depth:
        copy_context().run(nested, depth - 1)
    return v.get()


print(c.run(nested, 20), c[v], len(c), c == Context(), c != Context(), c.copy() == c, attempt(lambda: c < c))
print([k.name for k in c.keys()], list(c.values()), [(k.name, x) for k, x in c.items()], len(c.items()))
c.run(w.set, 7)
print(sorted(k.name for k in c), c[w], w.get(), c.get(w), w in c, w in copy_context())
r = weakref.ref(c)
del c
print(r())
print([sys.getsizeof(x) for x in (Context(), v, v.set(0), Token.MISSING)])


def generator():
    v.set("in the generator")
    yield v.get()
    yield v.get("unset here")


g = generator()
v.set("outside")
print(next(g), v.get(), Context().run(next, g, None))
cycle = Context()
cycle.run(v.set, cycle)
r = weakref.ref(cycle)
del cycle
gc.collect()
print(r())

print("-- the mapping")
empty = gc.get_referents(Context())[0]
print(type(empty), type(empty)() is empty, attempt(hash, empty), attempt(lambda: empty[1]), attempt(empty.set, 1))


class Key:
    def __init__(self, hash, name):
        self.hash = hash
        self.name = name

    def __hash__(self):
        if self.hash is None:
            raise ZeroDivisionError("no hash")
        return self.hash

    def __eq__(self, other):
        if self.name == "bad" or other.name == "bad":
            raise ZeroDivisionError("no equality")
        return self.name == other.name


def shape(m):
    """The kinds of nodes below the root, and how many of each size there are."""
    kinds = {}
    seen = []
    todo = [gc.get_referents(m)[0]]
    while todo:
        node = todo.pop()
        kinds[type(node).__name__, sys.getsizeof(node)] = kinds.get((type(node).__name__, sys.getsizeof(node)), 0) + 1
        todo += [x for x in gc.get_referents(node) if type(x).__name__.startswith("hamt_")]
    return sorted(kinds.items())


for title, hashes in (
    ("one level", range(0, 40)),
    ("the same place", [i << 5 for i in range(40)]),
    ("equal", [7] * 20),
    ("equal, and one bit", [7 + ((i % 3) << 30) for i in range(20)]),
    ("equal halves", [i | i << 32 for i in range(20)]),
    ("deep", [1 << i for i in range(32)]),
    ("negative", [-i * 1000003 for i in range(100)]),
    ("many", [i * 2654435761 % 2**61 for i in range(3000)]),
):
    keys = [Key(h, i) for i, h in enumerate(hashes)]
    m = empty
    steps = []
    for i, k in enumerate(keys):
        before = m
        m = m.set(k, i)
        steps.append(m)
        assert len(m) == i + 1 and len(before) == i and m.get(k) == i and k not in before
        assert m.set(k, m[k]) == m
    print(title, len(m), shape(m))
    assert sorted(m.values()) == list(range(len(keys))) and {k.name for k in m} == set(range(len(keys)))
    other = empty
    shuffled = sorted(enumerate(keys), key=lambda pair: pair[0] * 7919 % 104729)
    for i, k in shuffled:
        other = other.set(Key(k.hash, k.name), i)
    print(other == m, other != m, shape(other) == shape(m) or title, other.set(keys[0], -1) == m)
    for i, k in shuffled:
        before = other
        other = other.delete(k)
        assert len(other) == len(before) - 1 and k in before and k not in other and other.delete(k) is other
        if len(other) == len(keys) // 2:
            print(shape(other))
    print(len(other), other is empty)
    assert all(len(s) == i + 1 and sorted(s.values()) == list(range(i + 1)) for i, s in enumerate(steps[:50]))

a, b, bad = Key(5, "a"), Key(5, "b"), Key(5, "bad")
m = empty.set(a, 1)
print(attempt(m.set, bad, 1), attempt(m.get, bad), attempt(m.delete, bad), attempt(lambda: bad in m))
m = m.set(b, 2)
print(attempt(m.set, bad, 1), attempt(m.get, bad), attempt(m.delete, bad), attempt(m.set, Key(None, "n"), 1))
print(m.get(Key(5, "c")), m.get(Key(6, "a"), "no"), attempt(lambda: m == empty.set(bad, 1).set(Key(4, "b"), 1)), m == 1)
m = m.set(Key(5 + 32, "c"), 3)
m = m.delete(Key(5 + 32, "c")).delete(b)
print(len(m), shape(m), m[a], len(m.keys()))
full = empty
for i in range(16):
    full = full.set(Key(i, i), i)
late = Key(0, "late")
full = full.set(Key(31, 31), 31)
late.hash = None
print(attempt(full.set, Key(None, 1), 1), len(full))
keys = [Key(i, i) for i in range(17)]
m = empty
for k in keys[:16]:
    m = m.set(k, k.name)
keys[3].hash = None
print(attempt(m.set, keys[16], 1), len(m))
r = weakref.ref(m)
i = iter(m.items())
print(len(i), next(i)[1], len(i), type(i).__name__)
del m, i
gc.collect()
print(r())
