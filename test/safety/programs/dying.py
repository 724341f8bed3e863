# What dies is no longer found by the collector, which anything that it drops may set off; what holds another is found by
# it; a built-in type that has been made abstract holds nothing to the end.
import _io, gc, _weakref

class Raw(_io._RawIOBase):
    def readable(self): return True
    def writable(self): return True
    def readinto(self, b): b[:1] = b"\n"; return 1
    def write(self, b): return len(b)
    def close(self):
        gc.collect()
        closed.append([type(r()) for r in refs])

closed, refs = [], []
for make in (lambda: _io.BufferedReader(Raw(), 4), lambda: _io.BufferedWriter(Raw(), 4), lambda: _io.BufferedRWPair(Raw(), Raw(), 4),
             lambda: _io.TextIOWrapper(_io.BufferedReader(Raw(), 4)), lambda: _io.TextIOWrapper(Raw())):
    try: stream = make()
    except Exception as e: print(type(e).__name__, e); continue
    refs[:] = [_weakref.ref(stream)]
    closed.clear()
    held = [stream]
    del stream
    held = None
    print(closed)

class Collects:
    def __del__(self): gc.collect()

def text(*args): return type("Text", (_io.StringIO,), {})(*args)
for stream in _io.BytesIO(b"x"), _io.StringIO("x"), text("x"), _io.IncrementalNewlineDecoder(Collects(), True):
    try: stream.attribute = Collects()
    except AttributeError: pass
del stream
gc.collect()

# Cycles through them end.
class Bytes(_io.BytesIO): pass
class Decoder:
    def __del__(self): print("a decoder ends")
for i in range(2):
    b = Bytes(b"bytes")
    b.view = b.getbuffer()
    b.mark = Decoder()
    d = Decoder()
    d.itself = _io.IncrementalNewlineDecoder(d, True)
    del b, d
    print(gc.collect() > 0)
print(gc.is_tracked(_io.IncrementalNewlineDecoder(None, True)))

class Anything: pass
type.__dict__["__abstractmethods__"].__set__(dict, Anything())
print({}, dict(a=1))
