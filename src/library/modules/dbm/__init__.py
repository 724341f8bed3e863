"""Databases of keys and values, both bytes, in files: open() opens one of whatever kind, or makes one.

What is open is a mapping with close() and sync(); str is taken for its UTF-8. Of the kinds that whichdb() knows only dbm.dumb
is here, as the others need libraries in C.
"""

__all__ = ["open", "whichdb", "error"]

import io
import os
import struct


class error(Exception):
    """What all kinds raise; OSError stands beside it."""


error = (error, OSError)

#: The kinds, the first that is there being made where nothing else is asked for.
_names = ["dbm.sqlite3", "dbm.gnu", "dbm.ndbm", "dbm.dumb"]
_defaultmod = None
_modules = {}

ndbm = None

_GNU_NUMBERS = (0x13579ACD, 0x13579ACE, 0x13579ACF)


def _load():
    """Imports the kinds that there are."""
    global _defaultmod
    for name in _names:
        try:
            module = __import__(name, fromlist=["open"])
        except ImportError:
            continue
        _modules[name] = module
        _defaultmod = _defaultmod or module
    if _defaultmod is None:
        raise ImportError(f"no dbm clone found; tried {_names}")


def open(file, flag="r", mode=0o666):
    """Opens the database at a path.

    flag is 'r' to read one that is there, 'w' to change it too, 'c' to make it where it is not there, 'n' to make it anew.
    mode is that of its files, where they are made.
    """
    if _defaultmod is None:
        _load()
    kind = None if "n" in flag else whichdb(file)
    if kind is None:
        if "c" not in flag and "n" not in flag:
            raise error[0]("db file doesn't exist; use 'c' or 'n' flag to create a new db")
        module = _defaultmod
    elif kind == "":
        raise error[0]("db type could not be determined")
    elif kind not in _modules:
        raise error[0](f"db type is {kind}, but the module is not available")
    else:
        module = _modules[kind]
    return module.open(file, flag, mode)


def _start(path, count):
    """The first bytes of a file; OSError where it cannot be read."""
    with io.open(path, "rb") as f:
        return f.read(count)


def whichdb(filename):
    """The name of the module that a database belongs to: None where no file can be read, '' where nothing knows it."""
    filename = os.fsencode(filename)
    try:
        _start(filename + b".pag", 0)
        _start(filename + b".dir", 0)
        return "dbm.ndbm"
    except OSError:
        pass
    try:
        os.stat(filename + b".dat")
        # Without a key, or with one in quotes.
        if _start(filename + b".dir", 1) in (b"", b"'", b'"'):
            return "dbm.dumb"
    except OSError:
        pass
    try:
        start = _start(filename, 16)
    except OSError:
        return None
    if start == b"SQLite format 3\0":
        return "dbm.sqlite3"
    if len(start) >= 4 and struct.unpack("=L", start[:4])[0] in _GNU_NUMBERS:
        return "dbm.gnu"
    return ""


if __name__ == "__main__":
    import sys

    for path in sys.argv[1:]:
        print(whichdb(path) or "UNKNOWN", path)
