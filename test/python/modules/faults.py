# faulthandler: where the program is, and what its functions take.
import faulthandler, os, sys


def tries(f, *args, **kwargs):
    try:
        return f(*args, **kwargs)
    except Exception as e:
        return f"{type(e).__name__}: {e}"


def deep(n, f):
    if n:
        return deep(n - 1, f)
    faulthandler.dump_traceback(f, all_threads=False)


class Här:
    def method(self, f):
        faulthandler.dump_traceback(file=f)


def shown(act):
    with open(name, "w+b") as f:
        f.write(b"first\n")
        act(f)
        f.seek(0)
        text = f.read().decode()
    here = os.path.dirname(os.path.abspath(__file__))
    lines = text.replace(os.path.abspath(__file__), "faults.py").replace(__file__, "faults.py").splitlines()
    return [line if "0x" not in line else "Current thread" for line in lines]


name = "/tmp/faults.%d" % os.getpid()
print(faulthandler.is_enabled(), faulthandler.disable(), faulthandler.disable())
print(*shown(lambda f: deep(3, f)), sep="\n")
print(*shown(lambda f: Här().method(f)), sep="\n")
print(*shown(lambda f: deep(150, f.fileno()))[-4:], sep="\n")
with open(name, "w") as f:
    print(faulthandler.enable(f), faulthandler.is_enabled(), sys.getrefcount(f), faulthandler.enable(file=f, all_threads=False))
    print(sys.getrefcount(f), faulthandler.disable(), sys.getrefcount(f), faulthandler.is_enabled())
os.unlink(name)


class File:
    def __init__(self, fd):
        self.fd = fd

    def fileno(self):
        return self.fd

    def flush(self):
        raise ValueError


for file in (-1, 2**40, "x", 1.5, File("x"), File(-1), File(2**40), File(2**80)):
    print(tries(faulthandler.enable, file))
print(tries(faulthandler.enable, 2, 3, 4), tries(faulthandler.is_enabled, 1), tries(faulthandler.dump_traceback, -1))
for signum in (4, 6, 7, 8, 11, 0, 65, -1, 1.5, 2**40):
    print(signum, tries(faulthandler.register, signum), tries(faulthandler.unregister, signum))
print(faulthandler.unregister(10))
for timeout in (0, -1, "x", float("nan")):
    print(timeout, tries(faulthandler.dump_traceback_later, timeout))
print(faulthandler.cancel_dump_traceback_later())
stderr, sys.stderr = sys.stderr, None
print(tries(faulthandler.enable), tries(faulthandler.dump_traceback, None))
del sys.stderr
print(tries(faulthandler.enable))
sys.stderr = stderr
faulthandler.enable()
