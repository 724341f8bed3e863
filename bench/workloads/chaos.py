# A fractal drawn by chance: points of splines, each moved by one of several transformations chosen at random.
import math
import random

SMALL, SIZE = 100, 10000


class Point:
    def __init__(self, x, y):
        self.x = x
        self.y = y

    def __add__(self, other):
        return Point(self.x + other.x, self.y + other.y)

    def scaled(self, factor):
        return Point(self.x * factor, self.y * factor)

    def distance(self, other):
        dx = self.x - other.x
        dy = self.y - other.y
        return math.sqrt(dx * dx + dy * dy)


class Spline:
    """A uniform spline of the third degree, by de Boor's algorithm."""

    degree = 3

    def __init__(self, points):
        self.points = points
        n = len(points)
        self.knots = [0.0] * 3 + [float(i) for i in range(n - 2)] + [n - 3.0] * 3

    def domain(self):
        return self.knots[self.degree], self.knots[len(self.knots) - self.degree - 1]

    def __call__(self, u):
        low, high = self.domain()
        last = len(self.points) - 1
        k = self.degree
        while k < last and self.knots[k + 1] <= u:
            k += 1
        d = [self.points[j + k - self.degree] for j in range(self.degree + 1)]
        for r in range(1, self.degree + 1):
            for j in range(self.degree, r - 1, -1):
                left = self.knots[j + k - self.degree]
                right = self.knots[j + 1 + k - r]
                alpha = (u - left) / (right - left) if right != left else 0.0
                d[j] = d[j - 1].scaled(1.0 - alpha) + d[j].scaled(alpha)
        return d[self.degree]


def work(n):
    rng = random.Random(1234)
    splines = [
        Spline([Point(1.0 + i * 0.3 + 0.2 * s, 1.0 + (i * i * (s + 2)) % 7 * 0.4) for i in range(6)]) for s in range(3)
    ]
    width = height = 64
    image = [[0] * width for _ in range(height)]
    point = Point(0.5, 0.5)
    for _ in range(n):
        spline = splines[rng.randrange(3)]
        low, high = spline.domain()
        x = min(max(point.x, 0.0), 1.0)
        base = spline(low + (high - low) * x)
        ahead = spline(min(low + (high - low) * x + 1 / 500, high))
        length = base.distance(ahead) or 1.0
        bend = (point.y - 0.5) * 4.0
        moved = base + Point((ahead.y - base.y) / length * bend, -(ahead.x - base.x) / length * bend)
        point = Point(moved.x * 0.7 % 1.0, moved.y * 0.7 % 1.0)
        image[int(point.y * height)][int(point.x * width)] += 1
    return sum(map(bool, sum(image, []))), sum((i % 251) * v for i, v in enumerate(sum(image, []))) % 1000003


if __name__ == "__main__":
    print(work(SMALL))
    print(work(SIZE))
