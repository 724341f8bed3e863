# Small objects made and dropped, some kept for a while.
class Point:
    def __init__(self, x, y):
        self.x = x
        self.y = y


kept = [None] * 1000
total = 0
for i in range(400_000):
    p = Point(i, [i])
    total += p.x + len(p.y)
    kept[i % 1000] = p
print(total, len(kept))
