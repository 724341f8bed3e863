# How many reversals of a head bring the 1 of a permutation to its front, over so many permutations of nine: slices of
# lists, ints.
SMALL, SIZE = 100, 110000


def flip(n, permutations):
    permutation = list(range(n))
    count = [0] * n
    checksum = most = 0
    sign = 1
    r = n
    while True:
        while r != 1:
            count[r - 1] = r
            r -= 1
        first = permutation[0]
        if first:
            flips = 1
            copy = permutation[:]
            while copy[first]:
                copy[: first + 1] = copy[first::-1]
                first = copy[0]
                flips += 1
            if flips > most:
                most = flips
            checksum += sign * flips
        sign = -sign
        permutations -= 1
        r = 1
        while True:
            if r == n or permutations == 0:
                return checksum, most
            permutation.insert(r, permutation.pop(0))
            count[r] -= 1
            if count[r] > 0:
                break
            r += 1


def work(n):
    return flip(9, n)


if __name__ == "__main__":
    print(work(SMALL))
    print(work(SIZE))
