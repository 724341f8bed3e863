# A process whose heap is known. Prints what is true of it as a line of JSON on standard output, then its allocator's
# figures on standard error, and waits: what allocates comes before. On SIGUSR1 it drops what it kept, and says so.
import gc, json, os, signal, sys


class Plain:
    def __init__(self, i):
        self.name = "item %d" % i
        self.value = i


class Slotted:
    __slots__ = ("left", "right")

    def __init__(self, i):
        self.left, self.right = i, str(i)


class Session:
    log = []

    def __init__(self, n):
        self.rows = {i: Plain(i) for i in range(n)}


class Part(list):
    pass


def suspended(n):
    kept = ["in a generator %d" % n]
    yield kept


for _ in range(5):
    Session.log.append(Session(400))
slots = [Slotted(i) for i in range(300)]
parts = Part([object()])
parts.label = {"key": (Plain(-1),)}
generator = suspended(7)
next(generator)
many = [object() for _ in range(400_000)]
kept = many[:: 40_000]
del many
gc.collect()
gc.disable()
for i in range(100):
    a, b = Plain(i), {}
    a.other, b["self"] = b, b
    b["other"] = a
del a, b


def drop(number, frame):
    kept.clear()
    os.write(1, b"dropped\n")


def main():
    local = [object() for _ in range(3)]
    truth = {
        "pid": os.getpid(),
        "counts": {"Plain": 2001 + 100, "Slotted": 300, "Session": 5, "Part": 1},
        "kept": [id(o) for o in kept],
        "ways": {
            "__main__.Session.log": id(Session.log),
            "__main__.slots[5]": id(slots[5]),
            "__main__.slots[5].right": id(slots[5].right),
            '__main__.parts.label["key"][0]': id(parts.label["key"][0]),
            "__main__.parts[0]": id(parts[0]),
            "local in main()": id(local),
            "local[2] in main()": id(local[2]),
        },
    }
    print(json.dumps(truth), flush=True)
    signal.signal(signal.SIGUSR1, drop)
    # Looked up before: an attribute that is looked up may free a name of which only the cache of methods knew.
    figures, pause = sys._debugmallocstats, signal.pause
    figures()
    while True:
        pause()


main()
