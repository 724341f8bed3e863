# Objects pickled and read again: dicts, lists, tuples, instances, what refers to itself.
import io
import pickle
import sys
import types
import zlib

SMALL, SIZE = 5, 3500


class Record:
    def __init__(self, number):
        self.number = number
        self.name = f"record {number}"
        self.values = (number, number * 1.5, number << 40)
        self.parent = None


class Pair:
    __slots__ = ("a", "b")

    def __init__(self, a, b):
        self.a = a
        self.b = b

    def __reduce__(self):
        return Pair, (self.a, self.b)


class Reader(pickle.Unpickler):
    """Finds the classes here, wherever this file is run."""

    def find_class(self, module, name):
        return {"Record": Record, "Pair": Pair}.get(name) or super().find_class(module, name)


def work(n):
    # Pickling looks classes up in their module, which a runner need not have made.
    module = sys.modules.setdefault(__name__, types.ModuleType(__name__))
    module.Record, module.Pair = Record, Pair
    records = [Record(i) for i in range(n)]
    for a, b in zip(records, records[1:]):
        b.parent = a if a.number % 50 else None
    value = {
        "records": records,
        "table": {f"key {i}": [i, str(i), None, True, b"bytes", {i, i + 1}] for i in range(n)},
        "pairs": [Pair(i, (i, i)) for i in range(n)],
        "floats": [i / 3 for i in range(n)],
    }
    value["self"] = value
    total = 0
    for protocol in (2, 4, 5):
        data = pickle.dumps(value, protocol)
        again = Reader(io.BytesIO(data)).load()
        total += sum(r.number for r in again["records"]) + sum(p.b[1] for p in again["pairs"])
        total += (again["self"] is again) + sum(map(len, again["table"].values()))
    return zlib.crc32(pickle.dumps(value["floats"])), total


if __name__ == "__main__":
    print(work(SMALL))
    print(work(SIZE))
