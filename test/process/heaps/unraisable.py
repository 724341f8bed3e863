class A:
    def __del__(self): raise ValueError(self)
for i in range(5): A()
import sys
def hook(u): global last; last=(u.exc_type, str(u.exc_value))
sys.unraisablehook=hook
A()
def g():
    try: yield 1
    finally: raise KeyError
k=g(); next(k); del k
