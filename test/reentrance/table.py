# Tables of re-entrance: for each operation of an object, and each act on the same object inside the Python code that
# the operation calls, what comes of it. `python table.py TABLE [FIRST]` prints a line for each combination from the
# FIRST on; table.test.ts runs it in the runtime, record.ts in CPython.

import _collections, _io, array, sys

def show(v):
    t = type(v)
    if t in (list, tuple, dict, set): return t.__name__ + ascii(v)
    if t is memoryview: return "memoryview"
    if t is _collections.deque: return "deque" + ascii(list(v))
    if t is _collections.OrderedDict: return "OrderedDict" + ascii(list(dict.items(v)))
    if t is array.array: return "array" + ascii(v.tolist())
    return ascii(v).split(" at 0x")[0].split(" object")[0]

# The object that is operated on, and the act, which is done the first time that Python is called.
O = [None]
ACT = [None]

def act():
    a = ACT[0]
    ACT[0] = None
    if a is None: return
    try: r = show(eval(a, {"o": O[0], "_io": _io, "Raw": Raw, "E": E})) if a[:4] != "del " else exec(a, {"o": O[0]})
    except Exception as e: r = type(e).__name__ + ": " + str(e)
    print("[" + str(r)[:60] + "]", end=" ")

class I:
    def __init__(s, v): s.v = v
    def __index__(s): act(); return s.v

class B:
    def __init__(s, v=b"hello"): s.v = v
    def __buffer__(s, f): act(); return memoryview(s.v)

class E:
    def __init__(s, r=False): s.r = r
    def __eq__(s, x): act(); return s.r
    def __hash__(s): return 1
    def __repr__(s): return "E"

class H:
    def __eq__(s, x): return s is x
    def __hash__(s): act(); return 2
    def __repr__(s): return "H"

class L:
    def __init__(s, v): s.v = v
    def __lt__(s, x): act(); return s.v < (x.v if type(x) is L else x)
    def __gt__(s, x): act(); return s.v > (x.v if type(x) is L else x)
    def __repr__(s): return "L%d" % s.v

class T:
    def __init__(s, *v): s.v = list(v)
    def __iter__(s): act(); return s
    def __next__(s):
        act()
        if s.v: return s.v.pop(0)
        raise StopIteration

class N(T):
    def __iter__(s): return s
    def __length_hint__(s): act(); return 3
    def __next__(s):
        if s.v: return s.v.pop(0)
        raise StopIteration

class M:
    def keys(s): act(); return ["a", "b"]
    def __getitem__(s, k): act(); return k

class R:
    def __repr__(s): act(); return "R"
    def __str__(s): act(); return "S"

class D:
    def __del__(s): act()
    def __repr__(s): return "D"

def key(x): act(); return str(x)

class Raw(_io._RawIOBase):
    def __init__(s, data=b"line one\nline two\nthree\n"): s.data, s.pos, s.out = data, 0, []
    def readable(s): return True
    def writable(s): return True
    def seekable(s): return True
    def readinto(s, b):
        act()
        d = s.data[s.pos:s.pos + len(b)]
        b[:len(d)] = d
        s.pos += len(d)
        return len(d)
    def write(s, b): act(); s.out.append(bytes(b)); return len(b)
    def seek(s, p, w=0): act(); s.pos = p if w == 0 else s.pos + p if w == 1 else len(s.data) + p; return s.pos
    def tell(s): act(); return s.pos
    def truncate(s, n=None): act(); return n
    def flush(s): act()

class Once(Raw):
    """Its close() acts before it closes."""
    def close(s):
        act()
        _io._RawIOBase.close(s)

STREAM = ["read()", "read(3)", "read1(3)", "readinto(bytearray(4))", "readinto1(bytearray(4))", "peek()", "readline()",
    "readlines()", "__next__()", "write(b'0123456789')", "flush()", "seek(2)", "seek(-1, 2)", "tell()", "truncate(3)",
    "close()", "detach()"]
ACTS = ["o.close()", "o.detach()", "o.flush()", "o.read(2)", "o.seek(0)", "o.__init__(Raw(), 4)", "o.raw.close()"]
STREAM = ["o." + s for s in STREAM]
TEXT = ["o.read()", "o.read(3)", "o.readline()", "o.readlines()", "next(o)", "o.write('0123456789')", "o.write('x\\n')",
    "o.flush()", "o.seek(0)", "o.seek(0, 2)", "o.tell()", "o.truncate(3)", "o.close()", "o.detach()",
    "o.reconfigure(newline='')", "o.reconfigure(encoding='latin-1')", "o.writelines(T('a', 'b'))"]
TEXTACTS = ["o.close()", "o.detach()", "o.flush()", "o.read(2)", "o.seek(0)", "o.__init__(_io.BytesIO(b'new\\n'), 'utf-8')",
    "o.buffer.close()", "o.buffer.detach()", "o.readline()", "o.write('act')"]

def used(o):
    """A stream that has something in its buffer."""
    try: o.read(2) if o.readable() else o.write(b"ab" if type(o) is not _io.TextIOWrapper else "ab")
    except ValueError: pass
    return o

SEQUENCE = ["o.clear()", "o.append(7)", "o.extend(range(200))", "o.pop()", "del o[1:]", "o.insert(0, 9)", "o.reverse()",
    "o.__init__()", "o.__imul__(3)"]

# Of each table: how the object is made, the operations, the acts.
TABLES = {
    "reader": (lambda: used(_io.BufferedReader(Once(), 8)), STREAM, ACTS),
    "writer": (lambda: used(_io.BufferedWriter(Once(), 8)), STREAM, ACTS),
    "random": (lambda: used(_io.BufferedRandom(Once(), 8)), STREAM, ACTS),
    "textreader": (lambda: used(_io.TextIOWrapper(_io.BufferedReader(Once(), 8), "utf-8")), TEXT, TEXTACTS),
    "textwriter": (lambda: used(_io.TextIOWrapper(_io.BufferedWriter(Once(), 8), "ascii")), TEXT, TEXTACTS),
    "textboth": (lambda: _io.TextIOWrapper(_io.BufferedRandom(Once(), 8), "latin-1"), TEXT, TEXTACTS),
    "bytesio": (lambda: _io.BytesIO(b"line one\nline two\n"),
        ["o.read(I(5))", "o.read1(I(5))", "o.readline(I(5))", "o.readlines(I(5))", "o.write(B())", "o.readinto(memoryview(B(bytearray(5))))",
            "o.readinto(B(bytearray(5)))", "o.seek(I(3))", "o.seek(0, I(2))", "o.truncate(I(4))", "o.writelines(T(b'a', b'b'))",
            "o.writelines([b'a', B()])", "o.__init__(B())", "o.__setstate__((B(), I(1), None))"],
        ["o.close()", "o.truncate(0)", "o.write(b'x' * 99)", "o.seek(0, 2)", "o.getbuffer()", "o.__init__(b'new')", "o.read()",
            "o.__setstate__((b'state', 2, None))", "o.getbuffer().release()"]),
    "stringio": (lambda: _io.StringIO("line one\nline two\n"),
        ["o.read(I(5))", "o.readline(I(5))", "o.readlines(I(5))", "o.seek(I(3))", "o.seek(0, I(2))", "o.truncate(I(4))",
            "o.writelines(T('a', 'b'))", "o.__setstate__(('s', '', I(1), None))"],
        ["o.close()", "o.truncate(0)", "o.write('x' * 99)", "o.seek(0, 2)", "o.__init__('new')", "o.read()",
            "o.__setstate__(('state', '', 2, None))"]),
    "bytearray": (lambda: bytearray(b"0123456789" * 6),
        ["o[I(30)]", "o[I(20):50]", "o[::I(7)]", "o.__setitem__(I(30), 65)", "o.__setitem__(30, I(65))",
            "o.__setitem__(slice(20, 30), B())", "o.__setitem__(slice(30, 32), [I(65), 66])", "o.__setitem__(slice(0, 60, 2), B(b'x' * 30))",
            "o.__delitem__(I(30))", "o.__delitem__(slice(I(3), 50))", "o + B()", "o.__iadd__(B())", "o.__imul__(I(2))", "o * I(2)",
            "o.append(I(65))", "o.insert(I(30), 65)", "o.insert(30, I(65))", "o.extend(T(65, 66))", "o.extend(B())", "o.extend([I(65), 66])",
            "o.extend(N(65, 66))", "o.pop(I(30))", "o.remove(I(53))", "o.find(B(b'5'))", "o.find(I(53))", "o.find(b'5', I(9))",
            "o.index(b'5', 0, I(50))", "o.count(B(b'5'))", "B(b'5') in o", "I(53) in o", "o.startswith(B(b'0'))",
            "o.startswith(b'0', I(0))", "o.endswith((b'x', b'9'), I(3))", "o.replace(B(b'5'), b'xyz')", "o.replace(b'5', B(b'xyz'))",
            "o.replace(b'5', b'xyz', I(3))", "o.split(B(b'5'))", "o.split(b'5', I(2))", "o.rsplit(B(b'5'))", "o.partition(B(b'5'))",
            "o.strip(B(b'09'))", "o.translate(B(bytes(256)))", "o.translate(None, B(b'5'))", "o.join(T(b'a', b'b'))", "o.join([b'a', B()])",
            "o.join(N(b'a', b'b'))", "o.center(I(70))", "o.ljust(I(70))", "o.zfill(I(70))", "o.expandtabs(I(4))", "o.hex(':', I(2))",
            "o == B()", "o.removeprefix(B(b'0'))", "o.__init__(B())", "o.__init__(T(65, 66))", "o.__init__(I(9))", "o % R()",
            "o.maketrans(B(b'a'), B(b'b'))", "bytes(o[I(1):])"],
        ["o.clear()", "o.append(7)", "o.extend(b'y' * 200)", "o.pop()", "del o[1:]", "o.insert(0, 9)", "o.reverse()", "o.__init__()",
            "o.__imul__(3)"]),
    "list": (lambda: [L(3), E(), 1, L(2), "b", L(1), D(), 5] if 0 else [E(), 1, E(), 2, 3, 4, 5, 6],
        ["o[I(3)]", "o[I(1):6]", "o[::I(2)]", "o.__setitem__(I(3), 0)", "o.__setitem__(slice(I(1), 6), [])",
            "o.__setitem__(slice(1, 3), T(7, 8))", "o.__setitem__(slice(0, 8, 2), T(7, 8, 9, 10))", "o.__delitem__(I(3))",
            "o.__delitem__(slice(I(1), 6))", "o.__iadd__(T(7, 8))", "o.extend(T(7, 8))", "o.extend(N(7, 8))", "o * I(2)", "o.__imul__(I(2))",
            "o.insert(I(3), 0)", "o.pop(I(3))", "o.remove(4)", "o.remove(99)", "o.index(4)", "o.index(99)", "o.index(4, I(1))",
            "o.count(99)", "99 in o", "o == [0, 1, 2, 3, 4, 5, 6, 7]", "o < [0, 1]", "o.sort(key=key)", "o.sort(key=lambda x: L(1))",
            "o.__init__(T(1, 2))", "list(T(1, 2))", "repr(o + [R()])", "tuple(N(1, 2))", "sorted(o, key=key)", "min(o, key=key)",
            "max(o, key=key)", "[*T(1, 2), *o]", "sum(T(1, 2))", "any(T(0, 0))", "dict.fromkeys(o, 1)", "set(o)", "','.join(T('a', 'b'))",
            "list(map(key, o))", "list(filter(key, o))", "list(zip(o, T(1, 2, 3)))"],
        SEQUENCE + ["o.sort(key=str)", "o.copy()"]),
    "dict": (lambda: {E(): 1, 1: 2, "a": 3, 33: 4},
        ["o.get(E())", "o[E()]", "o.__setitem__(E(), 5)", "o.__setitem__(H(), 5)", "o.__delitem__(E(True))", "o.pop(E(True))", "o.pop(E(), 0)",
            "o.setdefault(E(), 5)", "o.setdefault(H(), 5)", "E() in o", "o.update(M())", "o.update(T((E(), 1), ('b', 2)))", "o.update({E(): 7})",
            "o | {E(): 7}", "o.__ior__({E(): 7})", "o == {E(): 1, 1: 2, 'a': 3, 33: 4}", "o == {E(True): 1, 1: 2, 'a': 3, 33: 4}",
            "o.fromkeys(T(E(), 1))", "o.fromkeys(o)", "E() in o.keys()", "o.keys() & {E()}", "o.keys() - T(E())", "o.keys() == {E(), 1}",
            "(E(), 1) in o.items()", "o.items() & {(1, 2)}", "E() in o.values()", "o.values().__contains__(1)", "list(map(key, o))",
            "list(map(key, o.items()))", "repr({1: R(), 2: o})", "o.__init__(M())", "dict(M())", "dict(**M())", "sorted(o, key=key)",
            "[key(k) for k in o]", "{**o, **M()}"],
        ["o.clear()", "o.popitem()", "o.pop(1)", "o.update({k: k for k in range(50)})", "o.__setitem__(E(), 9)" if 0 else "o.__setitem__('new', 9)",
            "o.__init__({2: 2})", "o.copy()", "o.setdefault(99)", "o.__ior__({7: 7})"]),
    "set": (lambda: {E(), 1, "a", 33},
        ["E() in o", "o.add(E())", "o.add(H())", "o.remove(E(True))", "o.discard(E())", "o.update(T(E(), 1))", "o.update({E()})", "o | {E()}",
            "o & {E()}", "o & {E(True), 1}", "o - {E()}", "o ^ {E()}", "o.__ior__({E()})", "o.__iand__({E()})", "o.__isub__({E()})",
            "o.__ixor__({E()})", "o == {E(), 1, 'a', 33}", "o <= {E(), 1, 'a', 33, 5}", "o >= {E()}", "o < {E(), 1, 2, 3, 4}",
            "o.issubset(T(E(), 1))", "o.issuperset(T(E(), 1))", "o.isdisjoint(T(E(), 2))", "o.isdisjoint({E()})", "o.union(T(E()))",
            "o.intersection(T(E(), 1))", "o.intersection_update(T(E(), 1))", "o.difference(T(E(), 1))", "o.difference_update(T(E(), 1))",
            "o.symmetric_difference(T(E(), 1))", "o.symmetric_difference_update(T(E(), 1))", "o.__init__(T(E(), 1))", "frozenset(T(E(), 1))",
            "list(map(key, o)) and 0", "dict.fromkeys(T(E(), 1))", "{*T(E(), 1)}"],
        ["o.clear()", "o.pop() and 0", "o.update(range(50))", "o.add('new')", "o.discard(1)", "o.__init__()", "o.copy() and 0",
            "o.difference_update({1, 33})"]),
    "memoryview": (lambda: memoryview(bytearray(b"0123456789")),
        ["o[I(3)]", "o[I(3):8]", "o[::I(2)]", "o.__setitem__(I(3), 65)", "o.__setitem__(3, I(65))", "o.__setitem__(slice(1, 6), B())",
            "o.__setitem__(slice(I(1), 6), b'hello')", "o == B(b'0123456789')", "o.cast('B', [I(2), 5])", "o.hex(':', I(2))", "o.tobytes(None)",
            "o.index(I(53))", "o.count(I(53))", "o.__getitem__((I(1),))", "memoryview(B())", "bytes(o[I(1):])", "o.__exit__(R(), 1, 2)"],
        ["o.release()", "o.obj.clear()", "o.obj.append(1)", "o.tobytes()", "o.cast('b').release()", "o.__enter__().release()", "o.toreadonly()"]),
}

TABLES |= {
    "deque": (lambda: _collections.deque([E(), 1, E(), 2, 3, 4, 5, 6]),
        ["o[I(3)]", "o.__setitem__(I(3), 0)", "o.__setitem__(0, 7)", "o.__delitem__(I(3))", "o.append(D())", "o.appendleft(D())", "o.extend(T(7, 8))",
            "o.extend(N(7, 8))", "o.extendleft(T(7, 8))", "o.__iadd__(T(7, 8))", "o + o", "o * I(2)", "o.__imul__(I(2))", "o.insert(I(3), 0)",
            "o.rotate(I(3))", "o.remove(4)", "o.remove(99)", "o.index(4)", "o.index(99)", "o.index(4, I(1))", "o.count(99)", "99 in o",
            "o == _collections.deque([0, 1, 2, 3, 4, 5, 6, 7])", "o < _collections.deque([0, 1])", "o.__init__(T(1, 2))",
            "o.__init__([1, 2], I(3))", "_collections.deque(T(1, 2), I(1))", "repr(o + _collections.deque([R()]))", "list(map(key, o))",
            "list(map(key, reversed(o)))", "sorted(o, key=key)", "[*T(1, 2), *o]", "o.copy()", "o.reverse()"],
        ["o.clear()", "o.append(7)", "o.extend(range(200))", "o.pop()", "o.popleft()", "o.rotate(1)", "o.insert(1, 9)", "o.reverse()",
            "o.__init__()", "o.__imul__(3)", "o.__delitem__(0)"]),
    "array": (lambda: array.array("i", range(60)),
        ["o[I(30)]", "o[I(20):50]", "o[::I(7)]", "o.__delitem__(I(30))", "o.__delitem__(slice(I(3), 50))", "o.__setitem__(slice(I(3), 50), array.array('i', [1]))",
            "o * I(2)", "o.extend(T(65, 66))", "o.extend(N(65, 66))", "o.frombytes(B(b'12345678'))", "o.fromlist([1, 2])", "o.pop(I(30))",
            "o.fromfile(_io.BytesIO(b'12345678'), I(2))", "o.tofile(Raw())", "array.array('i', T(1, 2))", "array.array('i', N(1, 2))",
            "array.array('i', [I(1), 2])", "list(map(key, o))", "sorted(o, key=key)", "[*T(1, 2), *o]", "o.index(5, I(1), I(9))", "o.byteswap()"],
        ["o.append(7)", "o.extend(range(200))", "o.pop()", "o.insert(0, 9)", "o.reverse()", "o.__imul__(3)"]),
    "odict": (lambda: _collections.OrderedDict([(E(), 1), (1, 2), ("a", 3), (33, 4)]),
        ["o.get(E())", "o[E()]", "o.__setitem__(E(), 5)", "o.__setitem__(H(), 5)", "o.__delitem__(E(True))", "o.pop(E(True))", "o.pop(E(), 0)",
            "o.setdefault(E(), 5)", "E() in o", "o.update(M())", "o.update(T((E(), 1), ('b', 2)))", "o.__init__(M())", "o.__ior__({E(): 7})",
            "o == {E(): 1, 1: 2, 'a': 3, 33: 4}", "o.move_to_end(E(True))", "o.move_to_end(33)", "o.popitem()", "o.fromkeys(T(E(), 1))",
            "list(map(key, o))", "list(map(key, o.items()))", "list(map(key, reversed(o)))", "list(map(key, o.values()))", "o | {E(): 7}", "{**o, **M()}"],
        ["o.clear()", "o.popitem()", "o.update({2: 2, 3: 3})", "o.__setitem__('new', 9)", "o.setdefault(99)", "o.move_to_end(1)"]),
}

def main(table, first):
    make, operations, acts = TABLES[table]
    n = -1
    for operation in operations:
        for a in acts:
            n += 1
            if n < first: continue
            print(n, operation, "/", a, end=" => ", flush=True)
            ACT[0] = None
            O[0] = make()
            ACT[0] = a
            names = dict(globals(), o=O[0])
            try: r = show(eval(operation, names))
            except Exception as e: r = type(e).__name__ + ": " + str(e)
            ACT[0] = None
            try: after = show(O[0])
            except Exception as e: after = type(e).__name__
            if isinstance(O[0], _io._IOBase):
                try: after = str(O[0].closed)
                except Exception as e: after = type(e).__name__
            print(r[:150], ";", after[:150], flush=True)
            names = r = None
            try: O[0] = None
            except Exception: pass

if __name__ == "__main__" and len(sys.argv) > 1: main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 0)
