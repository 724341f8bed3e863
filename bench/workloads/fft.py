# The fast Fourier transform and its inverse, in place on a list of real and imaginary parts: floats, indices.
import math

SMALL, SIZE = 4, 14


def transform(data, sign):
    n = len(data) // 2
    j = 0
    for i in range(n - 1):
        if i < j:
            a, b = 2 * i, 2 * j
            data[a], data[b] = data[b], data[a]
            data[a + 1], data[b + 1] = data[b + 1], data[a + 1]
        half = n >> 1
        while half <= j:
            j -= half
            half >>= 1
        j += half
    step = 1
    while step < n:
        angle = sign * math.pi / step
        turn_real = -2.0 * math.sin(angle / 2) ** 2
        turn_imaginary = math.sin(angle)
        real, imaginary = 1.0, 0.0
        for k in range(step):
            for i in range(2 * k, 2 * n, 4 * step):
                j = i + 2 * step
                x = data[j]
                y = data[j + 1]
                u = real * x - imaginary * y
                v = real * y + imaginary * x
                data[j] = data[i] - u
                data[j + 1] = data[i + 1] - v
                data[i] += u
                data[i + 1] += v
            real, imaginary = (
                real + real * turn_real - imaginary * turn_imaginary,
                imaginary + imaginary * turn_real + real * turn_imaginary,
            )
        step *= 2


def work(n):
    size = 1 << n
    data = [((i * 7919) % 1000) / 1000 for i in range(2 * size)]
    copy = data[:]
    transform(data, 1)
    middle = data[3]
    transform(data, -1)
    error = max(abs(a / size - b) for a, b in zip(data, copy))
    return f"{middle:.6f}", error < 1e-9


if __name__ == "__main__":
    print(work(SMALL))
    print(work(SIZE))
