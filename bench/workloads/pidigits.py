# Digits of pi, one after the other, by a spigot: integers of any size.
SMALL, SIZE = 30, 1400


def digits():
    q, r, t, k, n, l = 1, 0, 1, 1, 3, 3
    while True:
        if 4 * q + r - t < n * t:
            yield n
            q, r, n = 10 * q, 10 * (r - n * t), 10 * (3 * q + r) // t - 10 * n
        else:
            q, r, t, n = q * k, (2 * q + r) * l, t * l, (q * (7 * k + 2) + r * l) // (t * l)
            k += 1
            l += 2


def work(n):
    found = []
    for digit in digits():
        found.append(digit)
        if len(found) == n:
            break
    return sum((i + 1) * d for i, d in enumerate(found)), "".join(map(str, found[-12:]))


if __name__ == "__main__":
    print(work(SMALL))
    print(work(SIZE))
