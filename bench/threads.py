"""What threads cost: prints a line of JSON, a figure by name."""

import json
import statistics
import threading
import time

clock = time.perf_counter


def work(n):
    total = 0
    for i in range(n):
        total += i * i % 7
    return total


def seconds(f, *args):
    before = clock()
    f(*args)
    return clock() - before


def in_threads(n, count):
    threads = [threading.Thread(target=work, args=(n // count,)) for _ in range(count)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()


def ratio(n):
    """The same work in two threads, as a multiple of one."""
    pairs = [(seconds(in_threads, n, 1), seconds(in_threads, n, 2)) for _ in range(5)]
    return statistics.median(two for _, two in pairs) / statistics.median(one for one, _ in pairs)


def handovers(n):
    """How often a second two threads that wait for one another take turns."""
    mine, other = threading.Lock(), threading.Lock()
    other.acquire()

    def answer():
        for _ in range(n):
            other.acquire()
            mine.release()

    t = threading.Thread(target=answer)
    t.start()
    before = clock()
    for _ in range(n):
        mine.acquire()
        other.release()
    t.join()
    return 2 * n / (clock() - before)


def start_and_join(n):
    """Microseconds from starting a thread that does nothing to its having been joined."""

    def once():
        t = threading.Thread(target=int)
        t.start()
        t.join()

    for _ in range(3):
        once()
    return statistics.median(seconds(once) for _ in range(n)) * 1e6


def uncontended(n):
    """Nanoseconds to take and release a lock that nobody else wants."""
    lock = threading.Lock()
    acquire, release = lock.acquire, lock.release

    def pairs():
        for _ in range(n):
            acquire()
            release()

    def nothing():
        for _ in range(n):
            pass

    pairs()
    taken = statistics.median(seconds(pairs) for _ in range(5))
    return (taken - statistics.median(seconds(nothing) for _ in range(5))) / n * 1e9


assert work(1000) == 2001, work(1000)
print(
    json.dumps(
        {
            "two threads against one, the same work": ratio(3_000_000),
            "hand-overs a second": handovers(20_000),
            "start and join, µs": start_and_join(200),
            "a lock's acquire and release, ns": uncontended(300_000),
        }
    )
)
