"""Every statement of the grammar, with what is hard about it."""
from __future__ import annotations
import a, b.c, d.e as f, g as h
from . import i
from .. import j as k, l
from ... import m
from .... import (n, o as p,)
from .q.r import *
from s import t

x = y = z = 1; u, v = v, u
(w) = (x, y) = [z, *w] = 1, 2, 3
*a, b = c
[] = () = d
a.b, c[d].e, f()[g] = h
(a.b) = (c[0]) = 1
x: int
x: int = 5
(x): int = 5
x.y: int
x[0]: "str" = None
(x.y): list[int] = 1, 2
x: tuple = 1, *y
x += 1; x -= 2; x *= 3; x @= 4; x /= 5; x //= 6; x %= 7; x **= 8
x >>= 1; x <<= 2; x &= 3; x ^= 4; x |= 5
x.y += yield_; x[1] -= 1, 2
(x) += 1
del a, b.c, d[e], (f), (g, h), [i, j],
del ()
del (a.b), [c[0], (d)]
assert a
assert a, "b"
raise
raise A
raise A from B
pass; pass;
global_ = nonlocal_ = match = case = type = _ = 0
type X = int
type Y[T: int = str, *Ts = *tuple[int], **P = [int]] = dict[T, P]
type = type(type)
match[1]: int = 2
match.x, case.y = 1, 2
match(a, b)
print(match, case, type, _)


def f(): pass
def f(a, /, b, c=1, *args: *Ts, d, e=2, **kwargs: int) -> None: return
def f(a=1, /, b=2, *, c): return a, *b
def f(*, a, b=1,): pass
def f(*a, b): pass
def f(**k,): pass
def f[T, U: (int, str) = int, *V, **W](t: T) -> U:
    def g():
        nonlocal t
        global u, v
        yield
        yield t
        yield t, *u
        w = yield
        w = yield from t
        w += yield
        return (yield)
    return g


async def coroutine():
    async for a in b: await c
    else: pass
    async with a as b, c: pass
    async with (a as b, c as d,): pass
    return [x async for x in y if await z]


@decorator
@a.b(c)[d]
@(lambda f: f)
@x := y
class C(A, *B, metaclass=M, **kw):
    """Doc."""
    a: int = 1
class D: pass
class E(): x = 1; y = 2
class F[T](G[T]): ...


if a: b
elif c: d
elif e:
    f
else:
    g
if (a := b): pass
if a:
    if b:
        c
    else: d
while a: break
while a:
    continue
else:
    b
for a in b: c
for a, *b in c, *d: e
for (a, b), [c] in d:
    e
else:
    f
for a.b in c: pass
for a[0], in b: pass
for x in *a, b: pass
try: a
except: b
try:
    a
except A: b
except B as c:
    d
except (C, D): e
else: f
finally: g
try: a
finally: b
try:
    a
except* A as b: c
except* (B, C): d
with a: b
with a, b as c, d as (e, f): g
with (a): b
with (a) as b, c: d
with (a, b): c
with (a, b) as c: d
with (a as b): c
with (a as b, c, d as e.f,): g
with (yield): a
with (a := b): c
with (a, b).c: d
with (a if b else c) as d: e
with (a for a in b): c
with a as b.c, d as e[0], f as (g), h as [i, *j]: k
with (a, (b, c)): d
with open("a") as f, \
     open("b") as g:
    pass

match x:
    case 1 | -2 | 3.5 | 4j | -1 + 2j | 1.5 - 3j | "a" "b" | b"c" | f"{d}": pass
    case None | True | False: pass
    case a: pass
    case _: pass
    case a.b.c: pass
    case (a): pass
    case (a, b) | [c, d] | (e,) | [] | (): pass
    case a, b, *c: pass
    case *_, a: pass
    case a,: pass
    case [*_, (1 | 2) as x, *rest] if x > 1: pass
    case {}: pass
    case {"a": 1, b.c: d, None: e, -1: f, **rest}: pass
    case {**rest,}: pass
    case C(): pass
    case a.C(1, b, c=d, e=(f, g),): pass
    case C(x=1): pass
    case (1 | 2) as y: pass
match x, y:
    case z: pass
match *a, b:
    case c if (d := c): pass
match (x):
    case y:
        pass
match x := y:
    case z: pass
match -x:
    case z: pass
