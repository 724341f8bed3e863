import sys
m=[type(sys)(f"mod{i}") for i in range(50)]
for x in m: x.a=1; x.__doc__="hi"
ns=type(sys.implementation)(a=1,b=[1])
e=[sys.version_info, sys.flags, sys.float_info, sys.implementation, sys.hash_info]
sys.stdout.write("x\n")
print("hello", file=sys.stderr)
sys.modules["zz"]=m[0]
sys.setrecursionlimit(500)
f=sys._getframe()
loc=f.f_locals, f.f_globals
import math, errno, time, _weakref, gc, itertools, builtins
