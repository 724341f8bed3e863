# Generators: through trees, in chains, with send, delegation and close.
SMALL, SIZE = 6, 16


class Tree:
    def __init__(self, left, value, right):
        self.left = left
        self.value = value
        self.right = right

    def __iter__(self):
        if self.left:
            yield from self.left
        yield self.value
        if self.right:
            yield from self.right


def balanced(low, high):
    if low >= high:
        return None
    middle = (low + high) // 2
    return Tree(balanced(low, middle), middle, balanced(middle + 1, high))


def average():
    total = count = 0
    value = None
    while True:
        value = yield (total / count if count else None)
        total += value
        count += 1


def numbers(n):
    for i in range(n):
        yield i


def stage(values, k):
    return (value + k for value in values if value % 3 != k)


def work(n):
    size = 1 << n
    tree = balanced(0, size)
    total = sum(tree)
    running = average()
    next(running)
    for i in numbers(size):
        mean = running.send(i)
    running.close()
    stages = numbers(size)
    for k in range(3):
        stages = stage(stages, k)
    squares = sum(value * value for value in stages)
    return total, mean, squares


if __name__ == "__main__":
    print(work(SMALL))
    print(work(SIZE))
