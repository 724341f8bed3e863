# Streams in memory and files: what CPython's own tests of them ask, in other words: positions, sizes, newlines, pickles,
# modes, line buffering, iteration, errors.
import _io, sys
T = _io.TextIOWrapper; B = _io.BytesIO; S = _io.StringIO
def show(name, f):
    try: r = f()
    except BaseException as e: r = type(e).__name__ + ": " + str(e)
    print(name, ascii(r).split(" at 0x")[0])
def each(o, *ops):
    out = []
    for op in ops:
        try: out.append(eval(op, {"o": o, "B": B, "S": S, "I": I, "bytearray": bytearray}))
        except BaseException as e: out.append(type(e).__name__ + ": " + str(e))
    return out
class I:
    def __init__(s, v): s.v = v
    def __index__(s): return s.v
for make in (lambda: B(b"abc\ndefg\n\nhi"), lambda: S("abc\ndefg\n\nhi")):
    x = "b'xyz'" if type(make()) is B else "'xyz'"
    for ops in (("o.read(2)", "o.tell()", "o.read(None)", "o.read()", "o.read(-7)", "o.read(I(1))", "o.read(1.0)", "o.read('1')", "o.read(1, 2)"),
        ("o.readline()", "o.readline(2)", "o.readline(None)", "o.readline(0)", "o.readline(-1)", "o.readline()", "o.readline()", "o.readline(1.5)"),
        ("o.readlines(3)", "o.readlines(0)", "o.seek(0)", "o.readlines(None)", "o.seek(2)", "o.readlines(-1)", "o.readlines(1.5)", "o.readlines('a')"),
        ("o.seek(-1)", "o.seek(1, -1)", "o.seek(1, 3)", "o.seek(9, 0)", "o.seek(0, 1)", "o.seek(1, 1)", "o.seek(-3, 2)", "o.seek(0, 2)", "o.seek('x')", "o.seek(1.0)", "o.seek(I(3))", "o.tell()"),
        ("o.truncate(3)", "o.getvalue()", "o.tell()", "o.seek(7)", "o.truncate()", "o.getvalue()", "o.write(%s)" % x, "o.getvalue()", "o.truncate(-1)", "o.truncate(99)", "o.truncate('a')", "o.truncate(I(2))", "o.getvalue()", "o.truncate(None)"),
        ("o.write(%s)" % x, "o.write(%s[:0])" % x, "o.getvalue()", "o.seek(20)", "o.write(%s)" % x, "o.getvalue()", "o.write(5)", "o.write(None)", "o.write()", "o.writelines([%s, %s])" % (x, x), "o.writelines(5)", "o.writelines([1])", "o.getvalue()"),
        ("next(o)", "list(o)", "next(o)", "iter(o) is o", "o.closed", "o.isatty()", "o.readable()", "o.seekable()", "o.writable()", "o.fileno()", "o.flush()", "o.detach()", "o.__enter__() is o", "o.__exit__(None, None, None)", "o.closed", "o.read()",
            "o.write(%s)" % x, "o.getvalue()", "next(o)", "o.tell()", "o.seek(0)", "o.truncate()", "o.readable()", "o.isatty()", "o.flush()", "o.close()", "iter(o)", "o.__enter__()", "o.readlines()", "o.__getstate__()"),
        ("o.__getstate__()", "o.seek(5)", "o.__setattr__('a', 1)", "o.__getstate__()", "o.__dict__", "o.__setstate__(())", "o.__setstate__(5)", "o.__setstate__(o.__getstate__())", "o.tell()", "o.a")):
        show(type(make()).__name__, lambda: each(make(), *ops))
for s in ((b"x", 1, None), (b"x", -1, None), (b"x", "a", None), (b"x", 1, 5), ("x", 1, None), (b"x", 1, {"q": 2}), (b"x", 9, None, 4), (bytearray(b"x"), 0, None), (None, 0, None)):
    show(s, lambda: each(B(), "o.__setstate__(%r)" % (s,), "o.getvalue()", "o.tell()", "o.__dict__"))
for s in (("x\ry", "\n", 1, None), ("x\ry", None, 1, None), ("x\n", "\r\n", 0, None), ("x", "q", 0, None), (b"x", "", 0, None), ("x", "", -1, None), ("x", "", 1.5, None), ("x", "", 0, 5), ("x", 5, 0, None), (None, "", 0, {"q": 1})):
    show(s, lambda: each(S(), "o.__setstate__(%r)" % (s,), "o.getvalue()", "o.tell()", "o.newlines", "o.write('\\n')", "o.getvalue()"))
for args in ((), (b"a",), (bytearray(b"a"),), (None,), ("a",), (5,), ([],)): show(("BytesIO", args), lambda: B(*args).getvalue())
for args in ((), ("a",), (None,), (b"a",), (5,), ("a\r\nb\rc\n", None), ("a\r\nb\rc\n", ""), ("a\r\nb\rc\n", "\n"), ("a\r\nb\rc\n", "\r"), ("a\r\nb\rc\n", "\r\n"), ("a", "x"), ("a", 5), ("a", b"\n")):
    show(("StringIO", args), lambda: each(S(*args), "o.getvalue()", "o.newlines", "list(o)", "o.write('p\\nq\\r\\nr\\r')", "o.getvalue()", "o.newlines", "o.seek(0)", "o.readline()", "o.readline(1)", "o.line_buffering", "o.encoding", "o.errors"))
class SubB(B):
    def readline(s, *a): return b"sub"
    def close(s): print("closing"); B.close(s)
class SubS(S):
    def readline(s, *a): return 5
show("sub", lambda: each(SubB(b"a\nb"), "o.readlines()", "next(o)", "o.close()", "o.close()", "o.closed"))
show("sub", lambda: each(SubS("a\nb"), "next(o)", "o.readlines()"))
o = B(b"abcdef"); v = memoryview(b"x")
show("buffer", lambda: each(o, "o.getbuffer().readonly", "o.getbuffer().nbytes", "bytes(o.getbuffer()[1:3])", "o.getbuffer().__setitem__(0, 90)", "o.getvalue()", "o.readinto(bytearray(3))", "o.readinto(b'abc')", "o.readinto(5)", "o.readinto1(bytearray(9))", "o.readinto(bytearray(2))", "o.seek(50)", "o.readinto(bytearray(2))", "o.read1(2)"))
# Newlines and line buffering.
for nl in (None, "", "\n", "\r", "\r\n"):
    for data in (b"a\nb\r\nc\rd\n", b"\r", b"\r\n\r", b"\n\r\n\r\r\n", b"x\r" * 9, b"abc"):
        t = T(B(data), "ascii", newline=nl); t._CHUNK_SIZE = 2
        show((nl, data), lambda: (list(t), t.newlines))
        t = T(B(data), "ascii", newline=nl); t._CHUNK_SIZE = 3
        show((nl, data), lambda: (t.readline(2), t.readline(1), t.read(1), t.readlines(), t.newlines))
    b = B(); t = T(b, "ascii", newline=nl)
    show((nl, "write"), lambda: (t.write("a\nb\r\nc\r"), t.flush(), b.getvalue(), t.writelines(["x\n", "y"]), t.flush(), b.getvalue()))
for k in ({}, {"line_buffering": True}, {"write_through": True}, {"line_buffering": True, "write_through": True}):
    b = B(); t = T(b, "ascii", **k); out = []
    for x in ("a", "b\n", "c\r", "d\ne", "", "f" * 9000, "g"): t.write(x); out.append(len(b.getvalue()))
    t.flush(); out.append(len(b.getvalue())); print(sorted(k), out, t.line_buffering, t.write_through)
for data, enc, err in ((b"a\xffb", "utf-8", "strict"), (b"a\xffb", "utf-8", "replace"), (b"a\xffb", "ascii", "surrogateescape"), (b"a\xffb", "ascii", "backslashreplace"), (b"a\xe4\xb8", "utf-8", "strict"), (b"a\xff", "utf-16", "strict"), (b"ab", "no such", "strict"), (b"\xff", "ascii", "no such")):
    show((data, enc, err), lambda: each(T(B(data), enc, err), "o.read(1)", "o.read()", "o.read()", "o.tell()"))
for text, enc, err in (("\xe9", "ascii", "strict"), ("\xe9", "ascii", "replace"), ("\u20ac", "latin-1", "xmlcharrefreplace"), ("\udc80", "utf-8", "strict"), ("\udc80", "utf-8", "surrogateescape")):
    show((text, enc, err), lambda: (lambda b: each(T(b, enc, err), "o.write('ok')", "o.write(%a)" % text, "o.write('end')", "o.flush()", "o.buffer.getvalue()"))(B()))
for args in ((5,), (B(), 5), (B(), "utf-8", 5), (B(), "utf-8", None, 5), (B(), "utf-8", None, "x"), (B(), "utf\0-8"), ()): show(("args", args[1:]), lambda: T(*args).encoding)
n = T.__new__(T)
for m in ("n.read()", "repr(n)", "n.encoding", "n.errors", "n.closed", "n.close()", "n.buffer", "n._CHUNK_SIZE", "n.newlines", "n.tell()", "n.write('')", "next(n)", "n.detach()", "n.reconfigure()"): show(m, lambda: eval(m))
for v in (0, -1, "x", 1.5, 2**40, None, 3): show(("chunk", v), lambda: setattr(T(B(), "utf-8"), "_CHUNK_SIZE", v))
class Named(B): name = "n"; mode = "m"
show("repr", lambda: repr(T(Named(), "utf-8")))
def loop():
    b = Named(); t = T(b, "utf-8"); b.name = t; return repr(t)
show("loop", loop)
# Decoders of newlines.
D = _io.IncrementalNewlineDecoder
for tr in (False, True):
    d = D(None, tr); out = []
    for x in ("a\r", "\nb", "\r", "c\n", "\r\n", "", "\r"): out.append(d.decode(x)); out.append(d.newlines); out.append(d.getstate())
    out.append(d.decode("", True)); d.reset(); out.append((d.newlines, d.getstate())); d.setstate((b"", 1)); out.append(d.decode("\n")); out.append(d.decode("x\r", final=True))
    print(tr, ascii(out))
show("decoder", lambda: D(None, True).decode(b"x")); show("decoder", lambda: D(None)); show("decoder", lambda: D(None, True).setstate(5)); show("decoder", lambda: D(5, True).decode(b"x"))
# Files.
path = "cases.tmp"
for mode in ("w", "r", "a", "r+", "w+", "a+", "x", "wb", "rb", "r+b", "xb", "", "+", "rw", "rr", "rb+t", "U", "rt", "b", "wbt", "a+b"):
    for buf in (-1, 0, 1, 2):
        def f():
            with open(path, mode, buf) as o: return (type(o).__name__, o.mode, o.readable(), o.writable(), o.tell())
        if not (buf == 1 and "b" in mode): show((mode, buf), f)
        elif buf == -1: pass
with open(path, "wb") as o: o.write(b"line1\r\nline2\rline3\n")
for k in ({}, {"newline": ""}, {"newline": "\r"}, {"encoding": "latin-1"}, {"errors": "replace"}, {"closefd": False}, {"buffering": 4}):
    def f():
        with open(path, **k) as o: return o.readlines(), o.newlines, o.encoding, o.errors
    show(k, f)
raw = open(path, "r+b", 0)
show("raw", lambda: each(raw, "o.read(3)", "o.readall()", "o.read(1)", "o.seek(-3, 2)", "o.readinto(bytearray(9))", "o.truncate(4)", "o.tell()", "o.write(b'zz')", "o.seek(0)", "o.read()", "o.seek(-1)", "o.seek(0, 9)", "o.truncate(-1)", "o.write('x')", "o.readinto(b'x')", "o.mode", "o.closefd", "o.name", "o.seekable()", "repr(o)[:30]", "o.close()", "o.read()", "o.write(b'')", "o.readinto(bytearray(1))", "o.tell()", "o.truncate()", "o.fileno()", "o.isatty()", "o.closed", "repr(o)"))
show("opener", lambda: open(path, opener=lambda p, f: "x")); show("opener", lambda: open(path, opener=lambda p, f: -1)); show("opener", lambda: open(path, opener=5))
show("missing", lambda: open("/no/such/file")); show("folder", lambda: open("/")); show("null", lambda: open("a\0b")); show("closefd", lambda: open(path, closefd=False))
