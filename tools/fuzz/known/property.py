# seen: blocks are left over (property)
# A property that is its own getter: property's tp_clear lets go of the docstring only, in CPython 3.13 too, so the
# collector finds the cycle each time and never breaks it.
p = property()
p.__init__(p)
