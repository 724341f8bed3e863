# What must not fail, done while every allocation fails, or every one from the n-th on. CONTRIBUTING.md has the list.
# arm() and disarm() are readings of a clock, which the test answers by letting allocations fail and work again.
import _collections, _contextvars, _functools, _io, _queue, _thread, _weakref, gc, mmap, sys, time

arm = disarm = time.perf_counter
CASES = []

def case(make):
    """make() gives what is done and what must hold afterwards, both functions without parameters."""
    CASES.append((make.__name__, make))
    return make

class Base: pass
class Weak: pass
class Sub(Base): pass

@case
def class_in_a_cycle_dies():
    made = type("Made", (Base,), {"__slots__": ("a", "b"), "f": lambda self: 1})
    instance = made()
    instance.a = made
    made = instance = None
    # A class is in a cycle with itself: it dies by the collector.
    return gc.collect, lambda: Base.__subclasses__() == [Sub]

@case
def class_that_its_own_code_drops():
    made = [type("Made", (Base, Weak), {})]
    r = _weakref.ref(made[0])
    def drop():
        made.clear()
        gc.collect()
    return drop, lambda: Base.__subclasses__() == [Sub] and Weak.__subclasses__() == [] and r() is None

@case
def attribute_of_a_class_goes():
    class Made(Base): x = 1
    class Under(Made): pass
    Under.x
    def drop(): del Made.x
    return drop, lambda: not hasattr(Under, "x")

@case
def weak_reference_goes():
    o = Weak()
    refs = [_weakref.ref(o), _weakref.ref(o, print), _weakref.proxy(o), _weakref.proxy(o, print)]
    return refs.clear, lambda: _weakref.getweakrefcount(o) == 0

@case
def referent_goes():
    o = [Weak()]
    refs = [_weakref.ref(o[0]), _weakref.ref(o[0], len), _weakref.proxy(o[0])]
    return o.clear, lambda: refs[0]() is None and refs[1]() is None and _weakref.getweakrefcount(refs[0]) == 0

@case
def referents_in_a_cycle_go():
    a, b = Weak(), Weak()
    a.b, b.a = b, a
    refs = [_weakref.ref(a), _weakref.ref(b, len)]
    a = b = None
    return gc.collect, lambda: refs[0]() is None and refs[1]() is None

def cleared(name, make, clear=None):
    def made():
        o = make()
        dead = [_weakref.ref(w) for w in WATCHED]
        WATCHED.clear()
        return (clear and (lambda: clear(o))) or o.clear, lambda: len(o) == 0 and all(r() is None for r in dead)
    made.__name__ = name
    case(made)

WATCHED = []

def watched():
    w = Weak()
    WATCHED.append(w)
    return w

cleared("list_is_cleared", lambda: [watched() for i in range(50)])
cleared("dict_is_cleared", lambda: {i: watched() for i in range(50)})
cleared("dict_of_names_is_cleared", lambda: {str(i): watched() for i in range(50)})
cleared("split_dict_is_cleared", lambda: Plain(watched()).__dict__)
cleared("set_is_cleared", lambda: {watched() for i in range(50)})
cleared("deque_is_cleared", lambda: _collections.deque([watched() for i in range(200)]))
cleared("ordered_dict_is_cleared", lambda: _collections.OrderedDict({i: watched() for i in range(50)}))
cleared("bytearray_is_cleared", lambda: bytearray(500))
cleared("list_loses_all_but_nothing_is_left", lambda: [watched() for i in range(5)], lambda o: [o.pop(), o.pop(), o.pop(), o.pop(), o.pop()] and None)
cleared("dict_loses_its_keys", lambda: {1: watched(), "a": watched()}, lambda o: (o.__delitem__(1), o.__delitem__("a")) and None)
cleared("set_loses_its_members", lambda: {1, 2}, lambda o: (o.discard(1), o.discard(2)) and None)

class Plain:
    def __init__(self, a): self.a = a

@case
def object_with_everything_goes():
    class Made:
        __slots__ = ("a", "__dict__", "__weakref__")
    o = [Made()]
    o[0].a, o[0].b = watched(), watched()
    dead = [_weakref.ref(w) for w in WATCHED]
    WATCHED.clear()
    return o.clear, lambda: all(r() is None for r in dead)

class Counted:
    __slots__ = ("a",)
    def __del__(self): TALLY.pop()

TALLY = []

@case
def finalizers_run():
    o = [Counted() for i in range(20)]
    TALLY[:] = [1] * 20
    return o.clear, lambda: TALLY == []

@case
def finalizers_run_in_a_collection():
    o = [Counted() for i in range(20)]
    for c in o: c.a = c
    TALLY[:] = [1] * 20
    o = c = None
    return gc.collect, lambda: TALLY == []

def pops():
    try: yield
    finally: TALLY.pop()

@case
def generators_finally():
    o = [pops() for i in range(20)]
    for g in o: next(g)
    TALLY[:] = [1] * 20
    return o.clear, lambda: TALLY == []

@case
def closing_a_generator():
    g = pops()
    next(g)
    TALLY[:] = [1]
    return g.close, lambda: TALLY == [] and g.gi_frame is None

@case
def unwinding_runs_every_finally_and_exit():
    entered = [0]
    class Exit:
        def __enter__(self): entered[0] += 1
        def __exit__(self, kind, error, trace): entered[0] -= 1
    error, manager = KeyError(), Exit()
    def level(n):
        try:
            entered[0] += 1
            if n: level(n - 1)
            else: raise error
        finally: entered[0] -= 1
    def run():
        try:
            with manager: level(3)
        except KeyError: entered.append("caught")
    return run, lambda: entered[0] == 0

@case
def memory_error_is_raised_and_caught():
    caught = [0]
    def run():
        try: return [0] * 10000 + [bytearray(1000)]
        except MemoryError: caught[0] = None
    return run, lambda: caught == [None]

@case
def error_in_a_finalizer_is_reported():
    class Bad:
        def __del__(self): raise KeyError
    o = [Bad()]
    return o.clear, lambda: o == []

@case
def error_in_a_callback_is_reported():
    o = [Weak()]
    def bad(r): raise KeyError
    r = _weakref.ref(o[0], bad)
    return o.clear, lambda: r() is None

@case
def frames_end():
    def deep(n, *a): return deep(n - 1, *a) if n else None
    deep(20, 1, 2)
    return lambda: deep(5), lambda: True

@case
def views_end():
    b = bytearray(50)
    o = [memoryview(b), memoryview(b)[3:], memoryview(b).cast("H")]
    for v in o[:1]: v.release()
    return o.clear, lambda: b.append(1) is None

@case
def view_is_released():
    b = bytearray(50)
    v = memoryview(b)
    return v.release, lambda: b.append(1) is None

@case
def memory_streams_close():
    s = _io.BytesIO(b"x" * 500)
    return s.close, lambda: s.closed

@case
def buffered_stream_goes():
    class Raw(_io._RawIOBase):
        def readable(self): return True
        def close(self): TALLY.clear()
    o = [_io.BufferedReader(Raw(), 64)]
    TALLY[:] = [1]
    return o.clear, lambda: o == []

@case
def mappings_of_memory_end():
    m = mmap.mmap(-1, 10000)
    return m.close, lambda: m.closed

@case
def locks_are_released():
    lock, again = _thread.lock(), _thread.RLock()
    lock.acquire()
    again.acquire()
    def release():
        lock.release()
        again.release()
    return release, lambda: not lock.locked()

@case
def queue_goes():
    q = [_queue.SimpleQueue()]
    for i in range(40): q[0].put(watched())
    dead = [_weakref.ref(w) for w in WATCHED]
    WATCHED.clear()
    return q.clear, lambda: all(r() is None for r in dead)

@case
def cache_is_cleared():
    f = _functools._lru_cache_wrapper(lambda n: watched(), 30, False, tuple)
    for i in range(40): f(i)
    dead = [_weakref.ref(w) for w in WATCHED]
    WATCHED.clear()
    return f.cache_clear, lambda: all(r() is None for r in dead)

@case
def context_goes():
    v = _contextvars.ContextVar("v")
    c = [_contextvars.Context()]
    c[0].run(v.set, watched())
    dead = _weakref.ref(WATCHED.pop())
    def drop(): c.clear()
    return drop, lambda: gc.collect() >= 0 and dead() is None

@case
def long_chains_go():
    o = None
    for i in range(5000): o = (o, i, [o])
    held = [o]
    o = None
    return held.clear, lambda: held == []

@case
def chains_of_generators_go():
    def hold(p):
        try: yield p
        finally: TALLY.pop()
    g = None
    for i in range(300):
        h = hold(g)
        next(h)
        g = h
    held = [g]
    g = h = None
    TALLY[:] = [1] * 300
    return held.clear, lambda: TALLY == []

@case
def exceptions_with_all_they_hold_go():
    try:
        try: raise KeyError(watched())
        except KeyError as e: raise ValueError from e
    except ValueError as e: held = [e]
    dead = _weakref.ref(WATCHED.pop())
    return held.clear, lambda: gc.collect() >= 0 and dead() is None

@case
def untracing():
    off = _functools.partial(sys.settrace, None)
    sys.settrace(lambda *a: None)
    return off, lambda: sys.gettrace() is None

def run(limit):
    for name, make in CASES:
        # n is how many allocations go well: the host reads it from the other clock.
        for n in range(limit):
            time.time()
            do, holds = make()
            failed = None
            try:
                arm()
                do()
            except MemoryError as e: failed = e
            disarm()
            if not holds(): print(name, "after", n, "allocations:", "MemoryError" if failed else "does not hold")
            do = holds = failed = e = None
            gc.collect()
    print(len(CASES), "cases")

run(6)
