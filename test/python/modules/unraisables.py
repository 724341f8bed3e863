# Where exceptions of finalizers are written: by a hook that is not there, to a stream that is not there, past an audit hook.

import io
import sys


class Bad:
    def __del__(self):
        raise LookupError("of the finalizer")


def report(what):
    said = io.StringIO()
    real, hook = sys.stderr, sys.unraisablehook
    sys.stderr = said
    what()
    Bad()
    sys.stderr, sys.unraisablehook = real, hook
    lines = said.getvalue().splitlines()
    print(what.__name__, [line.split(" at 0x")[0].split(" <")[0] for line in lines if not line.startswith("  ")])


def untouched():
    pass


def hook_deleted():
    del sys.unraisablehook


def hook_none():
    sys.unraisablehook = None


def hook_raises():
    sys.unraisablehook = lambda args: 1 // 0


def stream_none():
    sys.stderr = None


def stream_deleted():
    del sys.stderr


def both_deleted():
    del sys.stderr, sys.unraisablehook


for what in (untouched, hook_deleted, hook_none, hook_raises, stream_none, stream_deleted, both_deleted):
    report(what)

forbidden = True


def audit(event, args):
    if forbidden and event == "sys.unraisablehook":
        raise RuntimeError("forbidden")


sys.addaudithook(audit)
report(untouched)
report(hook_none)
forbidden = False
report(untouched)
# At the very end only the stream that is gone is left to write to.
sys.keep = Bad
del sys.stderr
late = Bad()
