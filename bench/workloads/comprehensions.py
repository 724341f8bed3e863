# Lists, sets, dicts and generators by comprehension, over objects: filters, nesting, sorting by key.
SMALL, SIZE = 10, 14000


class Widget:
    def __init__(self, number):
        self.number = number
        self.kind = number % 5
        self.creator = f"user{number % 13}"
        self.tags = [number % 3, number % 7]


def work(n):
    widgets = [Widget(i) for i in range(n)]
    total = 0
    for kind in range(30):
        chosen = [w for w in widgets if w.kind == kind % 5]
        by_number = {w.number: w for w in chosen}
        creators = sorted({w.creator for w in chosen})
        tags = [tag for w in chosen for tag in w.tags if tag]
        counts = {creator: sum(1 for w in chosen if w.creator == creator) for creator in creators[:4]}
        total += len(by_number) + sum(tags) + len(creators) + sum(counts.values())
        total += sum(w.number for w in sorted(chosen, key=lambda w: (w.tags[1], -w.number))[:5])
        total += any(w.number > n for w in widgets) + all(w.tags for w in widgets)
    return total


if __name__ == "__main__":
    print(work(SMALL))
    print(work(SIZE))
