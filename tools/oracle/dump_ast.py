"""Answers each line of standard input with a line of JSON: the syntax tree of a file as tools/compare/dump-ast.ts writes it, or
the error that CPython raises.

A line is a path, or a JSON object that says more:

    path, source, base64, or zip and member    what to read
    mode, flags                                as compile() takes them
    warnings                                   true: the parser's warnings, and the error that they become as errors
    hash                                       true: only the SHA-1 of the tree
    quiet                                      true: nothing of the tree, which may be too deep for Python's own json
    tokens                                     true: also the SHA-1 of the stream of tokens
"""
import ast, base64, hashlib, io, json, struct, sys, tokenize, warnings, zipfile

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


def compact(value):
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def tokens(source):
    encoding, _ = tokenize.detect_encoding(io.BytesIO(source).readline)
    text = source.decode(encoding).replace("\r\n", "\n").replace("\r", "\n")
    return [
        [t.type, t.string, list(t.start), list(t.end), t.line]
        for t in tokenize.generate_tokens(io.StringIO(text).readline)
    ]


def read(request):
    if "source" in request:
        return request["source"]
    if "base64" in request:
        return base64.b64decode(request["base64"])
    if "zip" in request:
        with zipfile.ZipFile(request["zip"]) as z:
            return z.read(request["member"])
    with open(request["path"], "rb") as f:
        return f.read()


def answer(request):
    source = read(request)
    mode, flags = request.get("mode", "exec"), request.get("flags", 0) | ast.PyCF_ONLY_AST

    def parse():
        return compile(source, "<string>", mode, flags, dont_inherit=True)

    out = {}
    if request.get("warnings"):
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            try:
                parse()
            except Exception:
                pass
        out["warnings"] = [[w.category.__name__, str(w.message), w.lineno] for w in caught]
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            try:
                parse()
            except Exception as error:
                out["strict"] = describe(error)
    try:
        tree = parse()
    except Exception as error:
        out["error"] = describe(error)
        return out
    if request.get("quiet"):
        out["tree"] = None
    elif request.get("hash"):
        out["tree"] = hashlib.sha1(compact(dump(tree)).encode()).hexdigest()
    else:
        out["tree"] = dump(tree)
    if request.get("tokens"):
        out["tokens"] = hashlib.sha1(compact(tokens(source)).encode()).hexdigest()
    return out


for line in sys.stdin:
    line = line.rstrip("\n")
    sys.stdout.write(json.dumps(answer(json.loads(line) if line.startswith("{") else {"path": line})) + "\n")
