# BufferedRWPair: two raw streams as one; and what FileIO takes for a descriptor and what for a name.
import _io
class R(_io._RawIOBase):
    def __init__(s, d=b"abc\ndef\n"): s.d = d; s.out = []
    def readable(s): return True
    def writable(s): return True
    def readinto(s, b):
        n = min(len(b), len(s.d)); b[:n] = s.d[:n]; s.d = s.d[n:]; return n
    def write(s, b): s.out.append(bytes(b)); return len(b)
a, b = R(), R()
p = _io.BufferedRWPair(a, b, 4)
print(p.readable(), p.writable(), p.isatty(), p.closed, p.peek()[:2], p.read(2), p.read1(5), p.readline(), p.readlines())
print(p.write(b"0123456789"), b.out, p.flush(), b.out)
x = bytearray(3); a.d = b"zzzzzz"; print(p.readinto(x), x, p.readinto1(x), x)
for t in ("p.read(1, 2)", "p.seek(0)", "p.detach()", "p.tell()", "_io.BufferedRWPair()", "_io.BufferedRWPair(a, b, 0)", "_io.BufferedRWPair(a, b, buffer_size=2)", "_io.BufferedRWPair(1, 2)",
   "_io.BufferedRWPair.__new__(_io.BufferedRWPair).read()", "_io.BufferedRWPair.__new__(_io.BufferedRWPair).closed", "_io.BufferedRWPair.__new__(_io.BufferedRWPair).close()", "p.close()", "p.closed", "p.read()", "p.write(b'x')",
   "_io.FileIO(2**31)", "_io.FileIO(-1)", "_io.FileIO(1.5)", "open(2**40)", "open(-1)", "_io.FileIO([])"):
    try: print(t, eval(t))
    except Exception as e: print(t, type(e).__name__, e, type(e.__context__).__name__)
p.__init__(R(), R()); print(p.read(3), p.closed)
class S(_io.BufferedRWPair): pass
s = S(R(), R(), 3); s.x = 1; print(s.x, s.read(1)); 
print(_io.BufferedRWPair.__text_signature__, _io.BufferedRWPair.read.__doc__, _io.BufferedRWPair.flush.__text_signature__, _io.BufferedRWPair.__basicsize__)
