# Bodies in a plane that attract each other, the far ones taken together by a tree of quadrants: a tree built anew at each
# step, recursion, floats in attributes.
import random

SMALL, SIZE = 12, 700

THETA = 0.6
STEPS = 3


class Body:
    def __init__(self, x, y, mass):
        self.x = x
        self.y = y
        self.vx = 0.0
        self.vy = 0.0
        self.mass = mass


class Quad:
    """A square of the plane: empty, with one body, or divided into four."""

    def __init__(self, x, y, half):
        self.x = x
        self.y = y
        self.half = half
        self.mass = 0.0
        self.cx = 0.0
        self.cy = 0.0
        self.body = None
        self.parts = None

    def part_of(self, body):
        return (1 if body.x >= self.x else 0) + (2 if body.y >= self.y else 0)

    def divide(self):
        half = self.half / 2
        self.parts = [
            Quad(self.x + (half if i & 1 else -half), self.y + (half if i & 2 else -half), half) for i in range(4)
        ]

    def add(self, body, depth=0):
        mass = self.mass + body.mass
        self.cx = (self.cx * self.mass + body.x * body.mass) / mass
        self.cy = (self.cy * self.mass + body.y * body.mass) / mass
        self.mass = mass
        if self.parts is None:
            if self.body is None:
                self.body = body
                return
            if depth > 30:
                return
            self.divide()
            old, self.body = self.body, None
            self.parts[self.part_of(old)].add(old, depth + 1)
        self.parts[self.part_of(body)].add(body, depth + 1)

    def force(self, body):
        if self.mass == 0.0 or self.body is body:
            return 0.0, 0.0
        dx = self.cx - body.x
        dy = self.cy - body.y
        distance = (dx * dx + dy * dy + 0.01) ** 0.5
        if self.parts is None or 2 * self.half < THETA * distance:
            f = self.mass / (distance * distance * distance)
            return f * dx, f * dy
        fx = fy = 0.0
        for part in self.parts:
            x, y = part.force(body)
            fx += x
            fy += y
        return fx, fy


def step(bodies, dt):
    size = max(max(abs(b.x), abs(b.y)) for b in bodies) + 1.0
    tree = Quad(0.0, 0.0, size)
    for body in bodies:
        tree.add(body)
    for body in bodies:
        fx, fy = tree.force(body)
        body.vx += fx * dt
        body.vy += fy * dt
    for body in bodies:
        body.x += body.vx * dt
        body.y += body.vy * dt


def work(n):
    rng = random.Random(42)
    bodies = [Body(rng.uniform(-10, 10), rng.uniform(-10, 10), rng.uniform(0.5, 2)) for _ in range(n)]
    for _ in range(STEPS):
        step(bodies, 0.05)
    return f"{sum(b.x for b in bodies):.6f} {sum(b.y for b in bodies):.6f}"


if __name__ == "__main__":
    print(work(SMALL))
    print(work(SIZE))
