"""A database of keys and values in plain files, slow and simple.

NAME.dat has the values, each from a multiple of 512 bytes on; NAME.dir has a line for each key, as text in Latin-1: its repr,
where its value begins and how long that is. While a database is changed, NAME.dir may be behind; sync() and close() write it
anew, and leave what it was as NAME.bak. Room of values that were removed or have grown is not used again.
"""

__all__ = ["error", "open"]

import ast as _ast
import collections.abc
import io as _io
import os as _os

error = OSError

_BLOCKSIZE = 512


def _blocks(size):
    return -(-size // _BLOCKSIZE)


class _Database(collections.abc.MutableMapping):
    # close() is called at the end of the program too, when the module's names may be gone: it uses these.
    _os = _os
    _io = _io

    def __init__(self, filebasename, mode, flag="c"):
        base = _os.fsencode(filebasename)
        self._dirfile, self._datfile, self._bakfile = base + b".dir", base + b".dat", base + b".bak"
        self._mode = mode
        self._readonly = flag == "r"
        self._modified = False
        # From keys to places in the file of values; None once it is closed.
        self._index = None
        makes = flag in ("c", "n")
        if flag == "n":
            for path in (self._datfile, self._bakfile, self._dirfile):
                try:
                    _os.remove(path)
                except OSError:
                    pass
        self._touch(self._datfile, makes)
        self._touch(self._dirfile, makes)
        index = {}
        with _io.open(self._dirfile, encoding="Latin-1") as f:
            for line in f:
                key, place = _ast.literal_eval(line.rstrip())
                index[key.encode("Latin-1")] = place
        self._index = index

    def _touch(self, path, makes):
        """Makes a file where it is not there and may be made."""
        try:
            _io.open(path, "rb").close()
        except OSError:
            if not makes:
                raise
            _io.open(path, "wb").close()
            self._os.chmod(path, self._mode)

    def sync(self):
        """Writes the keys, if something has changed."""
        if self._index is None or not self._modified:
            return
        for act, *paths in ((self._os.unlink, self._bakfile), (self._os.rename, self._dirfile, self._bakfile)):
            try:
                act(*paths)
            except OSError:
                pass
        with self._io.open(self._dirfile, "w", encoding="Latin-1") as f:
            self._os.chmod(self._dirfile, self._mode)
            for key, place in self._index.items():
                f.write(f"{key.decode('Latin-1')!r}, {place!r}\n")
        self._modified = False

    _commit = sync

    def _opened(self):
        if self._index is None:
            raise error("DBM object has already been closed")
        return self._index

    def _changeable(self):
        if self._readonly:
            raise error("The database is opened for reading only")

    def __getitem__(self, key):
        if isinstance(key, str):
            key = key.encode()
        position, size = self._opened()[key]
        with _io.open(self._datfile, "rb") as f:
            f.seek(position)
            return f.read(size)

    def _store(self, value, position=None):
        """Writes a value, at the end where no position is given: its place."""
        with _io.open(self._datfile, "rb+") as f:
            if position is None:
                end = f.seek(0, 2)
                position = _blocks(end) * _BLOCKSIZE
                f.write(bytes(position - end))
            f.seek(position)
            f.write(value)
        return position, len(value)

    def __setitem__(self, key, value):
        self._changeable()
        if isinstance(key, str):
            key = key.encode()
        elif not isinstance(key, (bytes, bytearray)):
            raise TypeError("keys must be bytes or strings")
        if isinstance(value, str):
            value = value.encode()
        elif not isinstance(value, (bytes, bytearray)):
            raise TypeError("values must be bytes or strings")
        index = self._opened()
        self._modified = True
        key = bytes(key)
        if key in index:
            position, size = index[key]
            index[key] = self._store(value, position if _blocks(len(value)) <= _blocks(size) else None)
            return
        place = index[key] = self._store(value)
        with _io.open(self._dirfile, "a", encoding="Latin-1") as f:
            self._os.chmod(self._dirfile, self._mode)
            f.write(f"{key.decode('Latin-1')!r}, {place!r}\n")

    def __delitem__(self, key):
        self._changeable()
        if isinstance(key, str):
            key = key.encode()
        index = self._opened()
        self._modified = True
        del index[key]
        self.sync()

    def keys(self):
        return list(self._opened())

    def items(self):
        return [(key, self[key]) for key in self._opened()]

    def __contains__(self, key):
        return (key.encode() if isinstance(key, str) else key) in self._opened()

    def iterkeys(self):
        return iter(self._opened())

    __iter__ = iterkeys

    def __len__(self):
        return len(self._opened())

    def close(self):
        """Writes what has changed, and ends the use of the database."""
        try:
            self.sync()
        finally:
            self._index = self._datfile = self._dirfile = self._bakfile = None

    __del__ = close

    def __enter__(self):
        return self

    def __exit__(self, *args):
        self.close()


def open(file, flag="c", mode=0o666):
    """Opens the database at a path, to which endings are added: 'r' for reading, 'w' for both, 'c' also where there is none,
    'n' always a new one. mode is that of its files, less what the umask takes away.
    """
    mask = _os.umask(0)
    _os.umask(mask)
    if flag not in ("r", "w", "c", "n"):
        raise ValueError("Flag must be one of 'r', 'w', 'c', or 'n'")
    return _Database(file, mode & ~mask, flag=flag)
