# Buffered streams over raw streams that note what they are asked, answer in pieces, block, fail and answer nonsense.
import _io, sys
T = _io.TextIOWrapper; B = _io.BytesIO; S = _io.StringIO
R = _io.BufferedReader; W = _io.BufferedWriter; X = _io.BufferedRandom
def show(name, f):
    try: r = f()
    except BaseException as e: r = type(e).__name__ + ": " + str(e) + (" <- " + repr(e.__cause__) if e.__cause__ else "") + (" <~ " + repr(e.__context__) if e.__context__ else "")
    print(name, ascii(r).split(" at 0x")[0])
class Raw(_io._RawIOBase):
    """Answers what it is given, and notes what it is asked."""
    def __init__(s, *answers, n=None): s.answers = list(answers); s.log = []; s.pos = 0; s.written = []; s.n = n
    def readable(s): return True
    def writable(s): return True
    def seekable(s): return True
    def readinto(s, b):
        s.log.append(("r", type(b).__name__, len(b)))
        if not s.answers: return 0
        a = s.answers.pop(0)
        if not isinstance(a, bytes): 
            if isinstance(a, type): raise a("no")
            return a
        a, rest = a[:len(b)], a[len(b):]
        if rest: s.answers.insert(0, rest)
        b[:len(a)] = a; s.pos += len(a); return len(a)
    def write(s, b):
        s.log.append(("w", type(b).__name__, len(b))); a = s.n
        if isinstance(a, list): a = a.pop(0) if a else None
        if a is None: a = len(b)
        if a == "block": return None
        if isinstance(a, type): raise a("no")
        if a >= 0: s.written.append(bytes(b)[:a]); s.pos += a
        return a
    def seek(s, p, w=0): s.log.append(("s", p, w)); s.pos = p if w == 0 else s.pos + p if w == 1 else 100 + p; return s.pos
    def tell(s): s.log.append("t"); return s.pos
    def truncate(s, n=None): s.log.append(("tr", n)); return n
def log(make, *ops):
    out = []
    for op in ops:
        try: out.append(eval(op, {"o": make, "bytearray": bytearray}))
        except BaseException as e: out.append(type(e).__name__ + ": " + str(e) + (" cause " + repr(e.__cause__) if e.__cause__ else ""))
    raw = make.raw; raw.n = None; raw.pos = 9
    out.append(raw.log); out.append(raw.written); raw.n = None; raw.answers = []
    return out
D = b"0123456789abcdefghijklmnopqrstuvwxyz"
for size in (1, 4, 5, 8):
    for ops in (("o.read(3)", "o.read(9)", "o.tell()", "o.read()"), ("o.peek()", "o.peek(1)", "o.read1()", "o.read1(3)", "o.read1(0)", "o.read1(99)"),
        ("o.readinto(bytearray(3))", "o.readinto(bytearray(10))", "o.readinto1(bytearray(10))", "o.readinto1(bytearray(2))", "o.readinto(bytearray(0))"),
        ("o.read(2)", "o.seek(1, 1)", "o.read(2)", "o.seek(-2, 1)", "o.read(1)", "o.seek(0)", "o.read(3)", "o.seek(20)", "o.tell()", "o.seek(0, 2)", "o.seek(-200, 1)"),
        ("o.readline(3)", "o.readline()", "o.readlines(2)", "o.read(0)", "o.read(-1)", "o.read(-2)", "o.read(None)", "o.readline(-5)", "o.peek(None)", "o.read1(None)")):
        show(("reader", size), lambda: log(R(Raw(D), size), *ops))
        show(("reader pieces", size), lambda: log(R(Raw(b"ab", b"c\nd", b"efgh\n", None, b"ij", b"", b"k"), size), *ops))
        show(("random", size), lambda: log(X(Raw(D), size), *ops))
    for ops in (("o.write(b'ab')", "o.write(b'cdefg')", "o.tell()", "o.flush()", "o.tell()"), ("o.write(b'x' * 20)", "o.write(b'')", "o.seek(0)", "o.write(b'abc')", "o.seek(1, 1)", "o.close()"),
        ("o.write(b'a')", "o.truncate()", "o.truncate(3)", "o.write(b'bcd')", "o.detach()", "o.write(b'x')") if 0 else ("o.write(b'a')", "o.truncate()", "o.truncate(3)", "o.write(b'bcd')", "o.write('x')", "o.writelines([b'a', b'b'])")):
        show(("writer", size), lambda: log(W(Raw(), size), *ops))
        show(("random w", size), lambda: log(X(Raw(D), size), *ops))
        for n in (1, ["block"], [2, "block", "block"], [OSError], ["block"] * 9, [-1], [99], [0, 2]):
            show(("writer", size, n), lambda: log(W(Raw(n=list(n) if type(n) is list else n), size), *ops))
    for ops in (("o.read(2)", "o.write(b'XY')", "o.read(2)", "o.tell()", "o.flush()"), ("o.write(b'XY')", "o.seek(0)", "o.read(1)", "o.peek()", "o.write(b'Z' * 9)", "o.tell()", "o.read(1)"),
        ("o.peek()", "o.write(b'A')", "o.write(b'B')", "o.readline()", "o.seek(-1, 1)", "o.write(b'C')", "o.truncate()", "o.read1()"), ("o.read(3)", "o.seek(-2, 1)", "o.write(b'q')", "o.seek(1, 1)", "o.write(b'r')", "o.flush()", "o.tell()")):
        show(("random rw", size), lambda: log(X(Raw(D), size), *ops))
for a in (-1, 99, "x", 1.5, None, ValueError, OSError, BlockingIOError, KeyboardInterrupt, 2**70):
    show(("misbehaves", a), lambda: log(R(Raw(a), 4), "o.read(2)", "o.read(9)", "o.read1(2)", "o.readline()", "o.peek()"))
class Odd:
    closed = False; mode = "m"
    def __init__(s, **k): s.__dict__.update(k)
    def readable(s): return True
    writable = seekable = readable
    def tell(s): return s.t
    def seek(s, *a): return s.t
    def read(s, n=-1): return s.r
    def readall(s): return s.r
    def readinto(s, b): return 0
    def write(s, b): return len(b)
    def flush(s): pass
    def close(s): s.closed = True
def told(t):
    raw = Odd(t=t); o = X(raw, 4); r = []
    for m in ("tell()", "seek(3)", "seek(0, 2)"):
        try: r.append(eval("o." + m))
        except Exception as e: r.append(str(e))
    raw.t = 0
    return r
for t in (-1, 2**80, "x", None, 5): show(("tell", t), lambda: told(t))
for r in (None, b"", b"ab", "text", 5, bytearray(b"x")): show(("readall", r), lambda: [R(Odd(t=0, r=r), 4).read(), R(Odd(t=0, r=r), 4).read(2)])
del Odd.readall
for r in (None, b"", "text", 5): show(("read", r), lambda: R(Odd(t=0, r=r), 4).read())
for c in (R, W, X):
    for args in ((), (5,), (B(), 0), (B(), -1), (B(), "x"), (B(), 2**70), (S(),), (Odd(t=0), 3, 4)): show((c.__name__, args[1:]), lambda: c(*args))
    n = c.__new__(c)
    for m in ("read", "write", "flush", "close", "tell", "detach", "closed", "name", "raw", "fileno", "__repr__", "readline", "__next__", "peek", "isatty", "seekable"):
        show((c.__name__, m), lambda: (lambda a: a() if callable(a) else a)(getattr(n, m)))
    o = c(Odd(t=0, name="n"), 4); show("repr", lambda: repr(o)); o.detach()
    for m in ("read", "flush", "close", "tell", "detach", "closed", "raw", "__repr__", "readline"): show((c.__name__, "detached", m), lambda: (lambda a: a() if callable(a) else a)(getattr(o, m)))
class Bad(Raw):
    def close(s): Raw.close(s); raise ValueError("close")
    def flush(s): raise OSError("flush")
for c in (R, W, X, lambda r: T(R(r), "utf-8"), lambda r: T(W(r), "utf-8")):
    o = c(Bad()); show("close", o.close); show("closed", lambda: o.closed)
class Closed(Raw):
    @property
    def closed(s): raise ZeroDivisionError("closed")
for c in (R, W, X):
    o = c(Raw(D), 8); o.raw.__class__ = Closed
    for m in ("o.read(2)", "o.read()", "o.write(b'a')", "o.flush()", "o.closed", "o.seek(0)", "o.peek()", "o.tell()"): show((c.__name__, m), lambda: eval(m))
    o.raw.__class__ = Raw
