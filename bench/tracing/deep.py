"""Allocates far down: 200 calls deep."""


def down(n):
    if n:
        return down(n - 1)
    return sum(len([i]) for i in [[i] for i in range(200000)])


print(sum(down(200) for _ in range(5)))
