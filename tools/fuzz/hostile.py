# Objects that do harm when they are asked for something, for tools/fuzz/natives.ts. This text stands before the program
# of a case and before the loop that makes cases.
#
# Each special method of a hostile object first acts: one of ACTS on one of VICTIMS, which are the receiver and the
# arguments of the call that is tried. Then it answers as it should, or with nonsense. What happens depends on STATE
# alone, so a case does the same each time; after so many acts every further one raises, so that a case ends.
#
# Chunks are divided by empty lines; the reducer removes chunks, then lines.

import builtins, errno, gc, itertools, math, sys, time
import _io, _tracemalloc, _weakref
import _bz2, _codecs, _collections, _contextvars, _csv, _datetime, _decimal, _functools, _hashlib, _json, _lzma
import _blake2, _codecs_jp, _md5, _multibytecodec, _operator, _pickle, _queue, _random, _sha3, _socket, _sre, _struct
import _thread, _tokenize, _typing, _zoneinfo, array, mmap, pyexpat, select, unicodedata, zlib

VICTIMS = []
TARGET = [None]
STATE = [1, 0]
LIMIT = 40

class Stop(Exception): pass

def rnd(n):
    s = STATE[0] = (STATE[0] * 1103 + 12345) % 1048573
    return s // 7 % n

def other():
    if not VICTIMS: return None
    return VICTIMS[0] if rnd(2) else VICTIMS[rnd(len(VICTIMS))]

def again(v):
    TARGET[0](*VICTIMS)

def raises(v):
    raise ValueError("hostile")

def setclass(v):
    v.__class__ = Other

def setdict(v):
    v.__dict__ = {}

def delslice(v):
    del v[1:]

def grow(v):
    v[:] = v[:] * 9

def setitem(v):
    v[0] = Plain()

def delitem(v):
    del v[0]

def delattrs(v):
    for k in list(v.__dict__): delattr(v, k)

def rebase(v):
    t = type(v)
    t.__bases__ = (Other,)

def retype(v):
    t = type(v)
    for k in "__index__", "__eq__", "__hash__", "__iter__", "__next__", "__len__", "__get__", "__set__", "__del__", "f":
        if k in t.__dict__: delattr(t, k)

def forget(frame):
    # A module's are its globals, which all goes on with.
    if frame.f_locals is not frame.f_globals: frame.f_locals.clear()

def trace_with(frame, v):
    # Not that of a generator or a coroutine: known/frame.py.
    if frame.f_code.co_flags & 0x2a0 == 0: frame.f_trace = v

def swap(v):
    i = rnd(len(VICTIMS))
    VICTIMS[i] = None

ACTS = [
    lambda v: v.clear(),
    lambda v: v.close(),
    lambda v: v.detach(),
    lambda v: v.release(),
    delslice,
    grow,
    setitem,
    delitem,
    again,
    raises,
    lambda v: v.pop(),
    lambda v: v.append(b"x" * 40),
    lambda v: v.extend(range(200)),
    lambda v: v.extend(v),
    lambda v: v.insert(0, 7),
    lambda v: v.update({k: k for k in range(50)}),
    lambda v: v.update(set(range(50))),
    lambda v: v.popitem(),
    lambda v: v.sort(),
    lambda v: v.reverse(),
    lambda v: v.__init__(),
    lambda v: v.__init__(other()),
    lambda v: v.__setstate__(other()),
    lambda v: v.seek(0),
    lambda v: v.read(),
    lambda v: v.write(b"written"),
    lambda v: v.write("written"),
    lambda v: v.truncate(0),
    lambda v: v.flush(),
    lambda v: v.raw.close(),
    lambda v: v.buffer.detach(),
    lambda v: next(v),
    lambda v: v.send(None),
    lambda v: v.throw(KeyError),
    lambda v: v.cr_frame.clear(),
    lambda v: v.gi_frame.clear(),
    lambda v: v.__dict__.clear(),
    lambda v: v.__dict__.update(a=1, b=2),
    lambda v: VICTIMS.clear(),
    lambda v: gc.collect(),
    setclass,
    setdict,
    delattrs,
    rebase,
    retype,
    swap,
    lambda v: setattr(v, "f", other()),
    lambda v: setattr(type(v), "f", other()),
    lambda v: v.release(),
    lambda v: v.remove(other()),
    lambda v: v.discard(other()),
    lambda v: v.__iadd__(other()),
    lambda v: v.__imul__(0),
    lambda v: v.__ior__(other()),
    lambda v: v == other(),
    lambda v: repr(v),
    lambda v: hash(v),
    lambda v: v(other()),
    lambda v: v.__enter__(),
    lambda v: v.__exit__(None, None, None),
    lambda v: v.move_to_end(0),
    lambda v: v.__setattr__("x", 1),
    lambda v: v.rotate(2),
    lambda v: v.appendleft(other()),
    lambda v: v.decompress(b"x"),
    lambda v: v.resize(1),
    lambda v: v.put(other()),
    lambda v: v.get_nowait(),
    lambda v: v.cache_clear(),
    lambda v: v.update(b"hashed"),
    lambda v: v.reset(),
    lambda v: sys.settrace(Call() if rnd(2) else None),
    lambda v: sys.setprofile(Call() if rnd(2) else None),
    lambda v: forget(sys._getframe(rnd(5))),
    lambda v: sys._getframe(1 + rnd(4)).f_locals.update(v=None),
    lambda v: trace_with(sys._getframe(rnd(4)), other()),
    lambda v: None,
]

SHRINK = [lambda v: v.clear(), delslice, lambda v: v.pop(), delitem]
STREAM = [
    lambda v: v.close(),
    lambda v: v.detach(),
    lambda v: v.flush(),
    lambda v: v.read(),
    lambda v: v.read(2),
    lambda v: v.write(b"written"),
    lambda v: v.write("written"),
    lambda v: v.seek(0),
    lambda v: v.truncate(0),
    lambda v: v.readline(),
    lambda v: v.__init__(Raw()),
    lambda v: v.__init__(Raw(), 4),
    lambda v: v.raw.close(),
    lambda v: v.buffer.close(),
]
APT = {
    list: SHRINK + [grow, lambda v: v.extend(range(200)), lambda v: v.__init__(), setitem],
    bytearray: SHRINK + [grow, lambda v: v.extend(b"y" * 200), lambda v: v.__init__(), lambda v: v.__init__(5)],
    dict: [lambda v: v.clear(), lambda v: v.popitem(), lambda v: v.update({k: k for k in range(50)}), setitem],
    set: [lambda v: v.clear(), lambda v: v.pop(), lambda v: v.update(range(50)), lambda v: v.__init__()],
    memoryview: [lambda v: v.release(), lambda v: v.obj.clear()],
    type: [retype, rebase, lambda v: setattr(v, "f", 1), lambda v: delattr(v, "f")],
    BaseException: [lambda v: v.__setstate__({"f": 1}), lambda v: v.__init__(), lambda v: setattr(v, "args", ())],
    _io._IOBase: STREAM,
    _collections.deque: SHRINK + [lambda v: v.extend(range(200)), lambda v: v.__init__(), lambda v: v.rotate(3), setitem],
    array.array: SHRINK + [grow, lambda v: v.extend(v), lambda v: v.byteswap(), lambda v: v.append(1)],
    mmap.mmap: [lambda v: v.close(), lambda v: v.resize(10), lambda v: v.resize(9000), setitem],
    _struct.Struct: [lambda v: v.__init__("3q"), lambda v: v.__init__("")],
    _functools._lru_cache_wrapper: [lambda v: v.cache_clear(), lambda v: v(other())],
    _functools.partial: [lambda v: v.__setstate__((len, (), {}, {})), lambda v: v.__dict__.clear()],
    _pickle.Pickler: [lambda v: v.clear_memo(), lambda v: v.dump(other()), lambda v: v.__init__(File()), lambda v: setattr(v, "memo", {})],
    _pickle.Unpickler: [lambda v: v.load(), lambda v: v.__init__(File()), lambda v: setattr(v, "memo", {})],
    _contextvars.Context: [lambda v: v.run(act)],
    pyexpat.XMLParserType: [lambda v: v.Parse(b"<a>", True), lambda v: setattr(v, "StartElementHandler", None), lambda v: v.ParseFile(File())],
    _decimal.Context: [lambda v: v.clear_flags(), lambda v: setattr(v, "prec", 3), lambda v: setattr(v, "traps", {})],
}

def act():
    STATE[1] += 1
    if STATE[1] > LIMIT: raise Stop
    v = other()
    acts = ACTS
    if rnd(3):
        for t in type(v).__mro__:
            if t in APT:
                acts = APT[t]
                break
    a = acts[rnd(len(acts))]
    try: a(v)
    except (TypeError, AttributeError, IndexError, KeyError): pass

NONSENSE = [None, 0, -1, 1, 2**31, -2**63, 10**30, "", "text", b"", b"bytes", (), (1, 2), [], {}, 1.5, object, NotImplemented, float("nan"), ...]

def answer(v):
    act()
    return NONSENSE[rnd(len(NONSENSE))] if rnd(5) == 0 else v

class Plain: pass

class Other:
    f = 1

class Index:
    def __init__(s, v=1): s.v = v
    def __index__(s): return answer(s.v)

class Int:
    def __int__(s): return answer(3)
    def __trunc__(s): return answer(3)
    def __float__(s): return answer(2.5)
    def __complex__(s): return answer(1j)

class Buffer:
    def __buffer__(s, flags): return answer(memoryview(b"hello"))
    def __release_buffer__(s, m): act()

class BufferOwn:
    def __init__(s): s.b = bytearray(b"own bytes")
    def __buffer__(s, flags): act(); return memoryview(s.b)

class Eq:
    def __eq__(s, o): return answer(rnd(2) == 0)
    def __hash__(s): return 1

class Hash:
    def __hash__(s): return answer(1)

class Lt:
    def __lt__(s, o): return answer(rnd(2) == 0)
    def __gt__(s, o): return answer(rnd(2) == 0)
    def __le__(s, o): return answer(True)
    def __ge__(s, o): return answer(True)

class Iter:
    def __init__(s, n=6): s.n = n
    def __iter__(s): act(); return s
    def __next__(s):
        s.n -= 1
        if s.n < 0: raise StopIteration
        return answer(s.n)
    def __length_hint__(s): return answer(5)

class Pairs(Iter):
    def __next__(s):
        s.n -= 1
        if s.n < 0: raise StopIteration
        return answer((Eq(), s.n))

class Seq:
    def __len__(s): return answer(4)
    def __getitem__(s, i):
        if type(i) is int and i > 5: raise IndexError
        return answer(i)
    def __setitem__(s, i, v): act()
    def __delitem__(s, i): act()
    def __contains__(s, v): return answer(True)
    def __reversed__(s): return answer(iter([1]))

class Map:
    def keys(s): return answer(["a", "b", Eq()])
    def __getitem__(s, k): return answer(k)
    def get(s, k, d=None): return answer(d)
    def items(s): return answer([("a", 1)])

class Bool:
    def __bool__(s): return answer(True)

class Text:
    def __str__(s): return answer("text")
    def __repr__(s): return answer("repr")
    def __format__(s, f): return answer("format")
    def __bytes__(s): return answer(b"bytes")
    def __fspath__(s): return answer("path")
    def __dir__(s): return answer(["a"])
    def __sizeof__(s): return answer(50)

class Attr:
    f = None
    def __getattr__(s, n):
        if n[:2] == "__": raise AttributeError(n)
        return answer(act)
    def __setattr__(s, n, v): act()
    def __delattr__(s, n): act()

class Attribute:
    def __getattribute__(s, n): act(); return object.__getattribute__(s, n)

class Desc:
    def __get__(s, o, t): return answer(s)
    def __set__(s, o, v): act()
    def __delete__(s, o): act()
    def __set_name__(s, o, n): act()

class Call:
    def __call__(s, *a, **k): return answer(a[0] if a else None)

class Del:
    def __del__(s): act()

class Manager:
    def __enter__(s): return answer(s)
    def __exit__(s, *a): return answer(rnd(2) == 0)

class Arith:
    def __add__(s, o): return answer(s)
    __sub__ = __mul__ = __truediv__ = __floordiv__ = __mod__ = __pow__ = __lshift__ = __and__ = __or__ = __xor__ = __add__
    __radd__ = __rsub__ = __rmul__ = __rtruediv__ = __rfloordiv__ = __rmod__ = __rpow__ = __rlshift__ = __add__
    __rand__ = __ror__ = __rxor__ = __iadd__ = __isub__ = __imul__ = __ior__ = __iand__ = __divmod__ = __matmul__ = __add__
    def __neg__(s): return answer(s)
    __pos__ = __abs__ = __invert__ = __neg__
    def __round__(s, n=0): return answer(1)
    __floor__ = __ceil__ = __round__

class Await:
    def __await__(s): return answer(iter([1]))
    def __aiter__(s): return answer(s)
    def __anext__(s): return answer(s)
    def __aenter__(s): return answer(s)
    def __aexit__(s, *a): return answer(s)

class Instance:
    def __instancecheck__(s, o): return answer(True)
    def __subclasscheck__(s, o): return answer(True)
    def __mro_entries__(s, b): return answer((object,))
    def __prepare__(s, *a): return answer({})
    def __class_getitem__(c, k): return answer(c)

class LiesAboutClass:
    @property
    def __class__(s): return answer(int)

class New:
    def __new__(c, *a): return answer(object.__new__(c))
    def __init__(s, *a): act()

class IntSub(int):
    def __index__(s): return answer(1)
    def __eq__(s, o): return answer(True)
    def __hash__(s): return 1
    def __add__(s, o): return answer(s)

class FloatSub(float):
    def __float__(s): return answer(1.0)

class StrSub(str):
    def __eq__(s, o): return answer(True)
    def __hash__(s): return hash(str(s)) if 0 else 1
    def __str__(s): return answer("str")
    def __iter__(s): return answer(iter("ab"))

class BytesSub(bytes):
    def __bytes__(s): return answer(b"x")
    def __buffer__(s, f): act(); return bytes.__buffer__(s, f)

class ByteArraySub(bytearray):
    def __len__(s): return answer(3)
    def __buffer__(s, f): act(); return bytearray.__buffer__(s, f)

class ListSub(list):
    def __iter__(s): return answer(iter([1, 2]))
    def __len__(s): return answer(2)
    def __getitem__(s, i): return answer(list.__getitem__(s, i))
    def __eq__(s, o): return answer(True)

class TupleSub(tuple):
    def __iter__(s): return answer(iter([1, 2]))
    def __eq__(s, o): return answer(True)
    __hash__ = tuple.__hash__

class DictSub(dict):
    def __missing__(s, k): return answer(1)
    def __getitem__(s, k): return answer(dict.get(s, k))
    def __setitem__(s, k, v): act(); dict.__setitem__(s, k, v)
    def keys(s): return answer(dict.keys(s))
    def __iter__(s): return answer(dict.__iter__(s))

class SetSub(set):
    def __iter__(s): return answer(iter([1]))
    def __contains__(s, o): return answer(True)

class ErrorSub(ValueError):
    def __new__(c, *a): return answer(ValueError.__new__(c, *a))
    def __str__(s): return answer("error")
    def __setattr__(s, n, v): act()

class BaseNew(BaseException):
    def __new__(c, *a): return 1

class Raw(_io._RawIOBase):
    def readable(s): return answer(True)
    def writable(s): return answer(True)
    def seekable(s): return answer(True)
    def readinto(s, b):
        act()
        n = min(len(b), 5)
        b[:n] = b"raw\n1"[:n]
        return answer(n)
    def write(s, b): return answer(len(b))
    def seek(s, p, w=0): return answer(0)
    def tell(s): return answer(0)
    def truncate(s, n=None): return answer(0)
    def close(s): act()
    def flush(s): act()

class File:
    def read(s, n=-1): return answer("" if rnd(2) else b"ab")
    def readline(s, n=-1): return answer("")
    def write(s, t): return answer(len(t))
    def flush(s): act()
    def close(s): act()
    closed = False
    encoding = "utf-8"
    errors = None

class Codec:
    def __init__(s, *a): pass
    def decode(s, b, final=False): return answer(str(bytes(b), "latin-1"))
    def encode(s, t): return answer(t.encode())
    def reset(s): act()
    def getstate(s): return answer((b"", 0))
    def setstate(s, v): act()

class Meta(type):
    def mro(c): return answer(type.mro(c))
    def __call__(c, *a, **k): act(); return type.__call__(c, *a, **k)
    def __instancecheck__(c, o): return answer(True)
    def __subclasscheck__(c, o): return answer(True)
    def __eq__(c, o): return answer(c is o)
    __hash__ = type.__hash__

class MetaLie(type):
    def mro(c): return NONSENSE[rnd(len(NONSENSE))] if rnd(2) else [c, str, object]

class Slots: __slots__ = ("a", "b", "f", "__weakref__")

class FewSlots: __slots__ = ("a",)

class Borrows: __slots__ = ("z",)
Borrows.f = Slots.f
Borrows.a = Slots.b

def generator():
    x = yield 1
    act()
    try: yield x
    finally: act()
    yield from Iter(3)

async def coroutine():
    act()
    return await Await()

async def asyncgen():
    yield 1
    act()
    yield 2

def function(a=1, *b, c=2, **d):
    return answer(a)

def started(g):
    next(g)
    return g

def cell(v):
    return (lambda: v).__closure__[0]

def frame():
    return sys._getframe()

def trace():
    try: raise ValueError
    except ValueError as e: return e.__traceback__

def weak(o, keep=[]):
    return _weakref.ref(o, lambda r: act())

def classof(*bases, meta=type):
    return meta("Made", bases, {"f": Desc(), "__slots__": ()} if rnd(3) == 0 else {"f": Desc()})

def wrapped(n=8):
    return _io.BufferedReader(Raw(), n)

def cycle():
    l = [Del()]
    l.append(l)
    return l

class Zone(_datetime.tzinfo):
    # The collector does not see what a datetime holds: nothing may lead from here back to one.
    __slots__ = ()
    def utcoffset(s, t): return answer(_datetime.timedelta(hours=1))
    def dst(s, t): return answer(_datetime.timedelta(0))
    def tzname(s, t): return answer("zone")
    def fromutc(s, t): return answer(t)

class DateSub(_datetime.datetime):
    def __new__(c, *a, **k): return answer(_datetime.datetime.__new__(c, *a, **k))
    def utcoffset(s): return answer(_datetime.timedelta(hours=1))

class DequeSub(_collections.deque):
    def __iter__(s): return answer(_collections.deque.__iter__(s))
    def __len__(s): return answer(2)
    def append(s, v): act(); _collections.deque.append(s, v)

class Ordered(_collections.OrderedDict):
    def __getitem__(s, k): return answer(dict.get(s, k))
    def __setitem__(s, k, v): act(); _collections.OrderedDict.__setitem__(s, k, v)
    def __delitem__(s, k): act(); _collections.OrderedDict.__delitem__(s, k)
    def keys(s): return answer(_collections.OrderedDict.keys(s))

class Reduces:
    def __reduce_ex__(s, p): return answer((Plain, (), {"a": s}, iter([1, Eq()]), iter([(Eq(), 2)])))

class Raises:
    def __reduce__(s): return answer("Raises")
    def __getstate__(s): return answer({"x": 1})

class LocalSub(_thread._local):
    def __init__(s, *a): act()

def queue():
    q = _queue.SimpleQueue()
    for i in range(5): q.put(Del())
    return q

def parser():
    p = pyexpat.ParserCreate()
    for n in "StartElementHandler", "EndElementHandler", "CharacterDataHandler", "DefaultHandler", "CommentHandler":
        setattr(p, n, Call())
    p.buffer_text = True
    return p

def incremental(base):
    return type(base)("I", (base,), {"codec": _codecs_jp.getcodec("iso2022_jp" if rnd(2) else "shift_jis")})(Text() if rnd(2) else "replace")

def stream(base):
    return type(base)("S", (base,), {"codec": _codecs_jp.getcodec("euc_jp")})(File())

def types_coroutine():
    return coroutine().__await__()
