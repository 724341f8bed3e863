# Rays into a scene of spheres over a chequered plane, with shadows and reflection: many small objects, operators of
# classes, floats.
SMALL, SIZE = 4, 80

EPSILON = 1e-5


class Vector:
    __slots__ = ("x", "y", "z")

    def __init__(self, x, y, z):
        self.x = x
        self.y = y
        self.z = z

    def __add__(self, other):
        return Vector(self.x + other.x, self.y + other.y, self.z + other.z)

    def __sub__(self, other):
        return Vector(self.x - other.x, self.y - other.y, self.z - other.z)

    def __mul__(self, factor):
        return Vector(self.x * factor, self.y * factor, self.z * factor)

    def dot(self, other):
        return self.x * other.x + self.y * other.y + self.z * other.z

    def length(self):
        return self.dot(self) ** 0.5

    def normalized(self):
        return self * (1.0 / self.length())

    def reflected(self, normal):
        return self - normal * (2.0 * self.dot(normal))


class Ray:
    def __init__(self, origin, direction):
        self.origin = origin
        self.direction = direction.normalized()

    def at(self, t):
        return self.origin + self.direction * t


class Sphere:
    def __init__(self, center, radius, surface):
        self.center = center
        self.radius = radius
        self.surface = surface

    def meets(self, ray):
        to = self.center - ray.origin
        along = to.dot(ray.direction)
        rest = self.radius * self.radius - (to.dot(to) - along * along)
        if rest < 0:
            return None
        return along - rest**0.5

    def normal(self, point):
        return (point - self.center).normalized()


class Plane:
    def __init__(self, height, surface):
        self.height = height
        self.surface = surface
        self.up = Vector(0.0, 1.0, 0.0)

    def meets(self, ray):
        slope = ray.direction.y
        if abs(slope) < EPSILON:
            return None
        return (self.height - ray.origin.y) / slope

    def normal(self, point):
        return self.up


class Plain:
    def __init__(self, color, shine):
        self.color = color
        self.shine = shine

    def color_at(self, point):
        return self.color


class Chequered(Plain):
    def color_at(self, point):
        return self.color if (int(point.x + 100) + int(point.z + 100)) % 2 else (0.1, 0.1, 0.1)


class Scene:
    def __init__(self):
        self.things = [Plane(-1.0, Chequered((0.9, 0.9, 0.8), 0.1))]
        for i in range(5):
            center = Vector(i * 1.3 - 2.6, 0.3 * (i % 2), 5.0 + i * 0.4)
            self.things.append(Sphere(center, 0.6 + 0.1 * i, Plain((0.2 * i, 0.5, 1.0 - 0.2 * i), 0.3)))
        self.lights = [Vector(-5.0, 8.0, 0.0), Vector(6.0, 6.0, -2.0)]

    def nearest(self, ray):
        best = None
        found = None
        for thing in self.things:
            t = thing.meets(ray)
            if t is not None and t > EPSILON and (best is None or t < best):
                best = t
                found = thing
        return found, best

    def lit(self, point, light):
        to = light - point
        distance = to.length()
        ray = Ray(point, to)
        for thing in self.things:
            t = thing.meets(ray)
            if t is not None and EPSILON < t < distance:
                return False
        return True

    def trace(self, ray, depth):
        thing, t = self.nearest(ray)
        if thing is None:
            return (0.4, 0.6, 0.9)
        point = ray.at(t)
        normal = thing.normal(point)
        surface = thing.surface
        brightness = 0.2
        for light in self.lights:
            if self.lit(point, light):
                brightness += max(0.0, (light - point).normalized().dot(normal)) * 0.4
        r, g, b = surface.color_at(point)
        if depth:
            r2, g2, b2 = self.trace(Ray(point, ray.direction.reflected(normal)), depth - 1)
            keep, add = 1.0 - surface.shine, surface.shine
            return (
                r * brightness * keep + r2 * add,
                g * brightness * keep + g2 * add,
                b * brightness * keep + b2 * add,
            )
        return r * brightness, g * brightness, b * brightness


def work(n):
    scene = Scene()
    eye = Vector(0.0, 0.5, -2.0)
    total = 0
    for row in range(n):
        for column in range(n):
            direction = Vector((column + 0.5) / n * 2.0 - 1.0, 1.0 - (row + 0.5) / n * 2.0, 2.0)
            r, g, b = scene.trace(Ray(eye, direction), 2)
            total += int(r * 255) * 3 + int(g * 255) * 5 + int(b * 255) * 7
    return total


if __name__ == "__main__":
    print(work(SMALL))
    print(work(SIZE))
