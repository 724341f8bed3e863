# What reconfigure() and the makers of streams say about arguments that are none.
import io

class Stream(io.TextIOWrapper):
    __repr__ = object.__repr__

class Broken:
    def __index__(self): 1 / 0

def say(f):
    try: print(f())
    except Exception as e: print(type(e).__name__, ascii(str(e)))

x = Stream(io.BytesIO(), "ascii")
for v in (Broken(), 2 ** 1000, -1, -5, 0, 1.5, "x", None, True, 2 ** 40):
    say(lambda: (x.reconfigure(line_buffering=v), x.line_buffering))
    say(lambda: (x.reconfigure(write_through=v), x.write_through))
for v in (42, b"x", "\udcfe", "xyz", "\r\n", ""):
    say(lambda: (x.reconfigure(newline=v), x.newlines))
    say(lambda: (x.reconfigure(errors=v), x.errors))
    say(lambda: (x.reconfigure(encoding=v), x.encoding))
    say(lambda: Stream(io.BytesIO(), newline=v).newlines)
    say(lambda: io.StringIO("a\nb", v).getvalue())
say(lambda: x.reconfigure(encoding="locale\0"))
for v in ("r\0", "\udcfe", "rr", 5):
    say(lambda: open(__file__, v))
    say(lambda: io.FileIO(__file__, v))
for name in ("encoding", "errors", "newline"):
    for v in ("\0", "\udcfe", 5):
        say(lambda: open(__file__, **{name: v}))

closed = io.StringIO()
closed.close()
say(lambda: closed.__setstate__(("a", "", 0, None)))
say(lambda: closed.__setstate__(5))
say(lambda: closed.__getstate__())
new = io.StringIO.__new__(io.StringIO)
say(lambda: (new.__setstate__(("ab", "", 1, None)), new.read()))
