# seen: blocks are left over (Plain, dict, dict keys, getset_descriptor, str)
# Who asks for the __dict__ of an instance gets one that is not tracked; it stays so when an attribute of the instance is
# set, in CPython 3.13 too, and when the instance has let go of its values to it no collection sees what it holds.
class Plain: pass

def make():
    a = Plain()
    a.itself = 1
    return a

a = make()
a = make()
a.__dict__
a.itself = a
for name in "abcdefghijklmnopqrstuvwxyzABCDEFGHIJK": setattr(a, name, 1)
del a
