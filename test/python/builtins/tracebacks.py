"""Tracebacks: carets, chains, groups, notes, suggestions."""
import sys
class Text:
    def __init__(self): self.parts = []
    def write(self, s): self.parts.append(s)
    def flush(self): pass
def show(f):
    try: f()
    except BaseException as e:
        stderr, sys.stderr = sys.stderr, Text()
        sys.excepthook(type(e), e, e.__traceback__)
        text, sys.stderr = "".join(sys.stderr.parts), stderr
        print(text.replace(__file__, "FILE"), end="")
def f1(): return 1 + "a"
def f2():
    x = {"a": {"b": None}}
    return x["a"]["b"]["c"]["d"]
def f3():
    return (1 +
        2 + "x" +
        3)
def f4(): print(foo(1)(2)(3))
def foo(a): return lambda b: lambda c: 1/0
def f5(): a = [1,2,3]; b = a[0] + a[5]
def f6(): return undefined_name
def f7(): [].appendd(1)
def f8(): raise ValueError("x") from KeyError("y")
def f9():
    try: 1/0
    except ZeroDivisionError: raise RuntimeError("second")
def f10():
    try: 1/0
    except ZeroDivisionError: raise RuntimeError("third") from None
def f11():
    e = ValueError("multi\nline"); e.add_note("note 1"); e.add_note("note\n2"); raise e
def f12():
    def r(n): return r(n-1) if n else 1/0
    r(10)
def f13(): raise ExceptionGroup("eg", [ValueError(1), TypeError("t"), ExceptionGroup("in", [KeyError("k")])])
def f14(): assert 1 == 2, "no"
def f15():
    x = 1; y = 2
    z = x.foo.bar
def f16(): x = foo(
        1,
        2,
        3,
        4,
        5,
    )
def f17(): (lambda: 1/0)()
def f18(): return [i/0 for i in range(3)]
def f19(): raise KeyError
def f20(): raise SyntaxError("bad", ("f.py", 3, 5, "  x = = 1\n", 3, 6))
def f21(): compile("x = = 1", "q.py", "exec")
def f22(): compile("def f(:\n pass", "q.py", "exec")
def f23(): compile("if 1:\nx", "q.py", "exec")
def f24(): "é" + "€" + 1
def f25(): prin("x")
def f26(): import zzzz
def f27(): from sys import argvv
class E(Exception):
    def __str__(self): raise TypeError
def f28(): raise E()
class N: 
    class M(Exception): pass
def f29(): raise N.M("q")
def f30():
    try: raise ExceptionGroup("a",[ValueError(i) for i in range(18)])
    except* ValueError as e: raise
def f31():
    sum(x for x in [1, "a"])
def f32(): return -"x"
def f33(): del {}["x"]
def f34(): x = {}; x["q"] += 1
def f35(): return 1 if 1/0 else 2
def f36(): return foo.bar.baz(1)
def f37(): return "a" < 1
def f38(): return   a1b(2)(   3  )
def a1b(x): return 5
def f39(): return a1b(2) [  1 ]
def f40(): return (1)  **  "x"
def f41(): return f"{1/0!r} x"
def f42():
    with open("/nonexistent/q") as f: pass
def f43(): raise SystemExit(3)
def f44(): raise KeyboardInterrupt
def f45(): math.sqrt(2)
def f46(): a, b = 1, 2, 3
def f47(): int("x")
def f48(): x = 5; x()
def f49(): return 7 if not (1, 2)[3] else 0
def f50(): exec("1/0")
class S:
    attribute=1
    def m(self): return attribute
def f51(): S().m()
def f52():
    try:
        try: 1/0
        finally: [][1]
    except IndexError as e: raise e
def f53(): raise OSError(2, "No such file", "fn")
def f54():
    yy = 1
    print("tab"	+ yy)
for i in range(1, 55):
    print(i); show(globals()["f%d" % i])

# A call that is all that a statement assigns to a name, or a name's call that it returns, needs no carets.
def c1():
    x = [].pop()
def c2():
    x = (1, 2).index(5)
def c3():
    x = y = int('a')
def c4():
    x, y = int('a')
def c5():
    x = (int('a'))
def c6():
    return (int('a'))
def c7():
    return [].pop()
def c8():
    x = int('a') + 1
def c9():
    x = "a".foo().bar(1)
def c10():
    x = int(
        'a')
def c11():
    x = 'é'.index('a')
def c12():
    x += int('a')
def c13():
    x = not (int('a'))
def c14():
    x = int('a'); y = 1
def c15():
    try: {}["a"]
    except* KeyError: 1/0
for f in (c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13, c14, c15): show(f)
