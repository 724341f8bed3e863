"""The end of a program: modules that are still held are cleared, what is hidden in sys and builtins dies."""
import builtins,sys
class C:
    def __init__(self, n): self.n = n
    def __del__(self):
        print('before', self.n); len(()); print('after')
c=C('c')
_p = C('private')
builtins.here = sys.modules[__name__]
builtins.c = C('in builtins')
sys.here = sys.modules[__name__]
sys.d = C('in sys')
here = sys.modules[__name__]
import json, types
m = types.ModuleType('kept')
class D:
    def __del__(self): print('D', m, sys)
m.d = D()
sys.modules['kept'] = m
json.keep = m
def f():
    x = D()
    try: yield
    finally: print('closed', x is not None)
json.g = f(); next(json.g)
class Loud:
    def __del__(self): raise ValueError('nobody hears it')
sys.x = Loud()
