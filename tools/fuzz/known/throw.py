# seen: RuntimeError: memory access out of bounds in tracebackCode < sameEntry
# throw() of an exception class whose __new__ gives something else.
class Lies(BaseException):
    def __new__(cls, *a): return 1
def g(): yield 1
try: g().throw(Lies)
except TypeError: pass
