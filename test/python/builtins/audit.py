# What audit hooks are told, and how they forbid.
import os
import sys

# What is imported while the hook listens would be told too.
import array
import gc
import marshal
import mmap
import pickle
import time

seen = []
listening = False
SHOWN = ("os.", "open", "compile", "exec", "object.", "code.", "function.", "builtins.", "marshal", "gc.", "time.")
SHOWN += ("mmap", "pickle", "array", "sys.", "import", "test")


def show(value):
    if isinstance(value, (str, bytes, int)) or value is None:
        return repr(value)
    return type(value).__name__


def hook(event, args):
    if listening and event.startswith(SHOWN):
        print(event, *map(show, args if event != "import" else args[:1]))


def listen(f):
    global listening
    listening = True
    try:
        f()
    except Exception as error:
        print(type(error).__name__, error)
    finally:
        listening = False


sys.audit("test.nobody", 1)
sys.addaudithook(hook)


class A:
    pass


class B:
    pass


class C(A):
    pass


def f(x=1, *, y=2):
    pass


def attributes():
    f.__code__ = f.__code__
    f.__defaults__ = (1,)
    del f.__defaults__
    f.__kwdefaults__
    f.__kwdefaults__ = None
    A.__name__ = "X"
    C.__bases__ = (B,)
    b = C()
    b.__class__ = B
    b.other = 1
    type(f)(f.__code__, {})
    f.__code__.replace(co_name="g", co_filename="h.py")
    (i for i in ()).gi_code
    sys._getframe().f_code


def files():
    open(os.devnull, "rb").close()
    os.close(os.open(os.devnull, os.O_RDONLY))
    os.mkdir("/nowhere/at/all", 0o755)


def paths():
    for call in (
        lambda: os.listdir("/nowhere"),
        lambda: os.rmdir(b"/nowhere"),
        lambda: os.remove("/nowhere"),
        lambda: os.rename("/nowhere", "/nothing"),
        lambda: os.chmod("/nowhere", 0o644),
        lambda: os.truncate("/nowhere", 5),
        lambda: os.scandir("/nowhere"),
        lambda: os.chdir("/nowhere"),
        lambda: os.utime("/nowhere", (1, 2)),
        lambda: os.chown("/nowhere", 1, 2),
        lambda: os.symlink("/nowhere", "/nowhere/a"),
        lambda: os.link("/nowhere", "/nothing"),
    ):
        try:
            call()
        except OSError as error:
            print(" ", type(error).__name__)


def several():
    exec("1")
    eval("1 + 1")
    eval(compile("2", "file.py", "eval"))
    compile(b"a", "file.py", "exec")
    sys.audit("test.event", 1, "two", 3.0)
    marshal.loads(marshal.dumps(None))
    gc.get_objects(1)
    gc.get_referents([])
    gc.get_referrers()
    time.sleep(0)
    mmap.mmap(-1, 8)
    array.array("i", [1])
    pickle.loads(pickle.dumps(len))
    sys._getframemodulename()
    sys._current_frames()
    sys.settrace(None)
    os.putenv("A", "b")
    os.unsetenv("A")


for part in attributes, files, paths, several:
    print(part.__name__)
    listen(part)

for wrong in lambda: sys.audit(), lambda: sys.audit(1), lambda: sys.addaudithook(), lambda: sys.addaudithook(1, 2):
    try:
        wrong()
    except TypeError as error:
        print(error)

# One that forbids.
forbidden = set()


def warden(event, args):
    if event in forbidden:
        raise PermissionError(event)


sys.addaudithook(warden)
for event, call in [
    ("open", lambda: open(os.devnull)),
    ("exec", lambda: exec("print('not run')")),
    ("compile", lambda: eval("print('not compiled')")),
    ("os.listdir", lambda: os.listdir("/")),
    ("os.rename", lambda: os.rename("/nowhere", "/nothing")),
    ("object.__setattr__", lambda: setattr(C, "__name__", "D")),
    ("object.__getattr__", lambda: f.__code__),
    ("code.__new__", lambda: type(f.__code__)(*range(18))),
    ("function.__new__", lambda: type(f)(f.__code__, {})),
    ("builtins.id", lambda: id(1)),
    ("import", lambda: __import__("this_is_not_there")),
    ("sys._getframe", lambda: sys._getframe()),
    ("test.own", lambda: sys.audit("test.own")),
]:
    forbidden = {event}
    try:
        print(call())
    except Exception as error:
        print(type(error).__name__, error)
forbidden = {"sys.addaudithook"}
print(sys.addaudithook(print))
forbidden = set()
sys.audit("test.end")
print(C.__name__)

# A hook is not traced unless it says that it may be.
traced = []


def trace(frame, event, arg):
    if frame.f_code.co_name == "__call__":
        traced.append(event)


class Traced:
    def __call__(self, event, args):
        pass


one = Traced()
sys.addaudithook(one)
sys.settrace(trace)
sys.audit("test.first")
one.__cantrace__ = True
sys.audit("test.second")
one.__cantrace__ = False
sys.audit("test.third")
sys.settrace(None)
print(traced)
print(any(hook in o for o in gc.get_objects() if isinstance(o, list)))
