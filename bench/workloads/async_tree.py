# A tree of tasks under asyncio: each waits for its children, some for a turn of the loop, some for what is remembered.
import asyncio

SMALL, SIZE = 2, 5

BRANCHES = 6


class Leaves:
    def __init__(self):
        self.remembered = {}
        self.waited = 0

    async def leaf(self, key):
        if key % 2:
            await asyncio.sleep(0)
            self.waited += 1
            return key % 7
        value = self.remembered.get(key % 10)
        if value is None:
            await asyncio.sleep(0)
            value = self.remembered[key % 10] = key % 10
        return value

    async def branch(self, depth, key):
        if depth == 0:
            return await self.leaf(key)
        return sum(await asyncio.gather(*[self.branch(depth - 1, key * BRANCHES + i) for i in range(BRANCHES)]))

    async def grouped(self, depth, key):
        if depth == 0:
            return await self.leaf(key)
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(self.grouped(depth - 1, key * BRANCHES + i)) for i in range(BRANCHES)]
        return sum(task.result() for task in tasks)


def work(n):
    leaves = Leaves()
    first = asyncio.run(leaves.branch(n, 1))
    second = asyncio.run(leaves.grouped(n - 1, 1))
    return first, second, leaves.waited


if __name__ == "__main__":
    print(work(SMALL))
    print(work(SIZE))
