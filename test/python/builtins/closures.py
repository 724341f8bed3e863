# A function's closure is made of cells, and of as many as its code has free variables.
def outer():
    x = 1
    def inner(): return x
    return inner

inner = outer()
function = type(inner)
for closure in (1,), (None, None), (), inner.__closure__:
    try: print(function(inner.__code__, {}, "name", None, closure)())
    except (TypeError, ValueError) as e: print(type(e).__name__, e)
