"""The operands of instructions are dropped in the order of the stack, whether the instruction succeeds or fails."""
OUT = []
class D:
    def __init__(self, n): self.n = n
    def __del__(self): OUT.append(getattr(self, 'n', '?'))
class G(D):
    "Everything succeeds."
    def __add__(self, o): return 0
    __radd__ = __iadd__ = __lt__ = __getitem__ = __contains__ = __add__
    def __setitem__(self, k, v): pass
    def __delitem__(self, k): pass
    def __format__(self, s): return "f"
    def __call__(self, *a, **k): return 1
    def __iter__(self): return iter(())
    def __setattr__(self, k, v): object.__setattr__(self, k, v) if k == "n" else None
    def __delattr__(self, k): pass
    def __hash__(self): return 1
    def __enter__(self): return self
    def __exit__(self, *a): pass
    def __str__(self): return "s"
class B(D):
    "Everything fails."
    def __add__(self, o): 1 / 0
    __radd__ = __iadd__ = __lt__ = __getitem__ = __contains__ = __add__
    def __setitem__(self, k, v): 1 / 0
    def __delitem__(self, k): 1 / 0
    def __format__(self, s): 1 / 0
    def __call__(self, *a, **k): 1 / 0
    def __iter__(self): 1 / 0
    def __setattr__(self, k, v): object.__setattr__(self, k, v) if k == "n" else 1 / 0
    def __delattr__(self, k): 1 / 0
    def __hash__(self): 1 / 0
    def __exit__(self, *a): 1 / 0
    def __enter__(self): return self
    def __str__(self): 1 / 0
    def __bool__(self): 1 / 0
    def __len__(self): 1 / 0
    def __await__(self): 1 / 0
    def __aiter__(self): 1 / 0
TEXTS = r"""
K(1) + K(2)
K(1) < K(2)
K(1) == K(2)
K(1) is K(2)
K(1) in K(2)
K(1) not in K(2)
K(1)[K(2)]
K(1)[K(2):K(3)]
K(1)[K(2):K(3):K(4)]
x = K(1); x += K(2)
K(1)[K(2)] = K(3)
K(1)[K(2):K(3)] = K(4)
K(1)[K(2)] += K(3)
K(1).a += K(3)
del K(1)[K(2)]
del K(1)[K(2):K(3)]
K(1).a = K(2)
K(1).a
del K(1).a
f"{K(1)}{K(2)}"
f"{K(1):a}{K(2)!s:b}"
f"{K(1):{K(2)}}"
K(1)(K(2), K(3), a=K(4))
K(1)(K(2), K(3))
K(1)(*K(2), **{"b": K(3)})
K(1).__init__(K(2), K(3))
[K(1)].append(K(2), K(3))
(K(1)).x(K(2))
raise K(1) from K(2)
raise ValueError(K(1)) from KeyError
K(1)(K(2), *[K(3)], a=K(4), **{"b": K(5)})
K(1)(K(2), *K(3))
K(1)(**K(2))
K(1).m(K(2))
[K(1), *K(2), K(3)]
{K(1), *K(2)}
{K(1): K(2), K(3): K(4)}
{K(1): K(2), **K(3)}
{"a": K(2), **{"b": K(3)}}
(K(1), K(2), 1 / 0)
[K(1), K(2), 1 / 0]
{1: K(1), 2: K(2), 3: 1 / 0}
a, b = K(1)
a, *b = K(1)
a, b = K(1), K(2)
a, b, c = K(1), K(2), K(3)
for x in K(1): pass
for x in [K(1), K(2)]: pass
for x in [K(1), K(2)]: raise ValueError(K(3))
[x for x in K(1)]
[y for x in [K(1), K(2)] for y in [x, K(3)]]
{x: K(2) for x in [K(1)]}
not K(1)
-K(1)
~K(1)
K(1) and K(2)
K(1) or K(2)
K(1) if K(2) else K(3)
K(1) < K(2) < K(3)
assert K(1), K(2)
with K(1) as x: pass
with K(1) as x, K(2): raise ValueError(K(3))
raise K(1)
raise ValueError(K(1)) from K(2)
raise ValueError(K(1)) from ValueError(K(2))
print(K(1), K(2), sep=1)
len(K(1))
isinstance(K(1), K(2))
isinstance(K(1), (K(2), int))
max(K(1), K(2), K(3))
max([K(1), K(2)], key=K(3))
sorted([K(1), K(2), K(3)])
sum([K(1), K(2)], K(3))
int(K(1), K(2))
str(K(1), K(2))
[].append(K(1), K(2))
[].append(K(1))
[K(1)].pop(K(2))
[K(1), K(2)].index(K(3))
[K(1), K(2)].remove(K(3))
[K(1), K(2)] + [K(3)]
[K(1), K(2)] * 2
[K(1), K(2)] == [K(3), K(4)]
(K(1), K(2)) < (K(3), K(4))
{}.get(K(1), K(2))
{}.setdefault(K(1), K(2))
{}.pop(K(1), K(2))
dict([(K(1), K(2))])
dict([(K(1), K(2)), (K(3), K(4), K(5))])
dict(a=K(1), b=K(2))
dict(K(1), a=K(2))
tuple(K(1))
"%s %s" % (K(1), K(2))
"{} {}".format(K(1), K(2))
"".join([K(1), K(2)])
type("X", (K(1),), {"a": K(2)})
getattr(K(1), "zz", K(2))
getattr(K(1), K(2))
setattr(K(1), "a", K(2))
(lambda a, b=K(1): 0)(K(2))
(lambda a: 0)(K(1), K(2))
(lambda a, *, k: 0)(K(1), z=K(2))
(lambda *a, **k: a)(K(1), *[K(2), K(3)], k=K(4))
def f(a=K(1), *, b: K(2) = K(3)) -> K(4): pass
class X(K(1)): pass
class X(metaclass=K(1)): a = K(2)
class X: a = K(1); b = K(2); 1 / 0
import K1, K2
match K(1): case [a, b]: pass
(yield_ := K(1), K(2), 1 / 0)
x = K(1); del x; x
x = K(1); x = K(2); x = 1 / 0
global gg; gg = K(1); gg = K(2); del gg
try: raise ValueError(K(1))\nexcept K(2): pass
try: raise ValueError(K(1))\nexcept (KeyError, K(2)): pass
try: raise ValueError(K(1))\nfinally: x = K(2); 1 / 0
try: raise ValueError(K(1))\nexcept ValueError as e: raise KeyError(K(2))
try: raise ExceptionGroup("x", [ValueError(K(1))])\nexcept* K(2): pass
try: raise ExceptionGroup("x", [ValueError(K(1)), KeyError(K(2))])\nexcept* KeyError: raise TypeError(K(3))
exec(K(1), K(2))
eval("1 / 0", {"a": K(1)}, {"b": K(2)})
super(K(1), K(2))
map(K(1), K(2))
list(map(K(1), [K(2), K(3)]))
list(zip([K(1), K(2)], K(3)))
list(filter(K(1), [K(2), K(3)]))
enumerate(K(1), K(2))
iter(K(1), K(2))
next(K(1), K(2))
next(iter([]), K(2))
reversed(K(1))
divmod(K(1), K(2))
pow(K(1), K(2), K(3))
hash(K(1))
range(K(1), K(2))
slice(K(1), K(2)).indices(K(3))
bytes(K(1), K(2))
bytearray([K(1), K(2)])
open(K(1), K(2))
__import__(K(1), K(2))
"""
n = 0
for text in TEXTS.strip().split("\n"):
    text = text.replace("\\n", "\n")
    for k in "G", "B", "D":
        for times in 1, 12:
            body = text.replace("K(", k + "(").replace("\n", "\n  ")
            src = f"def f{n}():\n  {body}\n"
            if text.startswith("match"): src = f"def f{n}():\n  match {k}(1):\n    case [a, b]: pass\n"
            space = {"G": G, "B": B, "D": D}
            exec(src, space)
            res = ""
            for i in range(times):
                OUT.clear()
                try: space[f"f{n}"]()
                except BaseException as e: OUT.append(type(e).__name__); e.__traceback__ = None; del e
                OUT.append("|")
            # Warm, isinstance() leaves what fails to the handler, which begins at the top.
            if times == 1 or "isinstance" not in text:
                print(k, times, repr(text), *OUT)
            n += 1
