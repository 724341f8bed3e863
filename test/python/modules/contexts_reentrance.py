# Context variables, set while they are compared or dropped. CPython 3.13.0 does not survive this.
import gc
from contextvars import Context, ContextVar

calls = []
v = ContextVar("v")
w = ContextVar("w")


class Equal:
    """Sets the variable of the context whose values are compared."""

    def __eq__(self, other):
        if not calls:
            calls.append(1)
            for c in contexts:
                c.run(v.set, object())
        gc.collect()
        return True


contexts = [Context(), Context()]
for c in contexts:
    c.run(v.set, Equal())
    c.run(w.set, Equal())
print(contexts[0] == contexts[1])


class Setter:
    def __del__(self):
        v.set("from the finalizer")


def replaced():
    v.set("first")
    v.reset(v.set(Setter()))
    return v.get()


print(Context().run(replaced))
