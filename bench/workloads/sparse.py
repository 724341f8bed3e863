# A sparse matrix in compressed rows, times a vector, again and again: lists, indices from lists. With arrays of module
# array besides.
from array import array

SMALL, SIZE = 20, 6000


def multiply(y, values, starts, columns, x, rounds):
    for _ in range(rounds):
        for row in range(len(y)):
            total = 0.0
            for i in range(starts[row], starts[row + 1]):
                total += x[columns[i]] * values[i]
            y[row] = total


def work(n):
    entries = 5
    values = [((i * 31) % 17) / 17 for i in range(n * entries)]
    starts = [i * entries for i in range(n + 1)]
    columns = [(i * 7 + (i // entries) * 3) % n for i in range(n * entries)]
    x = [((i * 5) % 11) / 11 for i in range(n)]
    y = [0.0] * n
    multiply(y, values, starts, columns, x, 12)
    z = array("d", bytes(8 * n))
    multiply(z, array("d", values), array("i", starts), array("i", columns), array("d", x), 12)
    return f"{sum(y):.6f} {sum(z):.6f}", list(z) == y


if __name__ == "__main__":
    print(work(SMALL))
    print(work(SIZE))
