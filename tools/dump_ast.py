"""Prints, for each file named on standard input, a JSON line: its syntax tree as tools/dump-ast.ts writes it, or the
error that CPython raises. A line of the input may also be a JSON object {"source" or "base64", "mode"}."""
import ast, base64, json, struct, sys, warnings

warnings.simplefilter("ignore")
sys.setrecursionlimit(20000)
POSITIONS = ("lineno", "col_offset", "end_lineno", "end_col_offset")


def dump_float(value):
    return "nan" if value != value else "%x" % struct.unpack(">Q", struct.pack(">d", value))


def code_points(text):
    if all(" " <= c <= "~" for c in text):
        return "=" + text
    return " ".join("%x" % ord(c) for c in text)


def dump_constant(value):
    if value is None:
        return "null"
    if value is True or value is False:
        return str(value).lower()
    if value is Ellipsis:
        return "..."
    if isinstance(value, int):
        return ["int", "%x" % value]
    if isinstance(value, float):
        return ["float", dump_float(value)]
    if isinstance(value, str):
        return ["str", code_points(value)]
    if isinstance(value, bytes):
        return ["bytes", value.hex()]
    return ["complex", dump_float(value.real), dump_float(value.imag)]


def dump(node):
    if node is None:
        return None
    if isinstance(node, list):
        return [dump(item) for item in node]
    if isinstance(node, str):
        return code_points(node)
    if isinstance(node, int):
        return node
    out = [type(node).__name__]
    if isinstance(node, (ast.expr_context, ast.boolop, ast.operator, ast.unaryop, ast.cmpop)):
        return out[0]
    for field in node._fields:
        value = getattr(node, field, None)
        if field == "value" and isinstance(node, (ast.Constant, ast.MatchSingleton)):
            out.append(dump_constant(value))
        else:
            out.append(dump(value))
    if node._attributes:
        out.append(":".join(str(getattr(node, name)) for name in POSITIONS))
    return out


def describe(error):
    out = {"type": type(error).__name__}
    if isinstance(error, SyntaxError):
        for name in ("msg", "lineno", "offset", "end_lineno", "end_offset", "text"):
            out[name] = getattr(error, name)
    else:
        out["msg"] = str(error)
    return out


def answer(line):
    if line.startswith("{"):
        request = json.loads(line)
        source = request["source"] if "source" in request else base64.b64decode(request["base64"])
    else:
        request = {}
        with open(line, "rb") as f:
            source = f.read()
    try:
        flags = ast.PyCF_ONLY_AST if not request.get("flags") else request["flags"] | ast.PyCF_ONLY_AST
        tree = compile(source, "<string>", request.get("mode", "exec"), flags)
    except Exception as error:
        return {"error": describe(error)}
    if request.get("quiet"):
        return {"ok": True}
    return {"tree": dump(tree)}


for line in sys.stdin:
    sys.stdout.write(json.dumps(answer(line.rstrip("\n"))) + "\n")
