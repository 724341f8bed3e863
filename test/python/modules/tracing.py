import gc
import _tracemalloc as t

gc.disable()


def refused(*args, **kwargs):
    try:
        t.start(*args, **kwargs)
    except Exception as e:
        print(type(e).__name__, e)
    else:
        print("accepted", args, t.is_tracing())


refused(0)
refused(-1)
refused(65536)
refused(2**31)
refused(-(2**40))
refused("x")
refused(1.5)
refused(1, 2)
refused(nframe=3)
for f in t.stop, t.is_tracing, t.clear_traces, t._get_traces, t.get_traced_memory, t.reset_peak:
    try:
        f(1)
    except TypeError as e:
        print(e)
try:
    t._get_object_traceback()
except TypeError as e:
    print(e)
print(t.is_tracing(), t.get_traced_memory(), t._get_traces(), t.get_traceback_limit(), t._get_object_traceback([]))
print(t.stop(), t.clear_traces(), t.reset_peak())


def used_up():
    # Blocks that are kept for reuse were allocated before tracing: take them all.
    held = [[[] for _ in range(200)], [1.5 * i for i in range(300)], [{} for _ in range(200)]]
    held += [{"k": i} for i in range(200)], [slice(i, 1) for i in range(5)]
    for n in range(1, 21):
        held.append([tuple([i] * n) for i in range(2200)])
    return held, []


held = used_up()


def lines(frames):
    return [line for name, line in frames if name.endswith("tracing.py")]


def traces():
    found = {}
    for domain, size, frames, total in t._get_traces():
        found.setdefault(lines(frames)[0] if lines(frames) else 0, []).append(size)
    return found


def values():
    n = 10**5
    big = n * n
    huge = big**3
    shifted, negative, less, divided = n << 40, -n, n - 1, huge // 3
    read = int("123456"), int("1234567890"), int("123456789012345678901234567890")
    f = 1.5 * n
    c = 1j * n
    s = "abc%d" % n
    latin = "\xe9" * n.__index__()
    wide = s + "\u0416"
    widest = s + "\U0001f600"
    parts = "a b c".split()
    joined = "-".join(parts)
    b = b"x" * 100
    ba = bytearray(10)
    ba += b
    mv = memoryview(b)
    lst = [n, f]
    lst.append(s)
    copy = list(lst)
    spread = [*lst, n]
    made = [i for i in lst]
    part = lst[1:3]
    tup = lst, n
    tup2 = tuple(range(10))
    d = {}
    d["a"] = n
    two = {"a": n, "b": f}
    two_copy = dict(two)
    many = {i: i for i in range(20)}
    both = two | many
    few = {1, 2, 3}
    more = set(range(50))
    frozen = frozenset(tup2)
    sl = slice(n, big)
    rg = range(n, big)
    bound = lst.append
    gen = (i for i in lst)
    func = lambda q=tup: q
    cell = lambda: n
    zipped = zip(lst, made)
    counted = enumerate(lst)
    mapped = map(func, lst)
    prop = property(func)
    stat = staticmethod(func)
    it = iter(lst)
    big_list = [None] * 1000
    return traces(), locals()


t.start(2)
found, kept = values()
for line in sorted(found):
    print(line, sorted(found[line]))
t.stop()


class Plain:
    pass


class Slots:
    __slots__ = "a", "__weakref__"


class Sub(int):
    pass


class Deep(list):
    __slots__ = ()


def places():
    return {
        "plain": Plain(),
        "slots": Slots(),
        "sub": Sub(5),
        "deep": Deep(),
        "float": 1.5 * len(held),
        "list": [1],
        "tuple": (held, 1.5 * len(held)),
        "function": lambda: None,
        "class": type("Made", (Plain,), {}),
        "exception": ValueError("x", 1.5 * len(held)),
        "small": 5,
        "none": None,
        "native": len,
    }


def outer():
    return places()


held = held, used_up()
t.start(4)
made = outer()
for name, value in made.items():
    frames = t._get_object_traceback(value)
    print(name, frames and lines(frames))
made["plain"].x = [1]
print(lines(t._get_object_traceback(made["plain"].__dict__)), lines(t._get_object_traceback(made["plain"].x)))


def base_total():
    x = 1.5 * len(held)
    return [total for _, _, frames, total in t._get_traces() if frames == t._get_object_traceback(x)][0]


base = base_total()


def recurse(n):
    return [0.5 * n] if n == 0 else recurse(n - 1)


def generate():
    yield 2.5 * len(held)


def traced(o):
    frames = t._get_object_traceback(o)
    totals = {total - base for _, _, f, total in t._get_traces() if f == frames}
    return lines(frames), totals


print(traced(recurse(0)), traced(recurse(3)), traced(recurse(40)), traced(next(generate())))
scope = {"n": held}
exec(compile("a = [n]\nb = [n, n]\ndef f(): return [n]\nc = f()", "".join(["other", ".py"]), "exec"), scope)
exec(compile("d = [n]", "".join(["other", ".py"]), "exec"), scope)
frames = [t._get_object_traceback(scope[name]) for name in "abcd"]
print([f[:2] if name == "c" else f[:1] for name, f in zip("abcd", frames)])
print(len({id(f[0][0]) for f in frames}))

# Equal tracebacks are one tuple in an answer, and equal file names one str.
row = [bytes(1000 + n - n) for n in range(10)]
answer = [x for x in t._get_traces() if x[1] == 1033]
print(len(answer), {x[0] for x in answer}, len({id(x[2]) for x in answer}), len({id(x) for x in answer}))
other = [x for x in t._get_traces() if x[1] == 1033]
print(other == answer, other[0][2] is answer[0][2], other[0][2][0][0] is answer[0][2][0][0])
del answer, other, row

# What is taken from a free list was allocated where it is taken.
first = [held]
where = id(first)
del first
second = [held]
print(id(second) == where, lines(t._get_object_traceback(second))[0] - lines(t._get_object_traceback(made))[0] > 0)


class Phoenix:
    def __del__(self):
        global risen
        risen = self


def burn():
    Phoenix()


burn()
print(lines(t._get_object_traceback(risen)))


def figures():
    t.clear_traces()
    before, _ = t.get_traced_memory()
    block = bytes(100_000)
    during, peak = t.get_traced_memory()
    print(during - before - 100_033 in range(200), peak >= during)
    del block
    after, peak2 = t.get_traced_memory()
    print(after - before in range(300), peak2 >= peak, peak2 - after > 99_000)
    t.reset_peak()
    now, peak3 = t.get_traced_memory()
    print(peak3 - now in range(300))
    array = bytearray(5000)
    line = lines(t._get_object_traceback(array))
    grown = bytearray(10)
    grown += bytes(700)
    grown += bytes(7000)
    del grown[10:]
    sizes = [size for _, size, frames, _ in t._get_traces()]
    print(5001 in sizes, 711 in sizes, 7711 in sizes, 11 in sizes)
    print(t.get_tracemalloc_memory() > 0)


figures()
t.start(9)
print(t.is_tracing(), t.get_traceback_limit())
t.clear_traces()
print(t._get_object_traceback(made))
t.stop()
t.stop()
print(t.is_tracing(), t.get_traced_memory(), t._get_traces(), t.get_traceback_limit(), t._get_object_traceback(made))
t.start()
print(t.get_traceback_limit())
t.stop()
