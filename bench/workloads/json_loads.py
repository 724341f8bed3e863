# JSON read: nested objects and arrays, strings with escapes, numbers.
import json

SMALL, SIZE = 3, 2800


def text(n):
    value = [
        {
            "id": i,
            "ratio": i / 7,
            "tags": ["a", "b\n", "\u00fc\u4e2d", f"t{i}"],
            "nested": {"x": [i, i + 1, -i, 10**12 + i], "y": None, "z": i % 2 == 0, f"key{i % 10}": "v" * (i % 20)},
        }
        for i in range(n)
    ]
    return json.dumps(value), json.dumps(value, ensure_ascii=False, indent=2)


def work(n):
    compact, indented = text(n)
    total = 0
    for _ in range(6):
        for source in (compact, indented):
            value = json.loads(source)
            total += len(value) + value[-1]["nested"]["x"][3] % 1000 + len(value[n // 2]["tags"][2])
    return total, f"{sum(item['ratio'] for item in value):.6f}"


if __name__ == "__main__":
    print(work(SMALL))
    print(work(SIZE))
