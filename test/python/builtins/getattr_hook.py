# __getattr__ beside what finds attributes: when it is asked, with what, and what is passed on.
import sys


class Hook:
    here = "in the class"

    def __getattr__(self, name):
        return "asked", name, sys.exception()

    @property
    def missing(self):
        raise AttributeError("from the property")

    @property
    def wrong(self):
        raise ValueError("from the property")


hook = Hook()
hook.there = "in the instance"
print(hook.here, hook.there, hook.nowhere, hook.missing)
try:
    hook.wrong
except ValueError as error:
    print(repr(error), error.__context__)
try:
    raise KeyError("around")
except KeyError:
    print(hook.nowhere)
print(hasattr(hook, "x"), getattr(hook, "x", None))


class Refusing:
    def __getattr__(self, name):
        raise AttributeError(name)


refusing = Refusing()
try:
    refusing.x
except AttributeError as error:
    print(repr(error), error.name, error.obj is refusing, error.__context__)


class Both(Hook):
    def __getattribute__(self, name):
        if name == "secret":
            raise AttributeError("no secrets")
        if name == "broken":
            raise KeyError(name)
        return super().__getattribute__(name)


both = Both()
print(both.here, both.secret, both.nowhere)
try:
    both.broken
except KeyError as error:
    print(repr(error))


# The hook that was found is the one that is asked, though it is gone by then.
class Going:
    def __getattr__(self, name):
        return "still asked"

    @property
    def last(self):
        del Going.__getattr__
        raise AttributeError("last")


going = Going()
print(going.last)
try:
    going.nowhere
except AttributeError as error:
    print(error)


class Descriptor:
    def __get__(self, instance, owner):
        print("bound to", type(instance).__name__, owner.__name__)
        return lambda name: ("by a descriptor", name)


class Bound:
    __getattr__ = Descriptor()


class Static:
    __getattr__ = staticmethod(lambda name: ("static", name))


class Failing:
    class Broken:
        def __get__(self, instance, owner):
            raise RuntimeError("not to be bound")

    __getattr__ = Broken()


print(Bound().x, Static().x)
try:
    Failing().x
except RuntimeError as error:
    print(repr(error))
