# Bodies that attract each other, by a symplectic integrator: floats in lists, unpacking.
SMALL, SIZE = 50, 25000

SUN = 39.47841760435743


def bodies():
    result = [([0.0, 0.0, 0.0], [0.0, 0.0, 0.0], SUN)]
    for i in range(1, 5):
        radius = 1.7 * i + 0.3 * i * i
        speed = (SUN / radius) ** 0.5
        result.append(([radius, 0.1 * i, -0.05 * i], [0.01 * i, speed, 0.02 * i], SUN * 0.001 / i))
    return result


def advance(pairs, system, dt, steps):
    for _ in range(steps):
        for (r1, v1, m1), (r2, v2, m2) in pairs:
            x1, y1, z1 = r1
            x2, y2, z2 = r2
            dx = x1 - x2
            dy = y1 - y2
            dz = z1 - z2
            scale = dt * (dx * dx + dy * dy + dz * dz) ** -1.5
            a = m1 * scale
            b = m2 * scale
            v1[0] -= dx * b
            v1[1] -= dy * b
            v1[2] -= dz * b
            v2[0] += dx * a
            v2[1] += dy * a
            v2[2] += dz * a
        for r, (vx, vy, vz), _m in system:
            r[0] += dt * vx
            r[1] += dt * vy
            r[2] += dt * vz


def energy(pairs, system):
    e = 0.0
    for (r1, _, m1), (r2, _, m2) in pairs:
        e -= m1 * m2 / sum((a - b) ** 2 for a, b in zip(r1, r2)) ** 0.5
    for _, v, m in system:
        e += m * sum(a * a for a in v) / 2
    return e


def work(n):
    system = bodies()
    pairs = [(a, b) for i, a in enumerate(system) for b in system[i + 1 :]]
    before = energy(pairs, system)
    advance(pairs, system, 0.01, n)
    return f"{before:.6f} {energy(pairs, system):.6f}"


if __name__ == "__main__":
    print(work(SMALL))
    print(work(SIZE))
