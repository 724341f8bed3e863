"""What takes long within one instruction is interrupted by a signal's handler."""

import hashlib
import itertools
import json
import re
import signal
import sys
import time


class Stop(Exception):
    pass


def stop(*_):
    raise Stop


sys.set_int_max_str_digits(0)
signal.signal(signal.SIGALRM, stop)
big = 3 << 2_000_000 | 5
huge = 7 << 3_000_001 | 1
dag, tuples = [], ()
for _ in range(60):
    dag, tuples = [dag, dag], (tuples, tuples)
other = []
for _ in range(60):
    other = [other, other]

operations = {
    "products": lambda: all(map(big.__mul__, itertools.repeat(huge))),
    "power": lambda: huge**1000,
    "power with a modulus": lambda: pow(3, huge, 1000007),
    "division": lambda: divmod(huge * huge | 1, big),
    "int as text": lambda: str(huge * huge),
    "text as int": lambda: int("7" * 3_000_000),
    "sum of a range": lambda: sum(range(10**12)),
    "sum of a range of long ints": lambda: sum(range(10**30)),
    "a float in a range": lambda: 1.5 in range(10**12),
    "largest of the same": lambda: max(itertools.repeat(1)),
    "sum of a count": lambda: sum(itertools.count()),
    "sum of a cycle": lambda: sum(itertools.cycle([1])),
    "all of a product": lambda: all(itertools.product((1, 2), repeat=60)),
    "all permutations": lambda: all(itertools.permutations(range(20))),
    "all combinations": lambda: all(itertools.combinations(range(60), 30)),
    "calls without end": lambda: all(map(str, iter(int, 1))),
    "pairs": lambda: all(zip(itertools.repeat(1), itertools.count())),
    "nothing that passes": lambda: next(filter(None, itertools.repeat(0))),
    "a far slice": lambda: next(itertools.islice(itertools.count(), 10**12, None)),
    "comparing what contains itself twice": lambda: dag == other,
    "its repr": lambda: repr(dag),
    "its hash": lambda: hash(tuples),
    "its JSON": lambda: json.dumps(dag),
    "an expression that goes back": lambda: re.match(r"(a+)+$", "a" * 40 + "b"),
    "sorting": lambda: [sorted(range(1000, 0, -1), key=lambda n: n % 7) for _ in itertools.repeat(0)],
}
for name, operation in operations.items():
    signal.setitimer(signal.ITIMER_REAL, 0.02)
    try:
        operation()
        print(name, "ended")
    except Stop:
        print(name, "interrupted")

# What comes to an end by itself: it has to be left before that.
long_list = [1] * 10_000_000
long_text = "[" + "1," * 10_000_000 + "1]"
long_bytes = bytes(2 * 10**8)
operations = {
    "JSON of a long list": lambda: json.dumps(long_list),
    "a long list in JSON": lambda: json.loads(long_text),
    "a hash of many bytes": lambda: hashlib.sha3_512(long_bytes),
}
for name, operation in operations.items():
    began = time.perf_counter()
    operation()
    whole = time.perf_counter() - began
    signal.setitimer(signal.ITIMER_REAL, 0.02)
    began = time.perf_counter()
    try:
        operation()
        print(name, "ended")
    except Stop:
        took = time.perf_counter() - began
        print(name, "interrupted" if took < whole / 2 else f"left after {took} of {whole} s")
