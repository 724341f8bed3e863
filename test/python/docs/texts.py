"""__doc__ and __text_signature__: where they come from, what is new each time, what copies them."""
import sys, gc, math


def f(): "doc of f"
def g(): pass


def show(label, value):
    print(label, type(value).__name__ if not isinstance(value, str) else len(value) > 0)


for value in (len, print, [].append, "".join, int.__add__, (1).__add__, property.fget, type.__dict__["__name__"],
              dict.fromkeys, dict.__dict__["fromkeys"], str.maketrans, object.__init_subclass__, object.__new__,
              int.__new__, object.__init__, int, type, property, Exception, KeyError, gc, sys, sys.flags,
              object().__class__, math.hypot, max, iter, int.real, int.conjugate, sys.version_info, None, ...,
              NotImplemented, 1, "", [], gc.collect, {}.keys(), iter([]), (x for x in ()), f, g):
    text = value.__doc__
    print(repr(value).partition(" at 0x")[0].partition(" object")[0][:40], type(text).__name__,
          getattr(value, "__text_signature__", "no signature"), text is value.__doc__)

# The text begins after the signature, in the same size class as CPython's.
print(len.__doc__.startswith("len("), "\n--\n" in int.__add__.__doc__, "--" in list.__doc__)
print([(41 + len(o.__doc__) + 15) // 16 for o in (len, print, repr, [].append, str.join, int.__add__, int.bit_length)])

# Types: the text in the dict is one object, the attribute is made each time.
print(type(vars(int)["__doc__"]), vars(int)["__doc__"] == int.__doc__, vars(int)["__doc__"] is int.__doc__)
print(type(vars(type)["__doc__"]), type(vars(property)["__doc__"]), type(type.__doc__), type(property.__doc__))
for cls in (int, type, object, len.__class__):
    for name in "__doc__", "__text_signature__":
        try: setattr(cls, name, "x")
        except (TypeError, AttributeError) as e: print(type(e).__name__, e)
for value in (len, [].append, int.__add__, int.real, (1).__add__):
    for name in "__doc__", "__text_signature__":
        try: setattr(value, name, "x")
        except (TypeError, AttributeError) as e: print(type(e).__name__, e)
try: del int.__doc__
except TypeError as e: print(e)
print(hasattr(int.real, "__text_signature__"), hasattr(property.fget, "__text_signature__"))


# Classes.
class Plain: pass
class Doc: "what it is"
class Signed:
    """Signed(a, b=1, /)
--

What it is."""
class Other:
    """Signed(a)
--

Of another name."""
class NoEnd:
    "NoEnd(a)"
class Blank:
    """Blank(a)

--

Not in the first paragraph."""
class Number: __doc__ = 5
class Nul: __doc__ = "ab\0cd"
class Descr:
    class __doc__:
        def __get__(self, instance, owner): return (instance, owner)
    __doc__ = __doc__()
class Sub(Doc): pass
class Int(int): pass
for cls in (Plain, Doc, Signed, Other, NoEnd, Blank, Number, Nul, Descr, Sub, Int):
    print(cls.__name__, repr(cls.__doc__), cls.__text_signature__, repr(vars(cls)["__doc__"])[:12])
Doc.__doc__ = "Doc(x)\n--\n\nchanged"
print(repr(Doc.__doc__), Doc.__text_signature__, repr(Doc().__doc__), repr(Sub().__doc__))
try: del Doc.__doc__
except TypeError as e: print(e)
try: type("X", (), {"__doc__": "\ud800"})
except UnicodeEncodeError as e: print(e)
print(repr(type("X", (), {"__doc__": "é€"}).__doc__), type("X", (), {}).__doc__, type("X", (), {"__doc__": None}).__doc__)
show("__dict__", Plain.__dict__["__dict__"].__doc__)
show("__weakref__", Plain.__dict__["__weakref__"].__doc__)
class Slots: __slots__ = ("a",)
show("slot", Slots.a.__doc__)


# What copies a text.
class P(property): pass
for kind in property, P:
    p = kind(int.bit_length.__get__)
    show(kind.__name__, p.__doc__)
    p = kind(int.bit_length)
    print(p.__doc__ == int.bit_length.__doc__, p.__doc__ is p.__doc__, kind(f).__doc__, kind(g).__doc__)
    print(kind(len, doc="own").__doc__, type(kind(doc="own").getter(len).__doc__), kind(len).getter(f).__doc__)
for kind in staticmethod, classmethod:
    m = kind(len)
    print(m.__doc__ == len.__doc__, m.__doc__ is m.__doc__, m.__name__, hasattr(m, "__text_signature__"), sorted(vars(m)))
    print(kind(f).__doc__, kind(g).__doc__)
method = Plain().__init__
print(method.__text_signature__, type(method.__doc__).__name__, type(method).__text_signature__)
class Bound:
    def m(self): "doc of m"
print(Bound().m.__doc__, Bound.m.__doc__)
