"""A program for the disassembler and the .pyc writer."""
import os.path as path
from collections import deque, namedtuple as nt


class Stack[T]:
    """Last in, first out."""

    limit: int = 10**6

    def __init__(self, *items, name="stack", **options):
        super().__init__()
        self.items = deque(items)
        self.__name = f"{name!r:>{10}}"

    def each(self, f):
        for item in self.items:
            try:
                yield f(item)
            except (KeyError, ValueError) as e:
                raise RuntimeError("bad item") from e
            finally:
                self.seen = item

    @property
    def big(self):
        return [x for x in self.items if x is not None and x > 1.5 or x in {1, 2}]


async def read(source, /, size=-1, *, retry: bool = True) -> bytes:
    async with source as s:
        async for chunk in s:
            if chunk is None and not retry:
                return b""
            await chunk
    total = size // 2 + (size << 3) ** 2
    return lambda: (total, 1e100, -0.0, 2j, "é", "\ud800", 12345678901234567890, ..., (1, (2,)))


match path:
    case {"a": [1, *rest], **other} if rest:
        print(rest, other)
    case Stack(limit=n) | n:
        del n
while False:
    pass
else:
    x = not path
