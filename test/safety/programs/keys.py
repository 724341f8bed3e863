# Mappings whose keys() lies, or empties them.
class Lies:
    def keys(self): return 5
    items = keys
    def __getitem__(self, key): return 1

class LyingDict(dict):
    def keys(self): return 5

class Empties(dict):
    def __init__(self): self.n = 0
    def keys(self):
        for i in range(5):
            yield i
            target.clear()
    def __getitem__(self, key): self.n += 1; target[99] = 1; return self.n

from _collections import OrderedDict
class LyingOrdered(OrderedDict):
    def keys(self): return 5

target = {1: 2}
for f in (lambda: {}.update(Lies()), lambda: dict(Lies()), lambda: {**Lies()}, lambda: dict(LyingDict({1: 2})), lambda: {} | LyingDict({1: 2}),
          lambda: (lambda **k: k)(**Lies()), lambda: {**LyingDict({1: 2})}, lambda: repr(LyingOrdered({1: 2})), lambda: LyingOrdered({1: 2}).copy(),
          lambda: OrderedDict(Lies()), lambda: target.update(Empties()) or target, lambda: dict(Empties())):
    try: print(f())
    except Exception as e: print(type(e).__name__, e)
