# Coroutines without an event loop: awaits that never wait, chains of them, and a scheduler that goes round.
SMALL, SIZE = 8, 25


async def fibonacci(n):
    if n <= 1:
        return n
    return await fibonacci(n - 1) + await fibonacci(n - 2)


class Turn:
    def __await__(self):
        yield self


async def worker(number, rounds, results):
    total = 0
    for i in range(rounds):
        await Turn()
        total += number * i
    results.append(total)


async def counted(n):
    for i in range(n):
        yield i
        if i % 4 == 0:
            await Turn()


async def consume(n, results):
    results.append(sum([i async for i in counted(n)]))


def run(coroutines):
    waiting = list(coroutines)
    turns = 0
    while waiting:
        still = []
        for coroutine in waiting:
            try:
                coroutine.send(None)
                turns += 1
                still.append(coroutine)
            except StopIteration:
                pass
        waiting = still
    return turns


def work(n):
    try:
        fibonacci(n).send(None)
    except StopIteration as stop:
        number = stop.value
    results = []
    turns = run(worker(i, n * 70, results) for i in range(n * 3))
    turns += run(consume(n * 100, results) for i in range(n // 2))
    return number, turns, sum(results)


if __name__ == "__main__":
    print(work(SMALL))
    print(work(SIZE))
