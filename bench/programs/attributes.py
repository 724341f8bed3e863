# Attributes and methods of instances.
class Counter:
    step = 2

    def __init__(self):
        self.value = 0

    def advance(self):
        self.value += self.step
        return self


c = Counter()
for _ in range(500_000):
    c.advance().advance()
print(c.value)
