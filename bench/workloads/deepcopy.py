# Deep copies of dicts, lists, instances with and without __deepcopy__, and of what refers to itself.
import copy

SMALL, SIZE = 3, 1500


class Node:
    def __init__(self, value):
        self.value = value
        self.children = []
        self.parent = None


class Counted:
    copies = 0

    def __init__(self, value):
        self.value = value

    def __deepcopy__(self, memo):
        Counted.copies += 1
        return Counted(copy.deepcopy(self.value, memo))


def tree(depth):
    node = Node(depth)
    if depth:
        for _ in range(2):
            child = tree(depth - 1)
            child.parent = node
            node.children.append(child)
    return node


def weight(node):
    return node.value + sum(weight(child) for child in node.children)


def work(n):
    Counted.copies = 0
    value = {"list": list(range(10)), "tuple": (1, [2], "three"), "nested": {"a": [{"b": 1}]}, "own": Counted([1, 2])}
    value["self"] = value
    total = 0
    for i in range(n):
        again = copy.deepcopy(value)
        total += (again["self"] is again) + (again["tuple"][1] is not value["tuple"][1]) + len(again["list"])
        if i % 10 == 0:
            total += weight(copy.deepcopy(tree(5)))
    return total, Counted.copies


if __name__ == "__main__":
    print(work(SMALL))
    print(work(SIZE))
