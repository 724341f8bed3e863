# Files and streams of every kind, as one program: what they give, where they stand, what they refuse.
import sys
p = "stream-test.txt"
with open(p, "w") as f:
    print(f, f.encoding, f.name, f.mode, f.write("héllo\nworld\r\nthird\rx"))
    print(f.tell())
print(open(p, "rb").read())
f = open(p)
print(f.readline(), f.tell(), f.read(3), f.tell(), f.readlines())
f.seek(0); print(f.read()); f.close(); print(f.closed)
try: f.read()
except ValueError as e: print(e)
for nl in (None, "", "\n", "\r", "\r\n"):
    with open(p, newline=nl) as f: print(repr(nl), list(f), f.newlines)
with open(p, "wb") as f:
    f.write(b"abc\n" * 5000); print(f.tell()); f.seek(3); f.write(b"XY"); print(f)
with open(p, "r+b") as f:
    print(f, f.read(10), f.tell(), f.write(b"!!"), f.tell(), f.read(4), f.seek(-4, 2), f.read(), f.truncate(100))
with open(p, "a") as f: print(f.tell(), f.write("end\n"), f.tell())
print(len(open(p).read()))
for args in [("nosuch",), (p, "q"), (p, "rw"), (p, "rb", -1, "utf8"), (p, "r", 0), (p, "", ), (".",), ("a\0b",), (p, "r", -1, "nocodec"), (3.5,), (p, "x")]:
    try: open(*args)
    except Exception as e: print(type(e).__name__, e)
try: open(p, "w").read()
except Exception as e: print(type(e).__mro__[:3], e)
f = open(p)
try: f.write("x")
except Exception as e: print(type(e), e)
with open(p, "w", encoding="utf-16") as f: f.write("añ€\n"); f.write("b")
print(open(p, "rb").read(), open(p, encoding="utf-16").read())
with open(p, "w", encoding="ascii", errors="backslashreplace") as f: f.write("añ€\n")
print(open(p).read())
with open(p, "wb") as f: f.write(b"\xff\xfe ok")
try: open(p).read()
except UnicodeDecodeError as e: print(e)
print(open(p, errors="replace").read(), ascii(open(p, errors="surrogateescape").read()))
import _io
s = _io.StringIO("one\ntwo\n"); print(list(s), s.getvalue(), s.seek(0), s.readline(), s.tell(), s.write("XXXX"), s.getvalue())
b = _io.BytesIO(b"one\ntwo"); print(b.readline(), b.read(), b.getvalue(), b.seek(1), b.write(b"ZZZZZZZZZ"), b.getvalue())
print(_io.DEFAULT_BUFFER_SIZE, sys.stdout, sys.stderr, sys.stdin)
class Raw(_io._RawIOBase):
    def __init__(self, data): self.data = data
    def readable(self): return True
    def readinto(self, b):
        n = min(len(b), len(self.data), 3); b[:n] = self.data[:n]; self.data = self.data[n:]; return n
r = _io.BufferedReader(Raw(b"line one\nline two\nrest"), 4)
print(r.readline(), r.peek(2), r.read(3), r.read(), r.read())
t = _io.TextIOWrapper(_io.BufferedReader(Raw("añb\r\ncd".encode()), 4)); print(t.read(2), t.readline(), t.read())
try: _io._IOBase().seek(0)
except Exception as e: print(type(e), e)
o = sys.stdout; sys.stdout = _io.StringIO(); print("captured"); v = sys.stdout.getvalue(); sys.stdout = o; print(repr(v))

import builtins
with open(p, "w+", newline="\r\n") as f:
    f.write("a\nb\n"); f.seek(0); print(repr(f.read()), f.buffer.raw.tell())
with open(p, "rb", buffering=0) as f: print(f, f.readall(), f.seekable(), f.fileno() > 2, f.isatty())
with open(p, encoding="utf-8-sig") as f: print(f.read(1), f.tell(), f.seek(0, 2), f.read())
f = open(p, "w", buffering=1); f.write("line\n"); print(open(p).read()); f.write("rest"); print(open(p).read()); f.close(); print(open(p).read())
f = open(p, "w"); f.write("lost?"); del f; print(open(p).read())
with open(p, "wb") as f: print(f.write(bytearray(b"ab")), f.writelines([b"c", b"d"]), f.write(b""))
try:
    with open(p, "wb") as f: f.write("text")
except TypeError as e: print(e)
try:
    with open(p, "w") as f: f.write(b"bytes")
except TypeError as e: print(e)
def lines():
    with open(p, "w") as f: f.writelines(f"{i}\n" for i in range(5000))
    with open(p) as f:
        first = next(f)
        try: f.tell()
        except OSError as e: print(e)
        return first, sum(map(int, f)), f.tell()
print(lines())
with open(p, "rb") as f:
    print(f.readline(3), f.peek(1)[:4], f.read1(5), f.readinto(bytearray(6)), f.seek(-2, 2), f.readlines(), f.tell())
buf = _io.BytesIO(); w = _io.TextIOWrapper(buf, encoding="latin-1", write_through=True); w.write("\xe9"); print(buf.getvalue(), w.detach() is buf)
try: w.read()
except ValueError as e: print(e)
print([n for n in dir(_io.TextIOWrapper) if not n.startswith("__")])
print([n for n in dir(_io.BufferedRandom) if not n.startswith("__")])
print([n for n in dir(_io.FileIO) if not n.startswith("__")])
print([n for n in dir(_io.StringIO) if not n.startswith("__")])
buf = _io.BytesIO(b"abcdef"); view = buf.getbuffer(); view[2:4] = b"XY"; print(bytes(view), buf.getvalue())
try: buf.write(b"1234567")
except BufferError as e: print(e)
view.release(); print(buf.write(b"1234567"), buf.getvalue())
