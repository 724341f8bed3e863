# Descriptors are numbered from the lowest that is free, and 0 to 2 are as any other.
import errno
import _io
import sys

first = open(__file__, "rb")
second = open(__file__, "rb")
print(first.fileno() < second.fileno())
number = first.fileno()
first.close()
again = open(__file__, "rb")
print(again.fileno() == number)

# Standard input, closed and opened anew.
raw = _io.FileIO(0, "rb")
raw.close()
for attempt in (lambda: _io.FileIO(0, "rb"), lambda: sys.stdin.read(1)):
    try:
        attempt()
    except OSError as e:
        print(errno.errorcode[e.errno])
source = open(__file__)
print(source.fileno(), sys.stdin.readline() == source.readline())

# What is written to standard error goes to the file that has its number.
_io.FileIO(2, "wb").close()
try:
    _io.FileIO(2, "wb", closefd=False)
except OSError as e:
    print(errno.errorcode[e.errno])
log = open("log", "wb", buffering=0)
print(log.fileno())
print("found", file=sys.stderr)
print(log.tell(), open("log").read())

# Errors of numbers that no file has.
for fd in (1000, 2**31 - 1):
    try:
        _io.FileIO(fd)
    except OSError as e:
        print(e)
try:
    _io.FileIO(-1)
except ValueError as e:
    print(e)

# Offsets and lengths beyond all files.
big = open("big", "wb", buffering=0)
for attempt in (lambda: big.seek(2**63 - 1), lambda: big.seek(-1), lambda: big.truncate(2**63 - 1)):
    try:
        print(attempt())
    except OSError as e:
        print(errno.errorcode[e.errno])
print(OSError(17, "x").__class__.__name__, len(errno.errorcode), errno.errorcode[11], errno.errorcode[35])
