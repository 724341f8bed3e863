# JSON written: nested dicts and lists, strings with escapes, numbers; compact and indented.
import json
import zlib

SMALL, SIZE = 5, 2500


def document(n):
    return {
        "name": "a document",
        "items": [
            {
                "id": i,
                "ratio": i / 7,
                "tags": ["a", "b\n", "\u00fc\u4e2d", f"t{i}"],
                "nested": {"x": [i, i + 1, -i], "y": None, "z": i % 2 == 0, f"key{i % 10}": "v" * (i % 20)},
            }
            for i in range(n)
        ],
    }


def work(n):
    value = document(n)
    total = 0
    for _ in range(8):
        compact = json.dumps(value)
        total = zlib.crc32(compact.encode(), total)
        total = zlib.crc32(json.dumps(value["items"], ensure_ascii=False, separators=(",", ":")).encode(), total)
    indented = json.dumps(value, indent=1, sort_keys=True)
    return len(compact), total, zlib.crc32(indented.encode())


if __name__ == "__main__":
    print(work(SMALL))
    print(work(SIZE))
