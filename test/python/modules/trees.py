# Syntax trees: what compile() gives, and what it takes.
import ast


def attempt(f, *args, **kwargs):
    try:
        r = f(*args, **kwargs)
        print(ast.dump(r, include_attributes=True) if isinstance(r, ast.AST) else type(r))
    except RecursionError as e:
        print(type(e).__name__)
    except Exception as e:
        print(type(e).__name__, str(e).split(" object at ")[0])


attempt(ast.parse, "x = 1 + y.z\ndef f(a, /, *, b=2, **k) -> 'é': return [i for i in a if i]\n", "f.py")
attempt(ast.parse, "async def f():\n async with a as b, c: await d\n async for x in y: pass\n else: yield\n")
attempt(ast.parse, "match a:\n case {'k': [1, *_], **r} | C(x, y=None) if z: pass\n case -1+2j: pass\n")
attempt(ast.parse, "f'{x!r:>{w}} {y=}' b'a' if 0 else ...", mode="eval")
attempt(ast.parse, "f'{x!r:>{w}} {y=}' 'a' if 0 else ...", mode="eval")
attempt(ast.parse, "(int, *str, **x) -> y", mode="func_type")
attempt(ast.parse, "x: int\n", mode="single")
attempt(ast.parse, "x = 1 # type: int\ny=2 # type: ignore[a]\n# type: ignore\ndef f(a, # type: int\n  b): # type: (int)->str\n  pass\n", type_comments=True)
for source, version in ("def f(a, /): 0", 7), ("(x := 1)", 7), ("x: int", 5), ("1_0", 5), ("class A[T]: 0", 11), ("type X = 1", 11), ("x @ y", 12):
    attempt(ast.parse, source, feature_version=(3, version))
attempt(ast.parse, "1 + 2", optimize=1)
attempt(ast.parse, "1 +")
tree = ast.parse("1 + 2")
print(compile(tree, "x", "exec", ast.PyCF_ONLY_AST) is tree)
attempt(compile, tree, "x", "exec", ast.PyCF_OPTIMIZED_AST)
attempt(compile, tree, "x", "eval")
namespace = {}
exec(compile(ast.parse("def f(*a): return sum(a)\nx = f(1, 2)\n"), "x", "exec"), namespace)
print(namespace["x"])


def wrong(node, mode="eval"):
    module = ast.Expression(node) if mode == "eval" else ast.Module(node, [])
    attempt(compile, ast.fix_missing_locations(module), "x", mode)


wrong(ast.Name("x", ast.Store()))
wrong(ast.Name("None", ast.Load()))
wrong(ast.Name(3, ast.Load()))
wrong(ast.Constant([]))
wrong(ast.Constant((1, frozenset({2}), ())))
wrong(ast.BoolOp(ast.And(), [ast.Constant(1)]))
wrong(ast.BinOp(ast.Constant(1), None, ast.Constant(2)))
wrong(ast.BinOp(ast.Constant(1), ast.Constant(1), ast.Constant(2)))
wrong(ast.Compare(ast.Constant(1), [ast.Lt()], []))
wrong(ast.Call(ast.Name("f", ast.Load()), None, []))
wrong(ast.Lambda(ast.arguments([], [], None, [], [], None, [ast.Constant(1)]), ast.Constant(1)))
wrong([ast.Expr(None)], "exec")
wrong([None], "exec")
wrong([ast.Pass(), 3], "exec")
wrong(3, "exec")
wrong([ast.Assign([], ast.Constant(1))], "exec")
wrong([ast.Import([])], "exec")
wrong([ast.ImportFrom("a", [ast.alias("b")], -1)], "exec")
wrong([ast.Try([ast.Pass()], [], [], [])], "exec")
wrong([ast.Match(ast.Constant(1), [ast.match_case(ast.MatchSingleton("x"), None, [ast.Pass()])])], "exec")
attempt(compile, ast.Expression(ast.Constant(1, lineno=5, col_offset=0, end_lineno=3)), "x", "eval")
attempt(compile, ast.Expression(ast.Constant(1, lineno="x", col_offset=0)), "x", "eval")
attempt(compile, ast.Expression(ast.Constant(1)), "x", "eval")


class Own(ast.Constant):
    @property
    def value(self):
        items.clear()
        return 1

    @value.setter
    def value(self, value):
        pass


items = [ast.Expr(Own(None, lineno=1, col_offset=0), lineno=1, col_offset=0), ast.Pass(lineno=1, col_offset=0)]
attempt(compile, ast.Module(items, []), "x", "exec")
cyclic = ast.Expr(lineno=1, col_offset=0, value=None)
cyclic.value = ast.Starred(lineno=1, col_offset=0, ctx=ast.Load(), value=None)
cyclic.value.value = cyclic.value
attempt(compile, ast.Module([cyclic], []), "x", "exec")
