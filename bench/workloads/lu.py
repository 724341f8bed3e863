# A matrix made into two triangles, with pivoting: loops over rows of lists of floats.
SMALL, SIZE = 6, 180


def factor(a):
    n = len(a)
    pivots = []
    for j in range(n):
        p = j
        most = abs(a[j][j])
        for i in range(j + 1, n):
            if abs(a[i][j]) > most:
                most = abs(a[i][j])
                p = i
        pivots.append(p)
        if p != j:
            a[p], a[j] = a[j], a[p]
        inverse = 1.0 / a[j][j]
        for i in range(j + 1, n):
            a[i][j] *= inverse
        row = a[j]
        for i in range(j + 1, n):
            other = a[i]
            times = other[j]
            for k in range(j + 1, n):
                other[k] -= times * row[k]
    return pivots


def work(n):
    a = [[((i * 37 + j * 101 + i * j) % 97) / 97 + (2.0 if i == j else 0.0) for j in range(n)] for i in range(n)]
    pivots = factor(a)
    product = 1.0
    for i in range(n):
        product *= a[i][i]
    return f"{product:.6e}", sum(i * p for i, p in enumerate(pivots))


if __name__ == "__main__":
    print(work(SMALL))
    print(work(SIZE))
