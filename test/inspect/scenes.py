"""Processes whose heaps are known: scenes.py SCENE TRUTH builds one, then waits to be looked at. Runs on 3.8 and later.

TRUTH is JSON that appears when the process waits: `pid`, `version`; `mallocstats`, what sys._debugmallocstats() wrote;
`by_type`, how many objects there are of the scene's own types; `kept`, addresses that a way leads to; `ways`, addresses by
the ways that lead there.
"""
import abc, array, asyncio, collections, contextvars, copy, dataclasses, datetime, decimal, enum, fractions, functools, gc
import hashlib, importlib, io, itertools, json, operator, os, queue, random, re, signal, sqlite3, struct, sys, tempfile
import threading, time, types, warnings, weakref, zlib

SCENES = {}
made = []


def scene(f):
    SCENES[f.__name__] = f
    return f


class Plain:
    def __init__(self, i):
        self.name = "item %d" % i
        self.value = i


class Node:
    __slots__ = ("next", "load")

    def __init__(self, next, load):
        self.next, self.load = next, load


@scene
def deep():
    """Chains of 100,000: reading them must not go as deep."""
    last = object()
    nested = [last]
    pair = (last,)
    table = {"last": last}
    node = Node(None, last)
    for i in range(100_000):
        nested, pair, table, node = [nested], (pair, i), {"next": table}, Node(node, i)
    made.extend([nested, pair, table, node])
    return {"Node": 100_001}, [id(last)], {"__main__.made[0]": id(nested), "__main__.made[3].next": id(node.next)}


class Local(threading.local):
    pass


local = Local()


@scene
def threads():
    """Eighty threads that wait, each with variables and memory of its own."""
    ready, stop = threading.Barrier(81), threading.Event()
    kept, ways = [], {}

    def work(k):
        mine = [Plain(i) for i in range(100)]
        gone = [bytearray(600 + 7 * i) for i in range(300)]
        local.own = Plain(k)
        kept.extend([id(mine[5]), id(local.own)])
        del gone[::2]
        ready.wait()
        stop.wait()

    for k in range(80):
        threading.Thread(target=work, args=(k,), daemon=True, name="worker %d" % k).start()
    ready.wait()
    time.sleep(0.3)
    return {"Plain": 80 * 101}, kept, ways


class Table(dict):
    pass


@scene
def dicts():
    """Tables of every size and kind of index, with gaps, of keys that are no names."""
    small = {i: str(i) for i in range(100)}
    middle = {"key %d" % i: i for i in range(40_000)}
    large = {(i, i): [i] for i in range(200_000)}
    holes = {i: Plain(i) for i in range(50_000)}
    for i in range(50_000):
        if i % 10:
            del holes[i]
    wide = Table((i / 3, i) for i in range(70_000))
    wide.label = "own"
    counts = collections.Counter("abracadabra" * 50)
    groups = collections.defaultdict(list)
    for i in range(9_000):
        groups[i % 97].append(Plain(i))
    shared = [Plain(i) for i in range(3_000)]
    for x in shared[::3]:
        x.__dict__
    for x in shared[::7]:
        del x.name
    for x in shared[::50]:
        x.__dict__ = {"other": x.value, 5: 6}
    empty = [{} for _ in range(2_000)]
    cleared = dict.fromkeys(range(30_000))
    cleared.clear()
    copies = [copy.copy(middle) for _ in range(3)]
    made.extend([small, middle, large, holes, wide, counts, groups, shared, empty, cleared, copies])
    ways = {
        "__main__.made[0][7]": id(small[7]),
        '__main__.made[1]["key 39999"]': id(middle["key 39999"]),
        "__main__.made[3][49990]": id(holes[49990]),
        "__main__.made[3][49990].name": id(holes[49990].name),
        "__main__.made[6][3][4]": id(groups[3][4]),
        "__main__.made[7][1].name": id(shared[1].name),
    }
    return {"Plain": 5_000 + 9_000 + 3_000, "Table": 1}, [id(large[(9, 9)]), id(copies[2])], ways


class Base:
    __slots__ = ("a", "b")


class Derived(Base):
    __slots__ = ("c", "__weakref__")


class Open(Derived):
    pass


class Text(str):
    __slots__ = ()


class Named(str):
    pass


class Whole(int):
    pass


class Row(tuple):
    __slots__ = ()


class Labelled(tuple):
    pass


class Bytes(bytes):
    pass


class Many(list):
    __slots__ = ("extra",)


class Fault(ValueError):
    pass


Point = collections.namedtuple("Point", "x y")


@scene
def slots():
    """Classes with slots, those that inherit from them, and subclasses of types of every shape."""
    n = 2_000
    derived, opened = [], []
    for i in range(n):
        d = Derived()
        d.a, d.b, d.c = [i], str(i), None
        derived.append(d)
        o = Open()
        o.a, o.c, o.more = {i}, (i,), "more %d" % i
        opened.append(o)
    named = [Named("named %d" % i) for i in range(n)]
    for x in named:
        x.owner = [x.upper()]
    whole = [Whole(10 ** 30 + i) for i in range(n)]
    for x in whole:
        x.owner = ["of %d" % x]
    rows = [Row((i, [i])) for i in range(n)]
    labelled = [Labelled((i, [i])) for i in range(n)]
    for x in labelled:
        x.label = ["label"]
    data = [Bytes(b"x" * (i % 50)) for i in range(n)]
    for x in data:
        x.tag = ["tag"]
    lists = []
    for i in range(n):
        m = Many([[i]])
        m.extra = [i]
        lists.append(m)
    points = [Point([i], i) for i in range(n)]
    faults = [Fault("no %d" % i, [i]) for i in range(n)]
    texts = [Text("t%d" % i) for i in range(n)]
    refs = [weakref.ref(d) for d in derived]
    made.extend([derived, opened, named, whole, rows, labelled, data, lists, points, faults, texts, refs])
    ways = {
        "__main__.made[0][3].a": id(derived[3].a),
        "__main__.made[1][3].more": id(opened[3].more),
        "__main__.made[1][3].a": id(opened[3].a),
        "__main__.made[2][3].owner[0]": id(named[3].owner[0]),
        "__main__.made[3][3].owner[0]": id(whole[3].owner[0]),
        "__main__.made[4][3][1]": id(rows[3][1]),
        "__main__.made[5][3].label": id(labelled[3].label),
        "__main__.made[6][3].tag": id(data[3].tag),
        "__main__.made[7][3].extra": id(lists[3].extra),
        "__main__.made[7][3][0]": id(lists[3][0]),
        "__main__.made[8][3][0]": id(points[3][0]),
    }
    names = ["Derived", "Open", "Named", "Whole", "Row", "Labelled", "Bytes", "Many", "Point", "Fault", "Text"]
    return dict.fromkeys(names, n), [id(faults[3].args[1])], ways


class Money(decimal.Decimal):
    pass


class Color(enum.Enum):
    RED = ["red"]
    BLUE = ["blue"]


@scene
def native():
    """Objects that C code makes, each holding one of ours: all of these must be reached."""
    n = 500
    inside = []

    def own():
        x = Plain(len(inside))
        inside.append(id(x))
        return x

    queue_ = queue.SimpleQueue()
    for _ in range(n):
        queue_.put(own())
    variable = contextvars.ContextVar("variable")
    contexts = []
    for _ in range(50):
        context = contextvars.copy_context()
        context.run(variable.set, own())
        contexts.append(context)
    pieces = collections.deque((own() for _ in range(n)), maxlen=n)
    ordered = collections.OrderedDict((i, own()) for i in range(n))
    for i in range(0, n, 3):
        ordered.move_to_end(i)
    half = collections.OrderedDict((own(), i) for i in range(n))
    cache = functools.lru_cache(maxsize=None)(lambda i: own())
    for i in range(n):
        cache(i)
    bounded = functools.lru_cache(maxsize=100)(lambda i: own())
    for i in range(100):
        bounded(i)
    connection = sqlite3.connect(":memory:")
    connection.execute("create table t (a, b)")
    connection.executemany("insert into t values (?, ?)", ((i, "text %d" % i) for i in range(5_000)))
    cursor = connection.execute("select * from t")
    cursor.fetchone()
    buffer = io.BytesIO(b"x" * 100_000)
    made.extend([
        [Money(i) for i in range(n)],
        [decimal.Decimal(10) ** 300 / (i + 1) for i in range(n)],
        [fractions.Fraction(i, 7) for i in range(n)],
        [array.array("d", range(i)) for i in range(n)],
        [datetime.datetime(2020, 1, 1) + datetime.timedelta(i) for i in range(n)],
        [datetime.datetime(2020, 1, 1, tzinfo=datetime.timezone(datetime.timedelta(0, i))) for i in range(n)],
        [functools.partial(print, own(), key=own()) for _ in range(n)],
        [itertools.chain([own()], [own()]) for _ in range(n)],
        [itertools.islice(iter([own()]), 3) for _ in range(n)],
        [itertools.groupby([own()]) for _ in range(n)],
        [itertools.product([own()], repeat=2) for _ in range(n)],
        [map(str, [own()]) for _ in range(n)],
        [zip([own()], [own()]) for _ in range(n)],
        [enumerate([own()]) for _ in range(n)],
        [reversed([own()]) for _ in range(n)],
        [iter({i: own()}.values()) for i in range(n)],
        [operator.methodcaller("x", own()) for _ in range(n)],
        [property(own()) for _ in range(n)],
        [staticmethod(own()) for _ in range(n)],
        [types.SimpleNamespace(own=own()) for _ in range(n)],
        [types.MappingProxyType({"own": own()}) for _ in range(n)],
        [types.MethodType(print, own()) for _ in range(n)],
        [memoryview(bytearray(5)) for _ in range(n)],
        [slice(own(), None) for _ in range(n)],
        [re.compile("a%d" % i) for i in range(100)],
        [hashlib.sha256(b"%d" % i) for i in range(100)],
        [zlib.compressobj() for _ in range(5)],
        [struct.Struct("%di" % i) for i in range(100)],
        [random.Random(i) for i in range(20)],
        [asyncio.Future(loop=LOOP) for _ in range(n)],
        [complex(i, 1) for i in range(n)],
        [io.StringIO("text %d" % i) for i in range(100)],
        memoryview(buffer.getbuffer()),
        list(Color),
        [queue_, variable, contexts, pieces, ordered, half, cache, bounded, connection, cursor, buffer],
    ])
    return {"Plain": len(inside), "Money": n}, inside, {}


LOOP = asyncio.new_event_loop()


@scene
def weak():
    """What is referred to weakly, with callbacks; references whose objects are gone."""
    held = [Derived() for _ in range(3_000)]
    values = weakref.WeakValueDictionary((i, x) for i, x in enumerate(held))
    keys = weakref.WeakKeyDictionary((x, [i]) for i, x in enumerate(held))
    members = weakref.WeakSet(held)
    called = []
    refs = [weakref.ref(x, called.append) for x in held]
    proxies = [weakref.proxy(x) for x in held]
    for x in held:
        weakref.finalize(x, called.append, x.__class__)
    kept = held[::3]
    del held, x
    made.extend([kept, values, keys, members, called, refs, proxies])
    return {"Derived": 1_000}, [id(kept[7])], {"__main__.made[0][7]": id(kept[7])}


def walk(load):
    own = [load]
    yield own
    yield load


def outer(load):
    yield from walk(load)


async def work(load):
    own = [load]
    await LOOP.create_future()
    return own


async def stream(load):
    own = [load]
    yield own
    yield load


def failed(load):
    own = [load]
    raise Fault(own)


def closed(load):
    other = [load]

    def inner():
        return load, other

    return inner


@scene
def suspended():
    """Generators, coroutines and frames, at work and kept, with what their variables hold."""
    n = 1_000
    inside = []

    def own():
        x = Plain(len(inside))
        inside.append(id(x))
        return x

    simple = [walk(own()) for _ in range(n)]
    nested = [outer(own()) for _ in range(n)]
    fresh = [walk(own()) for _ in range(n)]
    for g in simple + nested:
        next(g)
    coroutines = [work(own()) for _ in range(n)]
    for c in coroutines:
        c.send(None)
    streams = [stream(own()) for _ in range(n)]
    for s in streams:
        try:
            s.__anext__().send(None)
        except StopIteration:
            pass
    faults = []
    for _ in range(n):
        try:
            failed(own())
        except Fault as e:
            faults.append(e)
    closures = [closed(own()) for _ in range(n)]
    made.extend([simple, nested, fresh, coroutines, streams, faults, closures])
    return {"Plain": 7 * n, "Fault": n}, inside, {}


@scene
def reloads():
    """Modules imported again and taken out, classes without end, instances of classes that nothing else knows."""
    folder = tempfile.mkdtemp()
    path = os.path.join(folder, "reloaded.py")
    with open(path, "w") as f:
        f.write("class Thing:\n    def __init__(self):\n        self.data = [1, 2]\nkept = [Thing() for _ in range(50)]\n")
    sys.path.insert(0, folder)
    sys.dont_write_bytecode = True
    import reloaded

    old = []
    for _ in range(20):
        old.append(reloaded.kept)
        importlib.reload(reloaded)
    for _ in range(5):
        del sys.modules["reloaded"]
        old.append(importlib.import_module("reloaded").kept)
    os.unlink(path)
    os.rmdir(folder)
    classes = [type("Made%d" % (i % 5), (Plain,), {"number": i})(i) for i in range(1_500)]
    loose = types.ModuleType("loose")
    exec("class Hidden:\n    pass\nkept = [Hidden() for _ in range(300)]", loose.__dict__)
    made.extend([old, classes, loose])
    ways = {"__main__.made[0][3][7]": id(old[3][7]), "__main__.made[1][9].name": id(classes[9].name)}
    return {"Thing": 50 * 26, "Hidden": 300, **{"Made%d" % i: 300 for i in range(5)}}, [id(loose.kept[0])], ways


class Meta(type):
    def __new__(cls, name, bases, space):
        made = super().__new__(cls, name, bases, space)
        made.registry = [name]
        return made


class MetaMeta(type):
    pass


class Deepest(type, metaclass=MetaMeta):
    pass


class Registered(metaclass=Meta):
    pass


class Abstract(abc.ABC):
    @abc.abstractmethod
    def area(self): ...


class Square(Abstract):
    def __init__(self, side):
        self.side = [side]

    def area(self):
        return self.side[0] ** 2


@dataclasses.dataclass
class Leaf:
    value: int
    tags: list = dataclasses.field(default_factory=list)


@dataclasses.dataclass(frozen=True)
class Branch:
    left: object
    right: object


class Descriptor:
    def __init__(self, load):
        self.load = load

    def __get__(self, instance, owner):
        return self.load


class Reentrant:
    """Refers to itself in every way that it can."""

    def __init__(self):
        self.me, self.method, self.table = self, self.tell, {}
        self.table[self] = [self]

    def tell(self):
        return self


@scene
def classes():
    """Types whose types are classes, abstract ones, nested dataclasses, methods bound to what holds them."""
    registered = [Meta("R%d" % (i % 3), (Registered,), {"own": Descriptor([i])}) for i in range(200)]
    instances = [cls() for cls in registered for _ in range(5)]
    deepest = [Deepest("D", (), {"kept": [i]}) for i in range(100)]
    of_deepest = [cls() for cls in deepest]
    squares = [Square(i) for i in range(1_000)]

    def grown(depth):
        return Branch(grown(depth - 1), grown(depth - 1)) if depth else Leaf(depth, ["tag"])

    tree = grown(10)
    methods = [s.area for s in squares]
    self_holding = [Reentrant() for _ in range(500)]
    made.extend([registered, instances, deepest, of_deepest, squares, tree, methods, self_holding])
    ways = {
        "__main__.made[0][7].registry": id(registered[7].registry),
        "__main__.made[2][9].kept": id(deepest[9].kept),
        "__main__.made[4][3].side": id(squares[3].side),
        "__main__.made[5].left.right.left": id(tree.left.right.left),
    }
    counts = {"R%d" % k: 5 * len(range(k, 200, 3)) for k in range(3)}
    return {**counts, "D": 100, "Square": 1_000, "Branch": 1_023, "Leaf": 1_024, "Reentrant": 500, "Meta": 201}, [
        id(of_deepest[5]),
        id(registered[5].__dict__["own"].load),
        id(self_holding[3].table),
    ], ways


@scene
def plenty():
    """Many small strs of every kind, numbers of every size, arrays of megabytes, a file that is mapped."""
    latin = ["\u00e9%d" % i for i in range(20_000)]
    wide = ["\u4e2d%d" % i for i in range(20_000)]
    widest = ["\U0001f40d%d" % i for i in range(20_000)]
    ascii_ = ["%d" % i for i in range(40_000)]
    for x in latin[::10]:
        # A str that has been asked for its UTF-8 keeps it.
        getattr(made, x, None)
    long_ = ["\u4e2d" * n for n in range(200, 700)]
    numbers = [3 ** i for i in range(3_000)]
    floats = array.array("d", range(300_000))
    grown = bytearray()
    for i in range(9_000):
        grown += b"x" * 37
    tuples = [tuple(range(i % 40)) for i in range(20_000)]
    sets = [frozenset(range(i % 90)) for i in range(3_000)]
    holders = [Plain(i) for i in range(2_000)]
    made.extend([latin, wide, widest, ascii_, long_, numbers, floats, grown, tuples, sets, holders])
    ways = {
        "__main__.made[1][19999]": id(wide[19_999]),
        "__main__.made[5][2999]": id(numbers[2_999]),
        "__main__.made[6]": id(floats),
        "__main__.made[9][88]": id(sets[88]),
    }
    return {"Plain": 2_000, "array.array": 1}, [id(grown), id(long_[499]), id(tuples[39])], ways


@scene
def freed():
    """Arenas that came and went in every order, of every size class; a few blocks kept."""
    rng = random.Random(7)
    for _ in range(4):
        parts = [[bytes(rng.randrange(1, 480)) for _ in range(20_000)] for _ in range(6)]
        made.append([part[i] for part in parts for i in range(0, 20_000, 4_001)])
        for i in rng.sample(range(6), 6):
            parts[i] = None
    many = [Plain(i) for i in range(150_000)]
    rng.shuffle(many)
    made.append(many[:100])
    del many[:]
    return {"Plain": 100}, [id(made[4][5])], {"__main__.made[2][9]": id(made[2][9])}


def main():
    name, out = sys.argv[1:3]
    warnings.simplefilter("ignore")
    by_type, kept, ways = SCENES[name]()
    gc.collect()
    gc.collect()
    gc.disable()
    half = {
        "pid": os.getpid(),
        "version": sys.version.split()[0],
        "by_type": by_type,
        "kept": kept,
        "ways": ways,
    }
    path = out + ".figures"
    fd = os.open(path, os.O_CREAT | os.O_RDWR | os.O_TRUNC)
    # Looked up before: an attribute that is looked up may free a name of which only the cache of methods knew.
    figures, pause = sys._debugmallocstats, signal.pause
    if os.fork():
        os.dup2(fd, 2)
        figures()
        while True:
            pause()
    # The child writes the truth when the figures are whole, and ends with its parent.
    size = -1
    while True:
        time.sleep(0.3)
        now = os.stat(path).st_size
        if now and now == size:
            break
        size = now
    with open(path) as f:
        half["mallocstats"] = f.read()
    os.unlink(path)
    with open(out + ".part", "w") as f:
        json.dump(half, f)
    os.rename(out + ".part", out)
    os._exit(0)


main()
