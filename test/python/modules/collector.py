"""gc and weak references without the standard library."""
import gc, _weakref
print(gc.get_threshold(), gc.isenabled(), gc.get_stats()[0].keys(), gc.garbage, gc.callbacks)
class C: pass
c = C(); c.c = c; r=_weakref.ref(c); print(r() is c); del c; print(gc.collect(), r())
x=C(); p=_weakref.proxy(x); p.a=5; print(x.a, p.a, _weakref.getweakrefcount(x), _weakref.getweakrefs(x)[0] is p)
del x
try: p.a
except ReferenceError as e: print(e)
print(gc.is_tracked(1), gc.is_tracked([]), gc.get_referents([1,2]), gc)
