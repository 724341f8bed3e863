# Successive over-relaxation of a grid: each cell from its four neighbours. Lists of lists of floats.
SMALL, SIZE = 6, 280


def relax(omega, grid, rounds):
    height, width = len(grid), len(grid[0])
    quarter = omega * 0.25
    keep = 1.0 - omega
    for _ in range(rounds):
        for i in range(1, height - 1):
            above = grid[i - 1]
            row = grid[i]
            below = grid[i + 1]
            for j in range(1, width - 1):
                row[j] = quarter * (above[j] + below[j] + row[j - 1] + row[j + 1]) + keep * row[j]


def work(n):
    grid = [[float((i * 13 + j * 7) % 10) for j in range(n)] for i in range(n)]
    relax(1.25, grid, 15)
    return f"{sum(map(sum, grid)):.6f} {grid[n // 2][n // 3]:.9f}"


if __name__ == "__main__":
    print(work(SMALL))
    print(work(SIZE))
