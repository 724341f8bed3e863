# The game of Go on a small board, played at random to its end: groups joined by union and find, liberties counted,
# captures. Objects that refer to each other, lists, sets.
import random

SMALL, SIZE = 1, 160

WIDTH = 9
EMPTY, BLACK, WHITE = 0, 1, 2


class Square:
    def __init__(self, board, position):
        self.board = board
        self.position = position
        self.color = EMPTY
        self.leader = self
        self.stones = set()
        self.liberties = set()

    def link(self):
        x, y = self.position % WIDTH, self.position // WIDTH
        self.neighbours = [
            self.board.squares[y2 * WIDTH + x2]
            for x2, y2 in ((x - 1, y), (x + 1, y), (x, y - 1), (x, y + 1))
            if 0 <= x2 < WIDTH and 0 <= y2 < WIDTH
        ]

    def find(self):
        square = self
        while square.leader is not square:
            square.leader = square.leader.leader
            square = square.leader
        return square

    def put(self, color):
        self.color = color
        self.leader = self
        self.stones = {self.position}
        self.liberties = {s.position for s in self.neighbours if s.color == EMPTY}
        taken = 0
        for neighbour in self.neighbours:
            if neighbour.color == EMPTY:
                continue
            leader = neighbour.find()
            leader.liberties.discard(self.position)
            if neighbour.color == color:
                self.find().join(leader)
            elif not leader.liberties:
                taken += leader.capture()
        return taken

    def join(self, other):
        if self is other:
            return
        other.leader = self
        self.stones |= other.stones
        self.liberties |= other.liberties

    def capture(self):
        squares = self.board.squares
        stones = self.stones
        for position in stones:
            square = squares[position]
            square.color = EMPTY
            square.leader = square
        for position in stones:
            for neighbour in squares[position].neighbours:
                if neighbour.color != EMPTY:
                    neighbour.find().liberties.add(position)
        self.board.empty.extend(sorted(stones))
        return len(stones)


class Board:
    def __init__(self, rng):
        self.rng = rng
        self.squares = [Square(self, i) for i in range(WIDTH * WIDTH)]
        for square in self.squares:
            square.link()
        self.empty = list(range(WIDTH * WIDTH))
        self.captured = [0, 0, 0]
        self.ko = -1

    def useful(self, position, color):
        square = self.squares[position]
        if position == self.ko:
            return False
        own = others = 0
        for neighbour in square.neighbours:
            if neighbour.color == EMPTY:
                return True
            liberties = len(neighbour.find().liberties)
            if neighbour.color == color:
                own += 1
                if liberties > 1 and others == 0 and own < len(square.neighbours):
                    continue
            else:
                others += 1
                if liberties == 1:
                    return True
        if own == len(square.neighbours):
            return False
        return any(n.color == color and len(n.find().liberties) > 1 for n in square.neighbours)

    def choose(self, color):
        empty = self.empty
        left = len(empty)
        while left:
            i = self.rng.randrange(left)
            position = empty[i]
            if self.useful(position, color):
                empty[i] = empty[-1]
                empty.pop()
                return position
            left -= 1
            empty[i], empty[left] = empty[left], empty[i]
        return -1

    def play(self):
        color, passes, moves = BLACK, 0, 0
        while passes < 2 and moves < 3 * WIDTH * WIDTH:
            position = self.choose(color)
            moves += 1
            if position < 0:
                passes += 1
            else:
                passes = 0
                before = len(self.empty)
                taken = self.squares[position].put(color)
                self.captured[color] += taken
                self.ko = self.empty[-1] if taken == 1 and len(self.empty) == before + 1 else -1
            color = BLACK + WHITE - color
        return moves

    def score(self):
        total = 0
        for square in self.squares:
            color = square.color
            if color == EMPTY:
                colors = {n.color for n in square.neighbours}
                color = colors.pop() if len(colors) == 1 else EMPTY
            total += (color == BLACK) - (color == WHITE)
        return total


def work(n):
    rng = random.Random(7)
    results = []
    for _ in range(n):
        board = Board(rng)
        moves = board.play()
        results.append((moves, board.score(), sum(board.captured)))
    return sum(m for m, _, _ in results), sum(s for _, s, _ in results), sum(c for _, _, c in results)


if __name__ == "__main__":
    print(work(SMALL))
    print(work(SIZE))
