# Types of modules in C whose attributes may be set, special methods too, and those whose may not.
import _random, ast, os, random, sys, time, typing

t = time.gmtime(0)
type(t).itself = t
time.struct_time.__add__ = lambda s, o: ("add", o)
print(t + 1, (1,) + (2,), len(t))
time.struct_time.__len__ = lambda s: 77
print(len(t), len((1, 2)), len(os.times()))
time.struct_time.__getitem__ = lambda s, i: "item"
print(t[0], (5,)[0])
del time.struct_time.__add__, time.struct_time.__len__, time.struct_time.__getitem__
print(t[0], len(t), (t + (1,))[-1])

ast.AST.__getitem__ = lambda s, i: i + 1
ast.AST.__len__ = lambda s: 3
print(ast.AST()[1], len(ast.Load()), ast.Load()[3])
try: object()[1]
except TypeError as e: print(e)
del ast.AST.__len__
try: len(ast.Load())
except TypeError as e: print(e)

ExceptionGroup.__len__ = lambda s: 9
print(len(ExceptionGroup("a", [ValueError()])))
try: len(ValueError())
except TypeError as e: print(e)

typing.Generic.mark = 3
class A[T]: pass
print(A.mark, A().mark)

_random.Random.__call__ = lambda s: s.random() < 2
print(random.Random()())
os.DirEntry.mark = 1
print([e.mark for e in os.scandir("/")][0])

for cls in (os.stat_result, os.terminal_size, os.uname_result, os.times_result, os.sched_param, sys.flags.__class__,
            sys.version_info.__class__, int, type, BaseException, BaseExceptionGroup, list, typing.TypeVar, typing.TypeAliasType):
    try: cls.mark = f = lambda s: s
    except TypeError as e: print(e)
    else: print(cls.__name__, cls.mark is f)
