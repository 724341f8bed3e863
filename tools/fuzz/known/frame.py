# seen: blocks are left over (bytes, cell, classmethod, code, dict)
# The frame object of a generator that is suspended is not tracked, in CPython 3.13 neither: no collection sees a cycle
# that leads through its trace function.
import sys

def gen():
    sys._getframe().f_trace = g
    yield

g = gen()
next(g)
del g
