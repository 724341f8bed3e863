# Positions of text streams in every encoding, newline mode and size of piece, gone back to one by one; marks; reconfigure().
import _io
T = _io.TextIOWrapper; B = _io.BytesIO
def show(name, f):
    try: r = f()
    except Exception as e: r = type(e).__name__ + ": " + str(e)
    print(name, ascii(r))

def encode(text, enc): return b"\xef\xbb\xbf" + text.encode() if enc == "utf-8-sig" else text.encode(enc)

# Positions in text: each tell() is gone back to.
def positions(data, encoding, newline=None, errors="strict", chunk=7, step=1):
    t = T(B(data), encoding, errors, newline); t._CHUNK_SIZE = chunk
    seen = []
    while True:
        at = t.tell(); c = t.read(step)
        seen.append((at, c))
        if not c: break
    whole = "".join(c for _, c in seen)
    bad = []
    done = 0
    for at, c in seen:
        t.seek(at); rest = t.read()
        if rest != whole[done:]: bad.append((at, rest))
        done += len(c)
    return [a for a, c in seen], whole, bad
text = "a\u00e9\u4e2d\U0001f600\nb\r\nc\rd\n"
for enc in ("utf-8", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-8-sig", "latin-1", "ascii"):
    for nl in (None, "", "\n", "\r\n", "\r"):
        for chunk in (1, 2, 3, 7, 100):
            d = text if enc not in ("latin-1", "ascii") else "abc\ndef\r\ngh\rij\n"
            show((enc, nl, chunk), lambda: positions(encode(d, enc), enc, nl, chunk=chunk))
show("be bom", lambda: positions(b"\xfe\xff" + text.encode("utf-16-be"), "utf-16"))
show("escape", lambda: positions(b"ab\xff\xfecd\xe4\xb8", "utf-8", errors="surrogateescape", chunk=3))
show("replace", lambda: positions(b"ab\xff\xfecd\xe4\xb8", "utf-8", errors="replace", chunk=3))
show("ignore", lambda: positions(b"ab\xff\xfecd\xe4\xb8", "utf-8", errors="ignore", chunk=3))
show("step3", lambda: positions(text.encode() * 5, "utf-8", chunk=11, step=3))
def lines(data, enc="utf-8", nl=None, chunk=4):
    t = T(B(data), enc, newline=nl); t._CHUNK_SIZE = chunk
    out = []
    while True:
        l = t.readline(); out.append((t.tell(), l))
        if not l: return out
for nl in (None, "", "\n", "\r\n", "\r"):
    show(("lines", nl), lambda: lines(b"one\r\ntwo\rthree\nfour\r\n\r\n\rfive", nl=nl))
    show(("lines16", nl), lambda: lines("one\r\ntwo\rthree\nfour\r\n\r\n\rfive".encode("utf-16"), "utf-16", nl))
def rw():
    b = B(b"0123456789\nabcdef\n"); t = T(b, "utf-8")
    out = [t.readline(), t.tell(), t.read(2), t.tell()]
    t.seek(t.tell()); t.write("XY"); t.flush(); out += [b.getvalue(), t.tell(), t.read()]
    t.seek(0, 2); t.write("end"); t.seek(0); out += [t.read(), t.tell()]
    t.seek(3); t.truncate(); out += [b.getvalue(), t.tell(), t.read()]
    return out
show("rw", rw)
def nexttell():
    t = T(B(b"a\nb\nc\n"), "utf-8"); next(t)
    try: t.tell()
    except OSError as e: print(e)
    t.flush(); r = t.tell(); list(t); return r, t.tell()
show("nexttell", nexttell)
for c in ("-1", "1.5", "'x'", "None", "1 << 70", "True", "-1 << 70"):
    show("seek " + c, lambda: T(B(b"abcdef"), "utf-8").seek(eval(c)))
    show("seek cur " + c, lambda: T(B(b"abcdef"), "utf-8").seek(eval(c), 1))
    show("seek end " + c, lambda: T(B(b"abcdef"), "utf-8").seek(eval(c), 2))
show("whence", lambda: T(B(b"abcdef"), "utf-8").seek(0, 3))
show("past", lambda: (lambda t: (t.seek(99), t.read(), t.tell(), t.write("z"), t.flush(), t.buffer.getvalue()))(T(B(b"abcdef"), "utf-8")))
def mark(enc):
    b = B(); t = T(b, enc); t.write("a"); t.seek(0); t.write("b"); t.flush(); r = b.getvalue()
    b = B(encode("x", enc)); t = T(b, enc); t.seek(0, 2); t.write("y"); t.flush()
    b2 = B(encode("x", enc)); b2.seek(0, 2); t2 = T(b2, enc); t2.write("y"); t2.flush()
    return r, b.getvalue(), b2.getvalue()
for enc in ("utf-16", "utf-32", "utf-8-sig", "utf-16-be"): show("mark " + enc, lambda: mark(enc))
for enc in ("utf-16", "utf-32"):
    show("no mark " + enc, lambda: T(B("ab".encode(enc + "-le")), enc).read())
    show("short " + enc, lambda: T(B(b"a"), enc).read())
    show("empty " + enc, lambda: T(B(b""), enc).read())
show("short sig", lambda: T(B(b"\xef\xbb"), "utf-8-sig").read())
show("no sig", lambda: T(B(b"abc"), "utf-8-sig").read())
def newlines():
    t = T(B(b"a\r\nb\rc\n"), "utf-8"); r = [t.newlines]
    t.readline(); r.append(t.newlines); t.read(); r.append(t.newlines); t.seek(0); r.append(t.newlines); t.readline(); r.append(t.newlines)
    return r
show("newlines", newlines)
def reconfigure():
    b = B(); t = T(b, "ascii", newline="\n")
    t.write("a\n"); t.reconfigure(encoding="utf-8", newline="\r\n"); t.write("\xe9\n"); t.reconfigure(errors="replace", encoding="ascii"); t.write("\xe9"); t.flush()
    r = [b.getvalue(), t.encoding, t.errors]
    t.reconfigure(encoding="utf-16"); t.write("x"); t.flush(); r.append(b.getvalue())
    b = B(); t = T(b, "ascii"); t.reconfigure(encoding="utf-16"); t.write("x"); t.flush(); r.append(b.getvalue())
    t = T(B(b"abc"), "ascii"); t.read(1)
    for k in (dict(encoding="utf-8"), dict(newline=None), dict(errors="ignore"), dict(line_buffering=True), dict(write_through=None), dict(encoding=5)):
        try: t.reconfigure(**k); r.append("ok")
        except Exception as e: r.append(str(e))
    return r
show("reconfigure", reconfigure)
