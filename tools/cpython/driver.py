"""Runs tests of CPython's suite and writes down how each ends.

usage: driver.py EVENTS DONE NAME FOLDER

NAME is a module of the package test, which is in FOLDER, a class or a test in it. A line of the file EVENTS is
"S<tab>test" as a test starts and a letter, the test and a reason as it ends: P passed, F failed, K skipped, X failed as
its author expects. Tests that the file DONE names, one a line, are left out: they ended, or ended an earlier process.

A module of tests that cannot be loaded without the test modules of the C API is loaded with stand-ins for these, so that
only the tests that use them are skipped.
"""

import os
import sys

sys.path[0] = sys.argv[4]
import importlib
import importlib.machinery
import types
import unittest

events = os.open(sys.argv[1], os.O_WRONLY | os.O_APPEND | os.O_CREAT)


def line(kind, test, reason=""):
    name = test if isinstance(test, str) else test.id()
    text = "\t".join((kind, name, reason))
    os.write(events, text.replace("\n", " ").replace("\r", " ").encode("utf-8", "backslashreplace") + b"\n")


def last_words(error):
    kind, value, _ = error
    try:
        text = str(value).strip()
    except BaseException as failure:
        text = f"(str: {type(failure).__name__})"
    lines = text.splitlines() or [""]
    return f"{kind.__name__}: {' / '.join(lines[:6])}"[:400]


class Result(unittest.TestResult):
    """One line for each test; a test with parts fails with the first part that does."""

    def startTest(self, test):
        super().startTest(test)
        self.reason = None
        self.kind = "P"
        line("S", test)

    def settle(self, kind, reason):
        if self.kind not in "F":
            self.kind, self.reason = kind, reason

    def stopTest(self, test):
        line(self.kind, test, self.reason or "")
        self.kind = None
        super().stopTest(test)
        # What failed holds frames, and with them whatever the test made.
        self.errors.clear()
        self.failures.clear()

    def addError(self, test, error):
        if isinstance(test, unittest.suite._ErrorHolder):
            line("F", test, last_words(error))
        else:
            self.settle("F", last_words(error))

    def addFailure(self, test, error):
        self.settle("F", last_words(error))

    def addSubTest(self, test, subtest, error):
        if error is not None:
            self.settle("F", f"{subtest._subDescription()} {last_words(error)}")

    def addSkip(self, test, reason):
        if isinstance(test, unittest.suite._ErrorHolder):
            line("K", test, reason)
        else:
            self.settle("K", reason)

    def addExpectedFailure(self, test, error):
        self.settle("X", last_words(error))

    def addUnexpectedSuccess(self, test):
        self.settle("F", "unexpected success")


def without(suite, done):
    kept = []
    for test in suite:
        if isinstance(test, unittest.TestSuite):
            kept.append(without(test, done))
        elif test.id() not in done:
            kept.append(test)
    return type(suite)(kept)


class Absent:
    """What stands for a name of a module that is not there: a test that uses it is skipped."""

    def __init__(self, name):
        self.__dict__["_name"] = name

    def _skip(self, *_args, **_kwargs):
        # A setUp that ends here has no tearDown that would undo what it did.
        frame = sys._getframe()
        while frame and frame.f_code.co_name != "setUp":
            frame = frame.f_back
        if frame:
            try:
                frame.f_locals["self"].tearDown()
            except Exception:
                pass
        raise unittest.SkipTest(f"requires {self._name}")

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return Absent(f"{self._name}.{name}")

    __call__ = __setattr__ = __eq__ = __lt__ = __gt__ = __bool__ = __len__ = __iter__ = __index__ = __float__ = _skip
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __neg__ = __enter__ = _skip
    __hash__ = object.__hash__


class AbsentModules:
    """Finds the test modules of the C API that a module of tests cannot be loaded without."""

    known = ("_testcapi", "_testinternalcapi", "_testlimitedcapi", "_testsinglephase", "_testmultiphase")

    def __init__(self):
        self.names = set()

    def find_spec(self, name, path=None, target=None):
        return importlib.machinery.ModuleSpec(name, self) if name in self.names else None

    def create_module(self, spec):
        module = types.ModuleType(spec.name)
        module.__getattr__ = Absent(spec.name).__getattr__
        return module

    def exec_module(self, module):
        pass


def load(name):
    absent = AbsentModules()
    while True:
        suite = failure = None
        try:
            importlib.import_module(".".join(name.split(".")[:2]))
            suite = unittest.defaultTestLoader.loadTestsFromName(name)
            reasons = " ".join(skipped_modules(suite))
        except (unittest.SkipTest, ImportError) as error:
            failure = error
            reasons = str(error)
        missing = {known for known in absent.known if f"'{known}'" in reasons} - absent.names
        if not missing:
            if failure:
                raise failure
            return suite
        absent.names |= missing
        if absent not in sys.meta_path:
            sys.meta_path.append(absent)


def skipped_modules(suite):
    """Why modules of a package could not be loaded."""
    for test in suite:
        if isinstance(test, unittest.TestSuite):
            yield from skipped_modules(test)
        elif type(test).__name__ == "ModuleSkipped":
            yield getattr(test, test._testMethodName).__unittest_skip_why__


def main():
    with open(sys.argv[2], encoding="utf-8") as f:
        done = set(f.read().splitlines())
    name = sys.argv[3]
    sys.argv[1:] = []
    try:
        from test import support

        # Its servers are all of this machine.
        support.use_resources = ["network"] if name.startswith("test_socketserver") else []
        support.verbose = 0
        # These ask _testinternalcapi how the process was configured.
        support.has_no_debug_ranges = lambda: False
        support.skip_if_suppress_immortalization = lambda: lambda test: test
        suite = load(f"test.{name}")
        without(suite, done).run(Result())
    except unittest.SkipTest as skip:
        line("K", f"test.{name}", str(skip))
    except BaseException as error:
        line("F", f"test.{name}", last_words((type(error), error, None)))
    line("E", name)


main()
