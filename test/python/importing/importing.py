"""Imports: packages, relative names, from-lists, circles, failures."""
import sys
sys.dont_write_bytecode = True
import m1
here = m1.__file__[: -len("m1.py")]
def t(s):
    g = {"__name__": "__main__", "__builtins__": __builtins__}
    try: exec(s, g); print(sorted(k for k in g if k[0] != "_"))
    except BaseException as e: print(type(e).__name__, str(e).replace(here, "HERE"), getattr(e, "name", None), getattr(e, "name_from", None))
for s in ["import m1; print(m1.x, m1.__name__, m1.__package__ == '', m1.__doc__)", "import pkg; print(pkg.__path__ is not None, pkg.__package__)", "import pkg.sub.leaf as l; print(l.v, l.__package__)", "from pkg import sub, other; print(other.y)", "from pkg import nothing", "import pkg.nothing", "import m1.sub", "import nothing", "import nothing.at.all", "from pkg import *", "from pkg.star import *", "import circ_a", "import bad", "import bad", "print('bad' in __import__('sys').modules)", "import ns.inner; print(ns.inner.z)", "from . import x", "from pkg.sub import leaf, up", "from pkg.sub.rel import parent; print(parent)", "import pkg.toofar", "__import__('pkg.sub.leaf'); print(__import__('pkg.sub.leaf').__name__, __import__('pkg.sub.leaf', fromlist=['v']).__name__)", "import m1 as q, pkg.sub as r; print(q.x, r.__name__)", "from m1 import x as xx, zzz", "import sys; sys.modules['fake'] = None; import fake", "import sys; sys.modules['fake2'] = 5; import fake2; print(fake2)", "import circ_c"]:
    print(">", s); t(s)
print(sorted(k for k in sys.modules if k.startswith(("m1", "pkg", "circ", "ns", "bad"))))
