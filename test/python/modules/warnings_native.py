# Warnings as they are shown, once for each place, recorded and raised.
import os, sys
class Out:
    def write(self, text): print(text.replace(os.path.dirname(os.path.abspath(__file__)), "HERE"), end="")
    def flush(self): pass
sys.stderr = Out()
import warnings
warnings.warn("hello")
warnings.warn("hello", DeprecationWarning)
def f(): warnings.warn("deep", stacklevel=2)
f()
for i in range(3): f()
with warnings.catch_warnings(record=True) as l:
    warnings.simplefilter("always")
    f(); f(); print(len(l), l[0].lineno)
with warnings.catch_warnings():
    warnings.simplefilter("error")
    try: f()
    except UserWarning as e: print(repr(e))
async def co(): pass
co()
open("/dev/null", "rb", 0)
warnings.warn_explicit("x", UserWarning, "a.py", 3)
