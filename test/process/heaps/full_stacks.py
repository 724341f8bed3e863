# Value stacks that are filled to their last slot, by each kind of instruction that can do so.
import sys

limit = 1


class Named:
    value = 2


instance = Named()


def identity(x):
    return x


def suspended(d):
    yield d.split(b",", limit)
    yield identity(d.split(b",", limit))
    yield identity(d.split(b",", sys.maxsize))
    yield identity(d.split(b",", len(d)))
    yield [1, 2, *d, limit]
    yield {limit: limit, "a": limit}
    yield f"{limit}{limit}"
    yield identity(identity(identity(limit)))
    yield identity(identity(Named.value))
    yield identity(identity(instance.value))
    yield identity(identity(sys.maxsize))


for _ in range(30):
    list(identity(d.split(b",", limit)) for d in [b"a,b"] * 20)
    list(len(d.split(b",", limit)) for d in [b"a,b"] * 20)
    list(identity(limit) for d in range(20))
    list(limit for d in range(20))
    list(Named.value for d in range(20))
    list(instance.value for d in range(20))
    list(sys.maxsize for d in range(20))
    list(identity(Named.value) for d in range(20))
    list(suspended(b"a,b"))
