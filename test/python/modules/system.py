"""sys: what it says of the runtime, its settings and their errors."""
import sys
def t(f, *a, **k):
    try: print(f.__name__, f(*a, **k))
    except BaseException as e: print(f.__name__, type(e).__name__, e)
print(sys.version_info, sys.version_info >= (3, 13), sys.version_info[:2], sys.hexversion, sys.maxsize, sys.maxunicode, sys.byteorder, sys.platform)
print(sys.float_info, sys.int_info, sys.hash_info)
print(sys.implementation.name, sys.implementation.cache_tag, sys.flags.optimize, len(sys.flags), sys.flags.safe_path)
for n in "version_info float_info int_info hash_info thread_info flags".split():
    c = type(getattr(sys, n)); print(c, c.__bases__, c.n_fields, c.n_sequence_fields, c.n_unnamed_fields, c.__match_args__)
    t(c); t(c, (1, 2)); t(c, 5)
t(sys.getrecursionlimit); t(sys.setrecursionlimit, 0); t(sys.setrecursionlimit, "x"); t(sys.setrecursionlimit, 1); t(sys.setrecursionlimit, 1200); t(sys.getrecursionlimit)
t(sys.getswitchinterval); t(sys.setswitchinterval, 0); t(sys.setswitchinterval, 0.25); t(sys.getswitchinterval)
t(sys.get_int_max_str_digits); t(sys.set_int_max_str_digits, 5); t(sys.set_int_max_str_digits, 700); t(sys.get_int_max_str_digits); t(sys.set_int_max_str_digits)
t(sys.getdefaultencoding); t(sys.getfilesystemencoding); t(sys.getfilesystemencodeerrors)
t(sys.intern, "abc"); t(sys.intern, 1); t(sys.intern); t(sys._is_interned, "abc"); t(sys.getsizeof); t(sys.getsizeof, 1); t(sys.getsizeof, []); t(sys.getsizeof, type); t(sys.getsizeof, object=())
class B:
    def __sizeof__(self): return -1
class D:
    def __sizeof__(self): return "x"
t(sys.getsizeof, B()); t(sys.getsizeof, D()); t(sys.getsizeof, D(), 7); t(sys.getsizeof, B(), 7)
t(sys.exit, 1, 2); t(sys.exit, 5); t(sys.exit); t(sys.exc_info); t(sys.exception)
try: 1 / 0
except ZeroDivisionError as e: print(sys.exc_info()[:2], sys.exception() is e, sys.exc_info()[2] is e.__traceback__)
t(sys._getframe, 100); print(sys._getframe().f_code.co_name, sys._getframemodulename(), sys._getframemodulename(99))
t(sys.call_tracing, len, ([1],)); t(sys.call_tracing, len, 1); t(sys.is_finalizing); t(sys.get_asyncgen_hooks); t(sys.set_asyncgen_hooks, 1); t(sys.get_coroutine_origin_tracking_depth); t(sys.set_coroutine_origin_tracking_depth, -1)
print(sys.displayhook is sys.__displayhook__, sys.excepthook is sys.__excepthook__, sys.unraisablehook is sys.__unraisablehook__, "sys" in sys.builtin_module_names, "os" in sys.stdlib_module_names, "math" in sys.stdlib_module_names)
sys.displayhook(5); print(_); sys.displayhook(None); sys.displayhook("é")
t(sys.unraisablehook, 1); t(sys.settrace, None); t(sys.gettrace); t(sys.setprofile, None)
print(sys.modules["sys"] is sys, sys.modules["builtins"], sys, sys.__name__, repr(type(sys)))
m = type(sys)("mod", "doc"); print(m, m.__doc__, m.__name__, sorted(m.__dict__), m.__annotations__)
try: m.zz
except AttributeError as e: print(e, e.name, e.obj is m)
m.__getattr__ = lambda n: n * 2; print(m.abc)
del m.__name__
try: del m.__getattr__; m.zz
except AttributeError as e: print(e)
t(type(sys)); t(type(sys), 1); print(type(sys)("x").__spec__)
s = type(sys.implementation)
n = s(a=1, b=2); print(n, n == s(b=2, a=1), n != 5, s(), s({"x": 1}, y=2), repr(s(z=s()))); n.r = n; print(n)
t(s, 1); t(s, {1: 2}); t(s, 1, 2); t(n.__replace__, a=5) if 0 else None
