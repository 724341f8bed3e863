# The largest singular value of an infinite matrix, by the power method: calls, floats, generator expressions.
SMALL, SIZE = 8, 140


def element(i, j):
    return 1.0 / ((i + j) * (i + j + 1) // 2 + i + 1)


def times(v):
    return [sum(element(i, j) * x for j, x in enumerate(v)) for i in range(len(v))]


def transposed_times(v):
    return [sum(element(j, i) * x for j, x in enumerate(v)) for i in range(len(v))]


def work(n):
    u = [1.0] * n
    for _ in range(8):
        v = transposed_times(times(u))
        u = transposed_times(times(v))
    vbv = sum(a * b for a, b in zip(u, v))
    vv = sum(b * b for b in v)
    return f"{(vbv / vv) ** 0.5:.9f}"


if __name__ == "__main__":
    print(work(SMALL))
    print(work(SIZE))
