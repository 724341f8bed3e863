# seen: RuntimeError: memory access out of bounds in run < _PyEval_EvalFrame
# A slot's descriptor in another class: the specialised LOAD_ATTR reads outside the object.
class Slots: __slots__ = ("a", "b", "f", "__weakref__")
class Borrows: __slots__ = ("z",)
Borrows.a = Slots.b
def get(o): return o.a
for i in range(4):
    try: get(Borrows())
    except BaseException: pass
