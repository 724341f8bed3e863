# A puzzle on a board of hexagons: tiles with numbers, each the count of its neighbours, are placed by a search with
# propagation. Lists of lists, loops over small ints, recursion.
SMALL, SIZE = 1, 100

FREE = 7  # as a tile: nothing is on the cell


def board(radius):
    """The cells of a hexagon, and the neighbours of each."""
    cells = [
        (x, y)
        for y in range(-radius + 1, radius)
        for x in range(-radius + 1, radius)
        if abs(x + y) < radius
    ]
    places = {cell: i for i, cell in enumerate(cells)}
    around = [(1, 0), (0, 1), (-1, 1), (-1, 0), (0, -1), (1, -1)]
    neighbours = [[places[x + dx, y + dy] for dx, dy in around if (x + dx, y + dy) in places] for x, y in cells]
    return cells, neighbours


class Puzzle:
    def __init__(self, radius, filled):
        self.cells, self.neighbours = board(radius)
        count = len(self.cells)
        self.tiles = [0] * (FREE + 1)
        for i in range(count):
            if filled[i]:
                self.tiles[sum(filled[j] for j in self.neighbours[i])] += 1
            else:
                self.tiles[FREE] += 1
        self.steps = 0

    def possible(self, choices, i):
        """Whether what is known around a cell leaves room for one of its tiles; takes away those that cannot be."""
        full = unknown = 0
        for j in self.neighbours[i]:
            options = choices[j]
            if options == [FREE]:
                continue
            if FREE in options:
                unknown += 1
            else:
                full += 1
        options = [v for v in choices[i] if v == FREE or full <= v <= full + unknown]
        if not options:
            return False
        if len(options) != len(choices[i]):
            choices[i] = options
            for j in self.neighbours[i]:
                if not self.possible(choices, j):
                    return False
        return True

    def enough(self, choices):
        used = [0] * (FREE + 1)
        could = [0] * (FREE + 1)
        for options in choices:
            if len(options) == 1:
                used[options[0]] += 1
            for v in options:
                could[v] += 1
        for v in range(FREE + 1):
            if used[v] > self.tiles[v] or could[v] < self.tiles[v]:
                return None
        return used

    def solve(self, choices, limit):
        self.steps += 1
        if self.steps > limit:
            return None
        used = self.enough(choices)
        if used is None:
            return None
        best = -1
        for i, options in enumerate(choices):
            if len(options) > 1:
                left = [v for v in options if used[v] < self.tiles[v]]
                if not left:
                    return None
                if best < 0 or len(left) < fewest:
                    best, fewest, order = i, len(left), left
        if best < 0:
            return [options[0] for options in choices]
        for v in reversed(order):
            copy = [options[:] for options in choices]
            copy[best] = [v]
            if self.possible(copy, best) and all(self.possible(copy, j) for j in self.neighbours[best]):
                found = self.solve(copy, limit)
                if found is not None:
                    return found
        return None


def work(n):
    answers = []
    for k in range(n):
        count = len(board(3)[0])
        filled = [(i * (k + 3) + i * i) % 5 < 3 for i in range(count)]
        puzzle = Puzzle(3, filled)
        start = [[v for v in range(FREE + 1) if puzzle.tiles[v]] for _ in range(count)]
        solution = puzzle.solve(start, 60)
        answers.append((puzzle.steps, "".join(map(str, solution)) if solution else "-"))
    return sum(steps for steps, _ in answers), answers[0][1], answers[-1][1]


if __name__ == "__main__":
    print(work(SMALL))
    print(work(SIZE))
