# What native functions of values and containers answer when Python code that they call (__index__, __buffer__, __eq__,
# __iter__, __length_hint__, a finalizer) changes the object they work on, in ways that test/reentrance does not try.
import itertools


def attempt(f):
    try: print(ascii(f())[:120])
    except BaseException as e: print(type(e).__name__, e)


class I:
    def __init__(s, act, v): s.act, s.v = act, v
    def __index__(s): s.act(); return s.v

class B:
    def __init__(s, act, v=b"hello"): s.act, s.v = act, v
    def __buffer__(s, f): s.act(); return memoryview(s.v)


# Slices and items of what was cut meanwhile.
L = [[k] for k in range(60)]
attempt(lambda: L[I(lambda: L.__delitem__(slice(31, None)), 20):60][11:14])
L = [[k] for k in range(60)]
attempt(lambda: L[I(L.clear, 20):60])
L = [[k] for k in range(60)]
attempt(lambda: L[::I(L.clear, 2)])
b = bytearray(600)
attempt(lambda: b.__setitem__(300, I(b.clear, 5)))
b = bytearray(600)
b[300:302] = [I(b.clear, 5), 66]; print(b)
b = bytearray(b"z" * 40); print(bytes(b[I(b.clear, 5):30]))
b = bytearray(b"z" * 40); b[20:30] = B(b.clear); print(b)
b = bytearray(b"z" * 40); b += B(b.clear); print(b)
b = bytearray(b"z" * 40); b[I(b.clear, 3):9:2] = B(lambda: None, b""); print(b)
m = memoryview(bytearray(b"0123456789"))
attempt(lambda: m.__setitem__(slice(I(m.release, 1), 6), b"hello"))

# An array that is looked at keeps its size.
b = bytearray(b"ab")
attempt(lambda: b.__iadd__(b))
print(b)

# Hints of length.
class H:
    def __init__(s, v): s.v = v
    def __iter__(s): return iter([1, 2, 3])
    def __length_hint__(s): return s.v

class Sized:
    def __iter__(s): return iter([1, 2, 3])
    def __len__(s): raise RuntimeError("len")

makers = (bytes, bytearray, list, tuple, lambda x: [*x], lambda x: [1, *x], lambda x: (*x,), lambda x: bytearray(b"a").extend(x),
          lambda x: [1].extend(x), lambda x: [].__iadd__(x), sorted, lambda x: int.from_bytes(x, "big"))
for v in (-1, "x", None, 2**44, 2**62, 2**63 - 1, 2**64, 3, 0, NotImplemented, 1.5):
    print(v)
    for g in makers: attempt(lambda: g(H(v)))
for g in makers: attempt(lambda: g(Sized()))

# Counts of places.
for n in (2**44, 2**64, -1, 3):
    attempt(lambda: next(itertools.combinations(range(5), n)))
    attempt(lambda: next(itertools.permutations(range(5), n)))
    attempt(lambda: next(itertools.product(range(5), repeat=n)))
attempt(lambda: itertools.permutations(range(5), "x"))
attempt(lambda: list(itertools.product(repeat=2**44)))

# Buffers with gaps, and lenders that refuse.
b = bytearray(b"xyz"); b[0:3] = memoryview(b"abc")[::-1]; print(b)
back = memoryview(b"abc")[::-1]
attempt(lambda: b"%s" % back)
attempt(lambda: (bytearray(b"cba") == back, back == bytearray(b"cba")))
attempt(lambda: bytearray(b"1").__iadd__(back))
b = bytearray(b"12345678"); b[::2] = b""; print(b)

class Refuses:
    def __buffer__(s, f): raise ZeroDivisionError("no")
released = memoryview(b"abc"); released.release()
for x in (Refuses(), released, 5, "s", None):
    print(type(x).__name__)
    for g in (lambda: b"".join([x]), lambda: b"a" + x, lambda: bytearray(b"a") + x, lambda: bytearray(b"a").__iadd__(x),
              lambda: bytearray(b"a") == x, lambda: bytearray(b"a") < x, lambda: str(x, "utf-8"), lambda: int(x), lambda: float(x),
              lambda: eval(x, {"s": 1}), lambda: x in b"a", lambda: b"a".find(x), lambda: b"a".startswith(x), lambda: b"a".strip(x),
              lambda: b"a".split(x), lambda: b"%s" % x, lambda: bytes(x), lambda: bytearray(b"a").extend(x),
              lambda: bytearray(b"a").__setitem__(slice(0, 1), x), lambda: released == x, lambda: memoryview(b"a") == x):
        attempt(g)

# Keys that change their table.
class E:
    def __init__(s, k): s.k = k
    def __hash__(s): return 1
    def __eq__(s, o): S.clear(); return True
S = set(); S.add(E(1)); S.add(E(2)); print(len(S))

class K:
    def __init__(s, f): s.f = f
    def __hash__(s): return hash("a")
    def __eq__(s, o): s.f(); return False

for change in (lambda: D.clear(), lambda: (D.clear(), D.update(b=1, c=2)), lambda: D.update(dict.fromkeys(range(99)))):
    D = {"a": 1}; D[K(change)] = 1; print([type(k).__name__ for k in D][-2:], D.get("zz"), D.get("b"))
    D = {"a": 1}; D.setdefault(K(change)); print([type(k).__name__ for k in D][-2:], D.get("zz"), D.get("b"))

# A dict that is emptied while its values' finalizers fill it.
class O: pass
class Z:
    def __del__(s): o.q = 1; o.__dict__.clear(); o.w = 3
o = O(); o.a = Z(); o.b = Z(); o.__dict__.clear(); print(sorted(o.__dict__))

class Name(str):
    def __hash__(s): o.y = 5; o.__dict__; return hash("n")
    def __eq__(s, x): return str.__eq__(s, x)
o = O(); o.x = 1; setattr(o, Name("n"), 7); print(sorted(o.__dict__))
class Swap:
    def __hash__(s): return hash("n")
    def __eq__(s, x): o.__dict__ = {}; return False
o = O(); o.__dict__[Swap()] = 1; o.n = 2; print(sorted(map(str, o.__dict__)))

# Iterators that go on with the iterator which asks them.
class Again:
    """An iterator that takes from `of()` while it is asked, and then gives its next."""
    def __init__(s, n): s.n, s.deep = n, 0
    def __iter__(s): return s
    def __next__(s):
        s.n -= 1
        if s.n < 0: raise StopIteration
        s.deep += 1
        if s.deep < 3: next(of, None)
        return [s.n]

for make in (itertools.cycle, itertools.chain.from_iterable, lambda a: itertools.chain(a, a), lambda a: itertools.islice(a, 0, 9, 2),
             itertools.pairwise, lambda a: itertools.batched(a, 2), lambda a: itertools.accumulate(a), enumerate, zip,
             lambda a: itertools.zip_longest(a, [1]), itertools.groupby, lambda a: itertools.takewhile(bool, a),
             lambda a: map(str, a), lambda a: filter(None, a)):
    of = make(Again(6))
    attempt(lambda: sum(1 for _ in itertools.islice(of, 3)) > 0)
    of = None

class Seq:
    def __len__(s): return 3
    def __getitem__(s, i):
        if s.deep:
            s.deep -= 1
            list(of)
        if i > 2: raise IndexError
        return i
for make in (reversed, iter):
    s = Seq(); s.deep = 1; of = make(s); del s
    attempt(lambda: [next(of, None), next(of, None), next(of, None)])
def call():
    global calls
    calls += 1
    if calls < 3: list(of)
    return calls
calls = 0; of = iter(lambda: call(), 5); attempt(lambda: [next(of, None), next(of, None)])
