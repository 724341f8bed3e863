# Memory that is traced: the tables that say where each block came from are blocks too.
import _tracemalloc

_tracemalloc.start(5)


def made(n):
    return [str(i) * 3 for i in range(n)] if n % 2 else {i: [i] for i in range(n)}


kept = [made(n) for n in range(60)]
large = [bytes(n * 1000) for n in range(100)]
del large[::2]
snapshot = _tracemalloc._get_traces()
