"""Runs tests of CPython's suite and writes down how each ends.

usage: driver.py EVENTS DONE NAME FOLDER

NAME is a module of the package test, which is in FOLDER, a class or a test in it. A line of the file EVENTS is
"S<tab>test" as a test starts and a letter, the test and a reason as it ends: P passed, F failed, K skipped, X failed as
its author expects. Tests that the file DONE names, one a line, are left out: they ended, or ended an earlier process.
"""

import os
import sys

sys.path[0] = sys.argv[4]
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


def main():
    with open(sys.argv[2], encoding="utf-8") as f:
        done = set(f.read().splitlines())
    name = sys.argv[3]
    sys.argv[1:] = []
    try:
        from test import support

        support.use_resources = []
        support.verbose = 0
        suite = unittest.defaultTestLoader.loadTestsFromName(f"test.{name}")
        without(suite, done).run(Result())
    except unittest.SkipTest as skip:
        line("K", f"test.{name}", str(skip))
    except BaseException as error:
        line("F", f"test.{name}", last_words((type(error), error, None)))
    line("E", name)


main()
