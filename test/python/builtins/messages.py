# What is said about arguments and operands that are none, and what the exceptions hold.
def say(f):
    try: print(f())
    except Exception as e: print(type(e).__name__, e)

for text in ("1__0", "_1", "0x_1", "1_", "1_0", "1_0+2_0j", "1+2", "é"): say(lambda: complex(text))

for width in ("99999999999", "2147483648", "99999999999999999999"): say(lambda: ("%" + width + "d") % "x")
for spec in ("%99999999999d", "%.99999999999d", "%.2147483648d", "%99999999999999999999d", "%.0f %.5d"):
    say(lambda: len(spec % ((1,) if spec[1] != "." or spec[2] == "9" else (1, 2))))

for kwargs in ({}, {"start": 3}, {"other": 3}, {"iterable": "ab", "start": 2}, {"start": 2, "iterable": "ab"}, {"start": 2, "other": 1},
               {"other": 2, "start": 1}, {"a": 1, "b": 2, "c": 3}):
    say(lambda: list(enumerate(**kwargs)))
    say(lambda: list(enumerate("xy", **kwargs)))
say(lambda: enumerate(1, 2, 3))

def imul(a, b):
    a *= b
    return a
class Repeats:
    def __mul__(self, other): return "mul"
    __rmul__ = __mul__
for a in ({1}, {1: 2}, range(2), None, slice(1), Repeats()):
    for b in ("a", [1], (1,), b"a"): say(lambda: imul(a, b))
for b in (3, Repeats(), True): say(lambda: imul("ab", b))

for source in ("def f(a, a): pass", "nonlocal x", "def f(): x; global x", "from __future__ import nope", "[x := 1 for x in y]", "class A[T, T]: pass",
               "return", "yield", "f() = 1", "x = (", "def f():\n from a import *"):
    try: compile(source, "file", "exec")
    except SyntaxError as e:
        print(e.args, (e.msg, e.filename, e.lineno, e.offset, e.end_lineno, e.end_offset, e.text, e.print_file_and_line), e)

# A name that has no UTF-8 is the name of no module.
for name in ("\udcff", "a.\udcff", "\ud800"): say(lambda: __import__(name))
