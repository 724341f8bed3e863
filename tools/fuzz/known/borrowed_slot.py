# seen: RuntimeError: memory access out of bounds in run < _PyEval_EvalFrame
# A slot's descriptor in another class: the specialised LOAD_ATTR reads outside the object.
class Slots: __slots__ = ("a", "b", "c", "d")
class Borrows: __slots__ = ("z",)
Borrows.a = Slots.d
def get(o): return o.a
for i in range(4):
    try: get(Borrows())
    except TypeError: pass
