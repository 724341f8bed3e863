# Type parameters: made by hand and by the syntax, with bounds and defaults that are computed when they are asked for.
import gc
import typing
import weakref
from typing import *


def attempt(f, *args, **kwargs):
    try:
        print(f(*args, **kwargs))
    except Exception as e:
        print(type(e).__name__, e)


for kind in TypeVar, ParamSpec, TypeVarTuple, TypeAliasType, ParamSpecArgs, ParamSpecKwargs:
    attempt(kind)
    attempt(kind, 1)
    attempt(kind, 1, 2)
    attempt(kind, "x", foo=1)
    attempt(kind, "x", 3, 4, 5)
    attempt(kind, "x", int, str, bound=int)
    attempt(kind, "x", bound="x")
    attempt(kind, "x", bound=3)
    attempt(kind, "x", covariant=1, contravariant=2)
    attempt(kind, "x", covariant=True, infer_variance=True)
    print(kind.__basicsize__, kind.__dictoffset__, kind.__weakrefoffset__, kind.__module__)
    print(sorted((n, getattr(getattr(kind, n), "__text_signature__", None)) for n in kind.__dict__))
    attempt(type, "Sub", (kind,), {})
attempt(TypeVar, "T", int)
attempt(TypeAliasType, "A", int, type_params=[])

T = TypeVar("T")
print(T.__module__, T, T | "x", T | None, int | T, T.__bound__, T.__constraints__, T.__default__, T.has_default())
print(T.__reduce__(), T.__typing_subst__(int), T.__typing_prepare_subst__(List[T], (int,)))
attempt(T.__typing_prepare_subst__, List[T], ())
attempt(T.__typing_prepare_subst__, list, ())
attempt(lambda: type("Sub", (), {}).__class__("x", (T,), {}))
T.extra = T
print(T.extra, weakref.ref(T)() is T)
V = TypeVar("V", covariant=True, default=int)
print(V, V.__covariant__, V.__contravariant__, V.__infer_variance__, V.__default__, V.has_default())
print(Dict[str, T][int], Generic[T, V].__class__)
P = ParamSpec("P", contravariant=True)
print(P, P.args, P.kwargs, P.args == P.args, P.args != P.kwargs, P.__bound__, P.args.__origin__ is P)
print(Callable[P, int][[int, str]], Callable[Concatenate[int, P], int][str])
Ts = TypeVarTuple("Ts")
print(*Ts, list[*Ts], Tuple[*Ts][int, str])
attempt(Ts.__typing_subst__, int)
for parameter in T, P, Ts, P.args, P.kwargs:
    attempt(parameter.__mro_entries__, ())


class Box[T, *Us, **Q]:
    pass


print(Box[int, str, [int]], Box.__orig_bases__, Box.__parameters__, Box.__type_params__)
type Row[T, *Us] = list[T]
print(Row, Row.__value__, Row.__type_params__, Row.__parameters__, Row[int], Row.__module__, Row.__reduce__(), Row | int)
type Plain = int
attempt(lambda: Plain[int])
print(Plain.__parameters__, Plain.__type_params__, Plain.__value__, type(Plain | str))


def f[T: int = bool, *Ss = *tuple[int, ...], **R = [int]](x: T) -> T:
    pass


print([(p, p.__default__, p.has_default(), p.__module__) for p in f.__type_params__], f.__type_params__[0].__bound__)

calls = []


def g[T: calls.append(1), C: (calls.append(2), int), D: missing = calls.append(3)]():
    pass


a, c, d = g.__type_params__
print(calls, a.__bound__, a.__bound__, c.__constraints__, calls)
attempt(lambda: d.__bound__)
print(d.__default__, d.__default__, calls)
missing = 5
print(d.__bound__)


# Cycles through attributes, bounds and __dict__ are found.
def cycle():
    x = TypeVar("x")
    x.me = x
    box = type("Owner", (), {})()
    box.me = box
    box.__dict__
    y = TypeVar("y", bound=type(box))
    type(box).y = y


cycle()
gc.collect()
print(sum(isinstance(o, TypeVar) and o.__name__ in ("x", "y") for o in gc.get_objects()))
attempt(type(NoDefault), 1)
print(NoDefault, type(NoDefault)() is NoDefault, NoDefault.__reduce__())
print(typing._idfunc(3) if hasattr(typing, "_idfunc") else "")
