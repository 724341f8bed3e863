# SimpleQueue of _queue, and identifiers by time of _uuid.
import gc
import sys
import time
import weakref
import _queue
import _uuid
from _queue import Empty, SimpleQueue


def attempt(f, *args, **kwargs):
    try:
        return f(*args, **kwargs)
    except Exception as e:
        return f"{type(e).__module__}.{type(e).__name__}: {e}"


print(SimpleQueue, sorted(k for k in SimpleQueue.__dict__ if not k.startswith("__") or k == "__class_getitem__"), Empty.__mro__, Empty.__doc__)
q = SimpleQueue()
print(q.empty(), q.qsize(), attempt(q.get_nowait), attempt(q.get, False), attempt(q.get, block=0, timeout=-5), attempt(q.get, True, -1))
print(attempt(q.get, timeout="x"), attempt(q.get, timeout=float("nan")), attempt(q.get, timeout=1e300), attempt(q.get, 1, 2, 3), attempt(SimpleQueue, 1), attempt(SimpleQueue, x=1))
start = time.monotonic()
print(attempt(q.get, timeout=0.02), time.monotonic() - start >= 0.02, attempt(q.get, timeout=0))
print(q.put(1), q.put("a", False), q.put(item=None, block=True, timeout=-1), q.put_nowait([]), attempt(q.put), attempt(q.put, 1, 2, 3, 4), q.qsize(), q.empty())
print(q.get(), q.get(timeout=1), q.get_nowait(), q.get(False), q.qsize(), sys.getsizeof(q))
for n in (7, 8, 9, 100, 1000):
    for i in range(n):
        q.put(i)
    assert q.qsize() == n and [q.get() for _ in range(n // 2)] == list(range(n // 2))
    for i in range(n):
        q.put(n + i)
    assert [q.get() for _ in range(q.qsize())] == list(range(n // 2, 2 * n)) and q.empty()
print(SimpleQueue[int], attempt(hash, q) is not None)


class Sub(SimpleQueue):
    def __init__(self, n):
        for i in range(n):
            self.put(i)


s = Sub(3)
s.x = s
print(s.qsize(), s.get())
r = weakref.ref(s)
s.put(s)
del s
gc.collect()
print(r())


class Puts:
    """Puts itself in again when it is dropped, some times."""

    left = 3
    queue = q

    def __del__(self):
        if type(self).left:
            type(self).left -= 1
            self.queue.put(type(self)())


q.put(Puts())
q.get()
print(q.qsize(), q.get() is None, q.qsize())
Puts.left = 0
del Puts, Sub

ids = [_uuid.generate_time_safe() for _ in range(200)]
first, safe = ids[0]
print(type(first), len(first), safe in (0, -1), len({b for b, _ in ids}), _uuid.has_uuid_generate_time_safe, attempt(_uuid.generate_time_safe, 1) is None)
print({(b[6] >> 4, b[8] >> 6, b[10:] == first[10:]) for b, _ in ids})
ticks = [(int.from_bytes(b[6:8]) & 0xFFF) << 48 | int.from_bytes(b[4:6]) << 32 | int.from_bytes(b[:4]) for b, _ in ids]
print(ticks == sorted(ticks), abs(ticks[0] / 1e7 - 12219292800 - time.time()) < 60)
