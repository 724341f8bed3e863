# pickle, the native one beside the one in Python: every protocol, errors and their words, damaged pickles, and what is wicked.
import _pickle
import copy
import copyreg
import io
import pickle
import sys
from collections import OrderedDict, deque


def attempt(f, *args, **kwargs):
    try:
        return f(*args, **kwargs)
    except BaseException as e:
        return type(e).__name__ + ": " + str(e)


class Plain:
    def __init__(self, x):
        self.x = x

    def __eq__(self, other):
        return type(other) is type(self) and self.__dict__ == other.__dict__

    def method(self):
        return self.x


class Slots:
    __slots__ = ("a", "b", "__weakref__")

    def __eq__(self, other):
        return self.a == other.a


class Both(Slots):
    def __init__(self):
        self.a, self.d = 1, 2


class NewArgs(int):
    def __new__(cls, value, *, base=10):
        r = super().__new__(cls, value, base)
        r.base = base
        return r

    def __getnewargs_ex__(self):
        return (format(self, "x"),), {"base": 16}


class Listed(list):
    pass


class Dicted(dict):
    pass


class State:
    def __getstate__(self):
        return "state"

    def __setstate__(self, state):
        self.got = state

    def __eq__(self, other):
        return True


class Outer:
    class Inner:
        pass


slots = Slots()
slots.a = [1]
listed = Listed([1, 2])
listed.tag = "t"
objects = [
    None, True, False, 0, 1, -1, 255, 256, 65535, 65536, -70000, 2**31, -(2**31), 2**40, -(2**63), 2**100, -128, -129, 2**2040,
    1.5, float("inf"), -0.0, "", "abc", "é", "\u1234\U0001f600", "\ud800", "a\nb\\c\x1a\0", "x" * 300, b"", b"abc", b"x" * 300,
    bytearray(), bytearray(b"xy"), (), (1,), (1, 2), (1, 2, 3), (1, 2, 3, 4), [], [1], [1, 2, 3], {}, {1: 2}, {1: 2, "a": [3]},
    set(), {1}, frozenset(), frozenset({1}), int, len, Plain, Plain(3), [Plain(1)] * 2, slots, Both(), NewArgs("ff", base=16),
    listed, Dicted(a=1), State(), Outer.Inner, range(3), 1j, slice(1, 2), type(None), type(...), type(NotImplemented),
    NotImplemented, ..., list(range(2500)), {i: i for i in range(1500)}, set(range(1100)), [[]] * 3, OrderedDict(a=1), deque([1], 3),
    KeyError("x"), str.upper, "x" * 70000, [b"y" * 70000], iter([1, 2]), object(),
]
for protocol in range(6):
    for o in objects:
        mine = attempt(_pickle.dumps, o, protocol)
        if isinstance(mine, str):
            print(protocol, repr(o)[:40].split(" at 0x")[0], mine.split(" at 0x")[0])
            continue
        if type(o) is not set:
            assert mine == pickle._dumps(o, protocol), (protocol, o)
        back = _pickle.loads(mine)
        assert type(back) is type(o), (protocol, o)
        if type(o) not in (object, type(iter([]))) and not isinstance(o, KeyError):
            assert back == o, (protocol, o)
        f = io.BytesIO()
        _pickle.dump(o, f, protocol)
        assert f.getvalue() == mine
        f.seek(0)
        _pickle.load(f)
        assert f.tell() == len(mine)

# What contains itself.
for protocol in range(6):
    a = []
    a.append(a)
    d = {}
    d[1] = d
    t = ([],)
    t[0].append(t)
    p = Plain(0)
    p.x = p
    again = lambda o: _pickle.loads(_pickle.dumps(o, protocol))
    print(again(a)[0][0] is not None, again(d)[1][1][1] is not d, again(t)[0][0][0] is not t, again(p).x.x is not p)
    fast = _pickle.Pickler(io.BytesIO(), protocol)
    fast.fast = 1
    print(attempt(fast.dump, a).split(" at ")[0], fast.bin, fast.fast)

# Options.
print(pickle.dumps([1, "a"], -1), attempt(pickle.dumps, 1, 6), attempt(pickle.dumps, 1, "x"), attempt(pickle.dumps))
print(_pickle.dumps(map, 2), _pickle.dumps(map, 2, fix_imports=False), _pickle.dumps(map, 3), _pickle.loads(b"c__builtin__\nxrange\n."))
print(attempt(_pickle.loads, b"c__builtin__\nxrange\n.", fix_imports=False), _pickle.loads(b"S'\\xe9'\n.", encoding="latin1"))
print(_pickle.loads(b"S'\\xe9'\n.", encoding="bytes"), attempt(_pickle.loads, b"U\x01\xe9."), _pickle.loads(b"U\x01\xe9.", errors="replace"))
print(attempt(_pickle.loads, b"N.", encoding=1), attempt(_pickle.loads, "x"), attempt(_pickle.load, 1), attempt(_pickle.dump, 1, 2))
print(attempt(_pickle.Pickler), attempt(_pickle.Pickler, 1), attempt(_pickle.Unpickler, io.BytesIO(), 1), attempt(_pickle.Pickler.__new__(_pickle.Pickler).dump, 1))
print(attempt(_pickle.Unpickler.__new__(_pickle.Unpickler).load), _pickle.PickleError.__mro__[:2], _pickle.PicklingError, _pickle.UnpicklingError)


# Ids, tables, overrides.
class Ids(_pickle.Pickler):
    def persistent_id(self, o):
        return ("id", o.x) if isinstance(o, Plain) else None


class Load(_pickle.Unpickler):
    def persistent_load(self, pid):
        return ("loaded", pid)

    def find_class(self, module, name):
        print("find", module, name)
        return super().find_class(module, name)


for protocol in (0, 1, 2, 4):
    f = io.BytesIO()
    print(attempt(Ids(f, protocol).dump, [Plain(1), 2, int]), f.getvalue())
    print(attempt(Load(io.BytesIO(f.getvalue())).load))
print(attempt(_pickle.loads, b"Pabc\n."), attempt(Load(io.BytesIO(b"P\xe9\n.")).load))


class Override(_pickle.Pickler):
    dispatch_table = {complex: lambda c: (str, ("complex",))}

    def reducer_override(self, o):
        return (str, ("plain",)) if isinstance(o, Plain) else NotImplemented


f = io.BytesIO()
Override(f).dump([Plain(1), 1j, Slots])
print(_pickle.loads(f.getvalue()))
p = _pickle.Pickler(f)
print(attempt(lambda: p.dispatch_table), p.memo.copy(), sys.getsizeof(p) > 0)
p.dispatch_table = {complex: lambda c: "wrong"}
print(attempt(p.dump, 1j))


# What __reduce__ may return.
class Reduce:
    def __init__(self, value):
        self.value = value

    def __reduce_ex__(self, protocol):
        return self.value


for value in (1, (), (1,), (1, 2), (int, 2), (int, (), 1, 2), (int, (), 1, None, 2), (int, (), 1, None, None, 2), (int, (), 1, 2, 3, 4, 5), "nothing", "Plain", (copyreg.__newobj__, ()), (copyreg.__newobj__, (1,)), (copyreg.__newobj__, (int,)), (copyreg.__newobj_ex__, (int,)), (copyreg.__newobj_ex__, (1, 2, 3)), (copyreg.__newobj_ex__, (int, 2, 3)), (copyreg.__newobj_ex__, (int, (), 3)), (int, (), None, iter([1])), (dict, (), None, None, iter([1, 2]))):
    print(repr(attempt(_pickle.dumps, Reduce(value), 4)).split(" at 0x")[0])
setter = (Plain, (1,), {"y": 2}, None, None, setattr)
print(attempt(_pickle.loads, _pickle.dumps(Reduce(setter), 4)))


def local():
    class Local:
        pass

    return Local, lambda: 0


for o in (*local(), local()[0](), sys, sys._getframe(), io.StringIO().getvalue, (x for x in ()), memoryview(b""), type("Gone", (), {}), type("Gone", (), {})()):
    print(str(attempt(_pickle.dumps, o)).split(" at 0x")[0])
Plain.__module__ = "nowhere"
print(attempt(_pickle.dumps, Plain))
Plain.__module__ = "__main__"

# Damaged pickles.
for data in (b"", b".", b"N", b"\x80", b"\x80\x09.", b"(", b"(.", b"0.", b"1.", b"2.", b"(2.", b"a.", b"Na.", b"NNa.", b"]a.", b"(e.", b"](e.", b"N(Ne.", b"](NNu.", b"}(Nu.", b"}Ns.", b"}NNs.", b"R.", b"NR.", b"NNR.", b"N)R.", b"b.", b"Nb.", b"NNb.", b"N}b.", b"N(b.", b"o.", b"(o.", b"(No.", b"i.", b"(i\n.", b"(ia\nb\n.", b"c\n\n.", b"cnowhere\nx\n.", b"cbuiltins\nnothing\n.", b"\x93.", b"NN\x93.", b"\x8c\x01a\x8c\x01b\x93.", b"\x81.", b"N)\x81.", b"cbuiltins\nint\nN\x81.", b"N)}\x92.", b"cbuiltins\nint\n)N\x92.", b"cbuiltins\nint\n)}\x92.", b"I\n.", b"Ix\n.", b"I00\n.", b"I01\n.", b"I010\n.", b"I0x1f\n.", b"I-5\n.", b"I99999999999999999999\n.", b"L5L\n.", b"L5\n.", b"LxL\n.", b"F\n.", b"Fx\n.", b"F1.5\n.", b"F1x\n.", b"S\n.", b"S'\n.", b"Sx\n.", b"S'a\\n'\n.", b'S"a"\n.', b"S'\\x'\n.", b"Va\\u0041\n.", b"V\\u1\n.", b"T\xff\xff\xff\xff.", b"B\xff\xff\xff\xff.", b"X\x05\0\0\0ab.", b"\x8d" + b"\xff" * 8 + b".", b"\x8e" + b"\xff" * 8 + b".", b"\x96" + b"\xff" * 8 + b".", b"\x95" + b"\xff" * 8 + b".", b"\x8e" + b"\xff" * 7 + b"\x7f.", b"\x95" + b"\xff" * 7 + b"\x7f.", b"\x95\x05\0\0\0\0\0\0\0N.", b"\x8a\x01\x80.", b"\x8a\0.", b"\x8b\xff\xff\xff\xff.", b"\x8b\x01\0\0\0\x05.", b"\x82\0.", b"\x82\x01.", b"\x83\xff\xff.", b"\x84\xff\xff\xff\xff.", b"g0\n.", b"g\n.", b"gx\n.", b"h\0.", b"j\xff\xff\xff\xff.", b"Np-1\n.", b"Npx\n.", b"q\0.", b"(q\0.", b"Nq\0h\0\x86.", b"\x94.", b"\x97.", b"\x98.", b"N\x98.", b"]\x90.", b"](N\x90.", b"\x8f(]\x90.", b"(]\x91.", b"(NNNd.", b"(]Nd.", b"\xff.", b"'.", b"Z.", b"\x85.", b"N\x86.", b"(NNl.", b"(NNt.", b"J\xff\xff\xff\xff.", b"M\xff\xff.", b"G1234567.", b"P\n."):
    print(data, attempt(_pickle.loads, data), attempt(_pickle.load, io.BytesIO(data)))


# Files.
class Reader:
    def __init__(self, data, answers=()):
        self.data, self.at, self.answers = data, 0, list(answers)

    def read(self, n):
        if self.answers:
            return self.answers.pop(0)
        r = self.data[self.at : self.at + n]
        self.at += len(r)
        return r

    def readline(self):
        end = self.data.find(b"\n", self.at) + 1
        r = self.data[self.at : end]
        self.at = end
        return r


data = _pickle.dumps([1.5, "x" * 100, b"y" * 100000, bytearray(b"z" * 100000)], 5)
print(_pickle.load(Reader(data))[2] == b"y" * 100000)
print(attempt(_pickle.load, Reader(b"", ["x"])), attempt(_pickle.load, Reader(b"", [None])), attempt(_pickle.load, Reader(b"Ixx")))


class ReadInto(Reader):
    size = None

    def readinto(self, b):
        data = self.read(len(b))
        b[: len(data)] = data
        return len(data) if self.size is None else self.size


print(_pickle.load(ReadInto(data))[3] == bytearray(b"z" * 100000))
for ReadInto.size in (-1, 0, "x"):
    print(attempt(_pickle.load, ReadInto(data)))
writes = []


class Writer:
    def write(self, data):
        writes.append(len(data))


_pickle.dump([b"y" * 100000, ["x" * 1000 + str(i) for i in range(100)], "z" * 100000], Writer(), 4)
print(writes, attempt(_pickle.dump, 1, io.StringIO()))

# Buffers.
buffers = []
big = bytearray(b"abc")
data = pickle.dumps([pickle.PickleBuffer(big), pickle.PickleBuffer(b"ro")], 5, buffer_callback=buffers.append)
print(data, [bytes(b) for b in buffers], attempt(pickle.loads, data), attempt(pickle.loads, data, buffers=[]))
print(pickle.loads(data, buffers=buffers)[0] is buffers[0], pickle.loads(pickle.dumps(pickle.PickleBuffer(big), 5)))
b = pickle.PickleBuffer(memoryview(big)[::2])
print(attempt(b.raw), attempt(pickle.dumps, b, 5), attempt(pickle.dumps, b, 4), b.release(), attempt(b.raw), attempt(memoryview, b), attempt(pickle.dumps, b, 5))
raw = pickle.PickleBuffer(memoryview(b"abcdefgh").cast("h", [2, 2])).raw()
print(raw.format, raw.shape, raw.strides, raw.tobytes(), attempt(pickle.PickleBuffer, 1), attempt(pickle.dumps, 1, 4, buffer_callback=print))

# Memos.
f = io.BytesIO()
p = _pickle.Pickler(f, 2)
shared = ["shared"]
p.dump(shared)
p.dump(shared)
print(f.getvalue(), len(p.memo.copy()), attempt(setattr, p, "memo", 1), attempt(setattr, p, "memo", {1: 2}), attempt(delattr, p, "memo"))
q = _pickle.Pickler(g := io.BytesIO(), 2)
q.memo = p.memo
q.dump(shared)
print(g.getvalue(), q.clear_memo(), q.memo.copy(), copy.copy(p.memo) == p.memo.copy())
u = _pickle.Unpickler(io.BytesIO(f.getvalue()))
print(u.load(), u.load(), u.memo.copy(), attempt(u.load), attempt(setattr, u, "memo", {"x": 1}), attempt(setattr, u, "memo", {-1: 1}), attempt(setattr, u, "memo", 1))

# Deep ones.
deep = []
for i in range(100000):
    deep = [deep]
for protocol in (0, 2, 4):
    print(attempt(_pickle.dumps, deep, protocol))
while deep:
    deep = deep[0]
print(len(_pickle.loads(b"]" * 5000 + b"a" * 4999 + b".")))
copyreg.add_extension("__main__", "Plain", 250)
print(_pickle.dumps(Plain, 2), _pickle.loads(_pickle.dumps(Plain, 2)) is Plain)
copyreg.remove_extension("__main__", "Plain", 250)


class Changing:
    def __init__(self, act):
        self.act = act

    def __reduce__(self):
        self.act()
        return (int, ())


a = [1, 2]
a.insert(1, Changing(lambda: a.clear()))
print(_pickle.dumps(a, 4))
d = {1: 1, 2: 2}
d[0] = Changing(lambda: d.clear())
print(attempt(_pickle.dumps, d, 4))
s = {1, 2, Changing(lambda: s.clear())}
print(attempt(_pickle.dumps, s, 4))
