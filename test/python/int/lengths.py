"""Lengths beyond 31 bits: ranges, and classes that say so themselves."""
def show(f):
    try: print(repr(f()))
    except Exception as e: print(type(e).__name__, e)
for n in (2**31, 2**33, 2**63 - 1, 2**63, 10**30):
    show(lambda: len(range(n)))
    show(lambda: range(n).__len__())
    show(lambda: range(n)[-1])
    show(lambda: range(n)[n - 1])
    show(lambda: range(n)[n])
    show(lambda: range(0, n, 7)[-3])
    show(lambda: len(range(-n, n, n)))
    show(lambda: bool(range(n)))
class Sized:
    def __init__(self, n): self.n = n
    def __len__(self): return self.n
for n in (0, 2**31, 2**40, 2**63 - 1, 2**63, -1, -2**70, 1.5, "a", True, None):
    show(lambda: len(Sized(n)))
    show(lambda: bool(Sized(n)))
    show(lambda: Sized(n).__len__())
import sys
for n in (639, 2**31, 2**70, -1, "a", 640):
    show(lambda: sys.set_int_max_str_digits(n))
