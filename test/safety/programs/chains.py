# Chains of things that pass on what they are asked to one another: RecursionError, or the answer.
import _functools, types

def tell(f, o):
    try: f(o)
    except (RecursionError, TypeError, AttributeError) as e: return type(e).__name__
    return "answer"

class Partial(_functools.partial): pass
class Again(_functools.partial): pass

def chain(f, o):
    for i in range(100000): o = f(o)
    return o

# CPython overflows in some of these, and crashes: it is enough that all end in one way or the other.
for make, first in ((lambda o: types.MethodType(o, 1), print), (Partial, dict), (lambda o: Again(o, x=1), dict),
                    (lambda o: types.GenericAlias(o, (int,)), int)):
    o = chain(make, first)
    for f in (lambda o: o(), lambda o: o.missing, hash):
        print(tell(f, o) in ("RecursionError", "TypeError", "AttributeError", "answer"))
    o = None
def function(): pass
o = function.__code__
for i in range(20000): o = o.replace(co_consts=(o,))
print(tell(hash, o), tell(lambda o: o == function.__code__, o))
itself = _functools.partial(int)
itself.__setstate__((itself, (), {}, {}))
print(tell(lambda o: o(), itself) == "RecursionError", repr(itself))
itself.__setstate__((int, (), {}, {}))
o = chain(types.MappingProxyType, {})
for f in len, iter, hash, lambda o: o | o, lambda o: {} | o, lambda o: o == o, lambda o: o[1]: print(tell(f, o))
