"""A tour of the heap: an index of a text is built, searched and dropped, and the memory is watched on the way.

Run it with `vitrine --heap examples/tour.py`: the report after the run shows what was left of it.
"""

import sys


TEXT = """
The heap of a Python program is a private place. Objects live in blocks, blocks in pools, pools in arenas, and
arenas are what the operating system sees. A small object that stays alive holds its block; the block holds the
pool; the pool holds the arena. That is why a program that has freed nearly everything can still look large from
outside, and why the last object to die gives back more than its own size.
"""


class Posting:
    """Where a word stands: how often, and on which lines."""

    __slots__ = ("count", "lines")

    def __init__(self):
        self.count = 0
        self.lines = set()

    def note(self, line):
        self.count += 1
        self.lines.add(line)


class Index:
    def __init__(self):
        self.words = {}

    def add(self, text):
        for number, line in enumerate(text.splitlines(), 1):
            for word in line.lower().split():
                word = word.strip(".,;")
                if word not in self.words:
                    self.words[word] = Posting()
                self.words[word].note(number)

    def top(self, n):
        return sorted(self.words.items(), key=lambda item: (-item[1].count, item[0]))[:n]


def blocks():
    return sys.getallocatedblocks()


def show(what, start):
    print(f"{what:<42} {blocks() - start:>8,} blocks more than at the start")


def main():
    start = blocks()
    print("sizes:", ", ".join(f"{v!r} {sys.getsizeof(v)}" for v in (1, 1000, 2**100, 1.5, "a", "é", (), [], {})))
    index = Index()
    for copy in range(50):
        index.add(TEXT)
    show("an index of 50 copies of a text", start)
    for word, posting in index.top(5):
        print(f"  {word:<10} {posting.count:>4} times, on lines {sorted(posting.lines)}")

    numbers = [str(i) for i in range(20_000)]
    show("20,000 small strings", start)
    kept = numbers[::500]
    del numbers
    show("all but every 500th dropped", start)
    print(f"  {len(kept)} strings are left, and each holds a pool: look for them in the map")

    ring = []
    ring.append(ring)
    del ring
    show("a list that holds itself, out of reach", start)
    del index
    show("the index dropped", start)
    return kept


survivors = main()
