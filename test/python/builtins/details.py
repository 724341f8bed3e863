# What CPython's own tests look at: warnings, names in messages, classes of results, code objects by hand.
import os, subprocess, sys, tempfile, types, warnings, weakref

def t(f, *args):
    try:
        print(repr(f(*args)))
    except BaseException as e:
        print(type(e).__name__, e)

def warned(f, *args):
    with warnings.catch_warnings(record=True) as w:
        warnings.simplefilter("always")
        t(f, *args)
    print([(i.category.__name__, str(i.message)[:60]) for i in w])

# A warning of the compiler that is an error is a SyntaxError at its place.
for source in "1 is 1", "'\\z'", "0xfor x in [1]", "[(1, 2) (3, 4)]", "assert (1, 'x')", "x = 1\nif x is 2: pass":
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            compile(source, "<s>", "exec")
        except SyntaxError as e:
            print(e.msg, e.lineno, e.offset, e.end_offset, e.text)
warned(eval, "~True")
with warnings.catch_warnings():
    warnings.simplefilter("error")
    code = compile("~False", "<s>", "eval")
    t(eval, code)

# Conversions.
class Trunc:
    def __trunc__(self): return 42
warned(int, Trunc())
class Text(str):
    def __float__(self): return 9.0
t(float, Text("8"))
class Int(int): pass
t(lambda: [type(x).__name__ for x in (Int(5) ** 1, pow(Int(2**70), 1), Int(5) << 0)])

# Keywords, which a subclass with another __init__ may take.
for base in list, tuple, frozenset, filter, map, reversed, float, set:
    plain = type("plain", (base,), {})
    own = type("own", (base,), {"__init__": lambda self, *args, newarg=None: None})
    t(lambda: (base.__name__, plain((), sequence=())))
    t(lambda: (base.__name__, bool(own(*({"filter": (None, []), "map": (len, [])}.get(base.__name__, ((),) if base is not float else (1,))), newarg=3)) in (True, False)))
class S(set): pass
class F(frozenset): pass
t(lambda: [type(x).__name__ for x in (S().copy(), S().union(()), S() | S(), F().union(()), F().copy())])

def f(**k): pass
t(lambda: f(**{1: 3}, **{1: 5}))
t(lambda: print >> 3)
t(lambda: len >> 3)

# Classes.
A = type("A", (), {"__firstlineno__": 42})
A.__module__ = "other"
t(lambda: "__firstlineno__" in A.__dict__)
t(setattr, A, "__name__", "a\0b")
warned(type, "K", (), {1: 2})
class Base: pass
class Meta(type, Base): pass
class C(metaclass=Meta): pass
t(Base.__dict__["__dict__"].__set__, C, {})
class Slots: __slots__ = "a"
t(lambda: Slots().a)
class slotted(property): __slots__ = ("foo",)
t(lambda: slotted(doc="x").__doc__)
def documented(): "A text."
t(slotted, documented)
t(lambda: bool(weakref.ref.__flags__ & 512 or type(iter([])).__flags__ & 512))
import functools, pickle, typing
t(lambda: bool(functools.partial.__flags__ & 512))
class G(typing.Generic[typing.TypeVar("T")]): pass
t(lambda: type(pickle.loads(pickle.dumps(G(), 0))).__name__)

# Exceptions.
class New(OSError):
    def __new__(cls, message, baz):
        self = super().__new__(cls, message)
        self.baz = baz
        return self
e = New("some message", baz="baz")
print(e.args, e.baz)
u = UnicodeEncodeError("baz", "xxxxx", 1, 5, "foo")
u.reason = 3
u.encoding = 4000
for u.start in 1, 4, -3, 1000:
    print(u)
u = UnicodeDecodeError("ascii", bytearray(b"\xff"), 0, 1, "why")
u.reason = None
print(u, u.object)
e = ImportError("test", name="n")
e.__init__()
print(e.msg, e.name)
d = {}
class Key(str):
    def __hash__(self):
        d.clear()
        return super().__hash__()
class Value(str): pass
d[Key()] = Value()
t(Exception().__setstate__, d)
def gen(exc):
    try:
        yield
    finally:
        raise exc
one, two, three = Exception(1), Exception(2), Exception(3)
try:
    raise one
except Exception as x:
    for later in two, three:
        g = gen(later)
        next(g)
        try:
            g.throw(x)
        except Exception as y:
            y.__context__ is x or print("lost")
            x = y
print(three.__context__, two.__context__, one.__context__)

# Functions and their builtins.
ns = {"type": type, "__builtins__": {"None": None}}
exec("def f(s): pass\ng = type(f)(f.__code__, {})", ns)
t(lambda: ns["g"].__builtins__ is ns["__builtins__"])
code = compile("x.__reduce__()", "test", "eval")
t(eval, code, {"__builtins__": types.MappingProxyType({}), "x": iter([1, 2])})
def a(): pass
def b(): yield
warned(setattr, a, "__code__", b.__code__)

# Code objects.
c = (lambda x, y, *, z=1, w=1: x + y).__code__
args = (c.co_argcount, c.co_posonlyargcount, c.co_kwonlyargcount, c.co_nlocals, c.co_stacksize, c.co_flags, c.co_code,
        c.co_consts, c.co_names, c.co_varnames, c.co_filename, c.co_name, c.co_qualname, c.co_firstlineno, c.co_linetable,
        c.co_exceptiontable)
t(lambda: types.CodeType(*args) == c)
t(lambda: types.FunctionType(types.CodeType(*args, (), ()), {}, None, None)(3, 4, z=1, w=2))
for i, bad in (3, 7), (0, -1), (9, ("x",)), (9, (1, 2, 3, 4)), (6, None), (10, 3), (0, 9):
    t(types.CodeType, *args[:i], bad, *args[i + 1:])
t(types.CodeType)
t(lambda: c.replace(co_varnames=("a", "b", "c", "d")).co_varnames)
t(lambda: c.replace(co_varnames=("a",)))
t(lambda: c.replace(co_argcount=-1))
t(lambda: c.replace(co_name=None))
t(lambda: c.replace(nothing=1))
t(lambda: len({hash(c), hash(c.replace(co_firstlineno=99)), hash(c.replace(co_posonlyargcount=1))}))
def outer():
    x = 1
    return lambda: x
inner = outer().__code__
t(lambda: inner.replace(co_freevars=("y",)).co_freevars)
def long():
    a = 1


    b = (2,
         3)
warned(lambda: long.__code__.co_lnotab)

# A program begins where this one is.
os.environ["PYTHONBREAKPOINT"] = "0"
t(breakpoint)
os.environ["PYTHONBREAKPOINT"] = "int"
t(breakpoint, "7")
for os.environ["PYTHONBREAKPOINT"] in ".", "nosuch.thing", "int.":
    warned(breakpoint)
