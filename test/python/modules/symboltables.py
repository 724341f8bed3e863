# The symbol tables of programs.
import _symtable


def show(entry, indent=0):
    print(" " * indent, entry.name, entry.type, entry.nested, entry.lineno, entry.symbols, entry.varnames)
    for child in entry.children:
        show(child, indent + 2)


show(_symtable.symtable("""
import os
def f(x, *, y=lambda z: os): return [a for a in x if y]
class A[T: int](B):
    def __init__(self): super().__init__(); self.__x = T
type X[U] = list[U]
def g():
    global h; i = 1
    def k():
        nonlocal i; i = (h := 2)
    return {c: d for c, d in k}, (e async for e in i)
""", "?", "exec"))
show(_symtable.symtable("x + 1", "?", "eval"))
show(_symtable.symtable("x: int = 1\n", "?", "single"))
entry = _symtable.symtable(b"pass", b"?", "exec")
print(type(entry).__basicsize__, type(entry).__name__, type(entry.id), entry.children)
print({k: v for k, v in vars(_symtable).items() if isinstance(v, int)})
for args in ("x", "?"), ("x", "?", "what"), ("x y", "?", "exec"), (1, "?", "exec"), ("x", 1, "exec"), ("x", "?", 1):
    try:
        print(_symtable.symtable(*args))
    except Exception as e:
        print(type(e).__name__, e)
