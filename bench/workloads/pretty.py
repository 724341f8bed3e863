# Nested data written by pprint: representations, widths, sorted keys, and a lot of recursion.
import pprint
import zlib

SMALL, SIZE = 3, 600


def work(n):
    value = [
        {
            "id": i,
            "tags": ["alpha", "beta", "gamma"][: i % 4],
            "nested": {"x": (i, i + 1, i / 2), "y": None, f"key{i % 7}": {"deep": [list(range(i % 15))]}},
            "text": "a sentence of some words " * (i % 5),
        }
        for i in range(n)
    ]
    out = pprint.pformat(value)
    compact = pprint.pformat(value, width=120, compact=True)
    return len(out), zlib.crc32(out.encode()), zlib.crc32(compact.encode())


if __name__ == "__main__":
    print(work(SMALL))
    print(work(SIZE))
