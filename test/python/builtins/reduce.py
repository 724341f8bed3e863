"""__reduce__ and __getstate__: what copies of functions, methods, descriptors and exceptions are made from."""
import sys


def show(label, value): print(label, value)


class A:
    def m(self): pass
    def __repr__(self): return "A()"


a = A()
for value in (len, [1].append, "a".join, int.__add__, (5).__add__, a.m, str.join, slice.start, dict.fromkeys, sys.getsizeof):
    r = value.__reduce__()
    print(type(value).__name__, r if isinstance(r, str) else (r[0] is getattr, r[1]))
    if not isinstance(r, str): print(r[0](*r[1]) == value, getattr(*r[1]) == value)

for e in (ImportError("m"), ImportError("m", name="n", path="p"), ImportError("m", name="n", name_from="f"),
          ModuleNotFoundError("m", name="x"), AttributeError("m"), AttributeError("m", name="n", obj=5), OSError(1, "x"),
          OSError(1, "x", "file"), OSError(2, "x", "file", None, "file2"), OSError("a"), OSError(), OSError(1, "x", None),
          BlockingIOError(1, "x", 5), KeyError("k"), ValueError()):
    print(repr(e), e.__reduce__())
    e.extra = 1
    r = e.__reduce__()
    print(r)
    again = r[0](*r[1])
    if len(r) > 2: again.__setstate__(r[2])
    print(repr(again), again.args, again.extra, vars(again) == vars(e))
print(AttributeError("m", name="n").__getstate__(), AttributeError().__getstate__())

for e in OSError(1, "x"), BlockingIOError(1, "x", 5), FileNotFoundError(2, "x"), BlockingIOError("no"):
    for action in "get", "set", "get", "del", "get", "del", "bad", "big":
        try:
            if action == "get": print(e.characters_written)
            elif action == "set": e.characters_written = 7
            elif action == "del": del e.characters_written
            elif action == "bad": e.characters_written = "x"
            else: e.characters_written = 1 << 80
        except Exception as error: print(action, type(error).__name__, error)

for e in KeyError, AttributeError, OSError, FileNotFoundError, StopIteration, ExceptionGroup, UnicodeDecodeError, ValueError:
    print(e.__name__, "__new__" in vars(e), e.__new__.__self__.__name__, "__str__" in vars(e), "__init__" in vars(e))
print(str(KeyError("k")), str(AttributeError("a")), str(NameError("n")))

try: 1 / 0
except ZeroDivisionError as e: print(dir(e.__traceback__))
alias = list[int]
print(sorted(set(dir(alias)) - set(dir(list))), "append" in dir(alias), hasattr(alias, "__bases__"), (int | str).__module__, alias.__module__)
print(isinstance(5, int | str), issubclass(bool, int | str), isinstance(5, str | None), hasattr(int | str, "__instancecheck__"))
it = iter(alias); print(it.__reduce__() == (iter, (alias,)), next(it), it.__reduce__())
print(None.__eq__(None), None.__eq__(5), None.__lt__(None), None.__ne__(5), None == None)
print(sys.stderr.__class__.__new__.__self__, sys.stderr.__class__.__module__)
def f(x): y = x; return lambda: y
for i in 0, 1, 2, -1, 99, "x":
    try: print(f.__code__._varname_from_oparg(i))
    except Exception as e: print(type(e).__name__, e)
print(f.__code__.__replace__(co_name="g").co_name)
