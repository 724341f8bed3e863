"""Keyword arguments of property and of exceptions that take some."""
def t(*a, **k):
    try: p = property(*a, **k); print(p.fget, p.fset, p.fdel, p.__doc__)
    except Exception as e: print(type(e).__name__, e)
t(); t(1,2,3,4); t(1,2,3,4,5); t(1,2,x=3); t(fget=1,doc="d"); t(1,fget=2); t(1,2,3,4,x=5); t(None,doc=None); t(fdel=3)
for e in (ImportError, NameError, AttributeError):
    for k in ({"name":1},{"x":1},{"obj":1},{"path":2,"name":1}):
        try: print(repr(e("m", **k)), vars(e("m", **k)))
        except Exception as x: print(type(x).__name__, x)
