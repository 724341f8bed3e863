# OrderedDict, used while it is used: keys and values that change it when they are compared or dropped. CPython 3.13.0 does
# not survive all of this; what is printed says that it came to the end.
from _collections import OrderedDict

OD = OrderedDict


# Keys that change the dict while they are compared.
class Key:
    action = None

    def __init__(self, n):
        self.n = n

    def __hash__(self):
        return 1

    def __repr__(self):
        return f"K{self.n}"

    def __eq__(self, other):
        if Key.action:
            action, Key.action = Key.action, None
            try:
                exec(action, globals())
            except (KeyError, RuntimeError):
                pass
        return self.n == other.n


uses = ["od[Key(2)]", "od.__setitem__(Key(2), 5)", "od.__setitem__(Key(9), 5)", "od.__delitem__(Key(2))", "od.pop(Key(2))", "od.pop(Key(2), 1)", "od.move_to_end(Key(2))", "od.move_to_end(Key(1), False)", "od.popitem()", "od.popitem(False)", "od.copy()", "list(od)", "list(od.items())", "od == OD((Key(i), i) for i in range(5))", "od.setdefault(Key(7), 1)", "od.setdefault(Key(3))", "repr(od)", "od.update([(Key(4), 4), (Key(11), 1)])", "od | od", "next(iter(od.values()))"]
actions = ["od.clear()", "od.__setitem__(Key(20), 1)", "od.__delitem__(Key(2))", "od.pop(Key(4))", "od.move_to_end(Key(2))", "dict.clear(od)", "dict.__setitem__(od, Key(2), 1)", "dict.__delitem__(od, Key(2))", "[od.__setitem__(Key(i), i) for i in range(30)]", "od.popitem()", "od.__init__(a=1)", "od.__delitem__(Key(2)), od.__setitem__(Key(2), 1)"]
for use in uses:
    for action in actions:
        for step in range(3):
            Key.action = None
            od = OD((Key(i), i) for i in range(5))
            Key.action = action
            try:
                eval(use)
            except (KeyError, RuntimeError):
                pass
            Key.action = None
            for k in list(dict.keys(od)):
                try:
                    od.move_to_end(k)
                except KeyError:
                    pass
            od.clear()
            od[1] = 2
            assert list(od) == [1]
            od = OD((i, Key(i)) for i in range(3))
print("compared")


class Dying:
    def __init__(self, action):
        self.action = action

    def __del__(self):
        try:
            exec(self.action, globals())
        except (KeyError, RuntimeError):
            pass


for action in ("od.clear()", "od.update(x=1, y=2)", "od.popitem()", "od.copy()", "list(od.items())", "od.pop(0)", "od.move_to_end(1)"):
    for use in ("od.clear()", "od.pop(0)", "od.popitem()", "od.__setitem__(0, 1)", "od.__delitem__(1)", "od.__init__({0: 1, 1: 2})", "od.update({0: 5})"):
        od = OD((i, Dying(action)) for i in range(9))
        eval(use)
        for v in list(od.values()):
            if isinstance(v, Dying):
                v.action = "0"
        v = None
        od.clear()
        od[1] = 1
        assert list(od) == [1] == list(dict(od))
        od.clear()
print("died")
