# The module _abc, under a metaclass that does what abc.ABCMeta does.
import _abc
import gc
import sys


def show(what, *args, **kw):
    try:
        print(what(*args, **kw))
    except Exception as e:
        print(type(e).__name__, e)


class Meta(type):
    def __new__(mcls, name, bases, namespace, /, **kw):
        cls = super().__new__(mcls, name, bases, namespace, **kw)
        _abc._abc_init(cls)
        return cls

    def register(cls, subclass):
        return _abc._abc_register(cls, subclass)

    def __instancecheck__(cls, instance):
        return _abc._abc_instancecheck(cls, instance)

    def __subclasscheck__(cls, subclass):
        return _abc._abc_subclasscheck(cls, subclass)


def abstract(f):
    f.__isabstractmethod__ = True
    return f


class A(metaclass=Meta):
    @abstract
    def f(self):
        pass

    @abstract
    def g(self):
        pass


class B(A):
    def f(self):
        pass


class C(B):
    def g(self):
        pass


print(sorted(A.__abstractmethods__), sorted(B.__abstractmethods__), sorted(C.__abstractmethods__))
show(A)
show(B)
print(type(C()).__name__, isinstance(C(), A), issubclass(C, A), issubclass(A, C), isinstance(5, A), isinstance(5, A), issubclass(int, A))
token = _abc.get_cache_token()
print(A.register(int), isinstance(5, A), issubclass(bool, A), isinstance(True, A), issubclass(str, A), _abc.get_cache_token() - token)
print(A.register(int), _abc.get_cache_token() - token, A.register(C))
show(A.register, 5)
show(C.register, A)
show(issubclass, 5, A)
registry, cache, negative, version = _abc._get_dump(A)
print(sorted(r().__name__ for r in registry), sorted(r().__name__ for r in cache), sorted(r().__name__ for r in negative), version == _abc.get_cache_token())
print([len(s) for s in _abc._get_dump(B)[:3]])


class D(metaclass=Meta):
    pass


class E(D):
    pass


class F:
    pass


E.register(F)
print(issubclass(F, D), isinstance(F(), D), isinstance(F(), E))


class Hook(metaclass=Meta):
    answer = NotImplemented

    @classmethod
    def __subclasshook__(cls, other):
        return cls.answer


for answer in (NotImplemented, True, False, 5):
    Hook.answer = answer
    _abc._reset_caches(Hook)
    show(issubclass, F, Hook)
    show(isinstance, F(), Hook)
Hook.answer = NotImplemented
_abc._reset_caches(Hook)
Hook.register(F)
print(issubclass(F, Hook))
_abc._reset_registry(Hook)
_abc._reset_caches(Hook)
print(issubclass(F, Hook))


class Pretending:
    @property
    def __class__(self):
        return int


print(isinstance(Pretending(), A), isinstance(Pretending(), D))


def temporary():
    class T:
        pass

    D.register(T)
    print(issubclass(T, D), len(_abc._get_dump(D)[0]))


temporary()
gc.collect()
print(len(_abc._get_dump(D)[0]), len(_abc._get_dump(D)[1]))


class Seq(metaclass=Meta):
    __abc_tpflags__ = 1 << 5


class Map(metaclass=Meta):
    __abc_tpflags__ = 1 << 6


def match(x):
    match x:
        case [*_]:
            return "sequence"
        case {}:
            return "mapping"
    return None


class Mine(Seq):
    def __len__(self):
        return 0


class Other:
    def __len__(self):
        return 0


class Below(Other):
    pass


print(hasattr(Seq, "__abc_tpflags__"), match(Mine()), match(Other()))
Map.register(Other)
print(match(Other()), match(Below()))
Seq.register(Other)
print(match(Other()), match(Below()))
show(Meta, "Both", (), {"__abc_tpflags__": 3 << 5})
print(type(Meta("Text", (), {"__abc_tpflags__": "x"})).__name__)


class Wrong(metaclass=Meta):
    pass


Wrong._abc_impl = 5
show(isinstance, 5, Wrong)
show(issubclass, int, Wrong)
show(_abc._get_dump, Wrong)
show(_abc._get_dump, 5)
show(_abc._abc_init, 5)
show(_abc._abc_register, 1)


class Subclasses(metaclass=Meta):
    @classmethod
    def __subclasses__(cls):
        return cls.below


for below in ([], (), [int], [5], 5):
    Subclasses.below = below
    _abc._reset_caches(Subclasses)
    show(issubclass, bool, Subclasses)


class Raising:
    @property
    def __isabstractmethod__(self):
        raise ValueError("abstract")


show(Meta, "R", (), {"r": Raising()})
data = A._abc_impl
print(type(data), sys.getsizeof(data), gc.is_tracked(data), type(type(data)()))
print(sorted(n for n in dir(_abc) if not n.startswith("__")))


# Asking one class registers others.
class Registering(metaclass=Meta):
    @classmethod
    def __subclasshook__(cls, other):
        for i in range(30):
            Registering.register(type(f"T{i}", (), {}))
        gc.collect()
        _abc._reset_caches(Registering)
        return NotImplemented


class Meta2(type):
    def __subclasscheck__(cls, other):
        _abc._reset_registry(Outer)
        return False


class Outer(metaclass=Meta):
    pass


Outer.register(Meta2("M", (), {}))
Outer.register(Meta2("N", (), {}))
print(issubclass(float, Outer), isinstance(5.5, Outer))
