# Pi by points at random, from a generator of random numbers written here: a method, ints in a list, floats.
SMALL, SIZE = 100, 200000


class Generator:
    """Numbers by subtraction of earlier ones, modulo a power of two."""

    MODULUS = 1 << 31

    def __init__(self, seed):
        self.table = []
        for _ in range(17):
            seed = (seed * 9069 + 13) % self.MODULUS
            self.table.append(seed)
        self.i = 4
        self.j = 16
        self.scale = 1.0 / self.MODULUS

    def next(self):
        table = self.table
        k = table[self.i] - table[self.j]
        if k < 0:
            k += self.MODULUS
        table[self.j] = k
        self.i = self.i - 1 if self.i else 16
        self.j = self.j - 1 if self.j else 16
        return k * self.scale


def work(n):
    generator = Generator(113)
    inside = 0
    for _ in range(n):
        x = generator.next()
        y = generator.next()
        if x * x + y * y <= 1.0:
            inside += 1
    return inside, f"{4.0 * inside / n:.4f}"


if __name__ == "__main__":
    print(work(SMALL))
    print(work(SIZE))
