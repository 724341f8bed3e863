# Queens that do not attack each other: permutations by a generator, sets by generator expressions.
SMALL, SIZE = 5, 8


def permutations(items):
    """All orders of a tuple, each a tuple; written out, for the sake of the work."""
    n = len(items)
    indices = list(range(n))
    cycles = list(range(n, 0, -1))
    yield tuple(items)
    while True:
        for i in reversed(range(n)):
            cycles[i] -= 1
            if cycles[i] == 0:
                indices[i:] = indices[i + 1 :] + indices[i : i + 1]
                cycles[i] = n - i
            else:
                j = cycles[i]
                indices[i], indices[-j] = indices[-j], indices[i]
                yield tuple(items[k] for k in indices)
                break
        else:
            return


def queens(n):
    columns = range(n)
    for order in permutations(tuple(columns)):
        if n == len({order[i] + i for i in columns}) == len({order[i] - i for i in columns}):
            yield order


def work(n):
    found = list(queens(n))
    return len(found), "".join(map(str, found[-1]))


if __name__ == "__main__":
    print(work(SMALL))
    print(work(SIZE))
