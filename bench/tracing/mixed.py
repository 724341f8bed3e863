"""Allocates as programs do: objects with attributes, strings, tuples, floats, dicts, lists that grow, large blocks."""


class Node:
    def __init__(self, key, left, right):
        self.key, self.left, self.right = key, left, right


def tree(depth, key=0):
    if depth == 0:
        return None
    return Node(str(key), tree(depth - 1, 2 * key), tree(depth - 1, 2 * key + 1))


def words(n):
    seen = {}
    for i in range(n):
        seen.setdefault("word%d" % (i * 7919 % 5003), []).append((i, i * 3, float(i)))
    return seen


def run():
    total = 0
    for _ in range(5):
        root = tree(15)
        found = words(60000)
        total += len(found) + sum(len(v) for v in found.values()) + (root is not None)
        total += sum(len(x) for x in [[i] * 3 for i in range(50000)])
        total += sum(map(len, [bytes(n % 300) for n in range(50000)]))
    return total


print(run())
