# What a program does to a stream from inside the stream: from the raw stream, from the stream below a text stream, from
# arguments. Each line is the kind of thing that CPython refuses, or lets happen without harm.
import _io, sys
def show(name, f):
    try: r = f()
    except BaseException as e: r = type(e).__name__ + ": " + str(e)
    print(name, ascii(r).split(" at 0x")[0])

class R(_io._RawIOBase):
    def writable(s): return True
    def write(s, b):
        try: w.detach()
        except RuntimeError: print("RuntimeError")
        return len(b)
w = _io.BufferedWriter(R(), 8); w.write(b"ab"); w.close()

# What the raw stream keeps of what it is handed stays its own.
class Keeps(_io._RawIOBase):
    def __init__(s): s.kept = []
    def readable(s): return True
    def writable(s): return True
    def readinto(s, b): s.kept.append(b); b[:2] = b"ab"; return 2
    def write(s, b): s.kept.append(b); return len(b)
k = Keeps(); r = _io.BufferedReader(k, 4); print(r.read(1)); r.detach()
k.kept[0][:] = b"zzzz"; print(bytes(k.kept[0]))
k = Keeps(); w = _io.BufferedWriter(k, 4); w.write(b"abcdefgh"); w.write(b"i"); w.detach(); print([bytes(b) for b in k.kept])
try: k.kept[0][0] = 1
except TypeError as e: print(e)

# A text stream that writes to itself from below, in every order.
class Below(_io.BytesIO):
    act = None
    def write(s, b):
        a, s.act = s.act, None
        if a: a()
        return _io.BytesIO.write(s, b)
def below(act, *writes, **more):
    b = Below(); t = _io.TextIOWrapper(b, "utf-8", **more); t._CHUNK_SIZE = 8
    b.act = lambda: act(t)
    for x in writes: t.write(x)
    try: t.flush()
    except ValueError as e: return str(e)
    return b.getvalue()
show("write", lambda: below(lambda t: t.write("inner"), "one", "two", "three"))
show("big", lambda: below(lambda t: t.write("i" * 20), "one", "o" * 30))
show("flush", lambda: below(lambda t: t.flush(), "one", "two", "three"))
show("chunk", lambda: below(lambda t: setattr(t, "_CHUNK_SIZE", 2), "one", "two", "three", "four"))
show("chunk 99", lambda: below(lambda t: setattr(t, "_CHUNK_SIZE", 99), "one", "two", "three", "four"))
show("lines", lambda: below(lambda t: t.write("in\n"), "a\n", "b", "c\n", line_buffering=True))
show("through", lambda: below(lambda t: t.write("in"), "a\n", "b", "c\n", write_through=True))
show("reconfigure", lambda: below(lambda t: t.reconfigure(newline="\r\n"), "a\n", "b\n", "c\nddddddd\n"))

# Views of a BytesIO, and the stream inside its own arguments.
b = _io.BytesIO(b"0123456789"); v = b.getbuffer(); lender = v.obj
for f in (b.close, lambda: b.write(b"x"), lambda: b.truncate(3), lambda: b.__init__(b"q"), lambda: b.__setstate__((b"q", 0, None)), lambda: b.read(2), b.getvalue): show("view", f)
v[0] = 65; v.release(); show("written", b.getvalue); b.close()
class Lends:
    def __init__(s, f): s.f = f
    def __buffer__(s, flags): s.f(); return memoryview(bytearray(b"lent"))
for op in ("write", "readinto", "__init__"):
    for name in ("close", "truncate", "getbuffer", "read"):
        b = _io.BytesIO(b"0123456789")
        if (op, name) in (("write", "close"), ("__init__", "close")): continue
        show((op, name), lambda: getattr(b, op)(Lends(getattr(b, name))))
        show("then", lambda: b.getvalue())

class FS:
    def __init__(s, r): s.r = r
    def __fspath__(s): return s.r
for r in (5, None, "/no such file", b"/no such file", "a\0b"): show(("path", r), lambda: open(FS(r)))
def nextline():
    class Odd(_io.BufferedReader):
        def readline(s): return "text"
    return next(Odd(_io.BytesIO(b"a")))
show("iterate", nextline)
t = _io.TextIOWrapper(_io.BytesIO(b"abc"), "utf-8"); t.detach()
for m in ("repr(t)", "t.errors", "t.encoding", "t.line_buffering", "t.newlines", "t.read()", "t.detach()", "t.closed", "t.buffer"): show(m, lambda: eval(m))
