"""Collects the sources that CPython's own tests hold to be wrong, with what CPython says about each, as JSON.

usage: python3.13 collect_errors.py [TEST…] > errors.json

The tests are run, and every source that compile(), eval() or exec() rejects with a SyntaxError is kept once. "stage"
is "parser" where the syntax tree alone cannot be made, else "compiler".
"""
import ast, base64, builtins, io, json, sys, unittest, warnings

TESTS = sys.argv[1:] or [
    "test_syntax", "test_exceptions", "test_fstring", "test_eof", "test_unpack_ex", "test_named_expressions",
]
found = {}
originals = builtins.compile, builtins.eval, builtins.exec


def note(source, mode, flags):
    if isinstance(source, (bytearray, memoryview)):
        source = bytes(source)
    if isinstance(source, (str, bytes)):
        found.setdefault((source, mode, flags & ~ast.PyCF_ONLY_AST), None)


def recording_compile(source, filename, mode, flags=0, *args, **kwargs):
    try:
        return originals[0](source, filename, mode, flags, *args, **kwargs)
    except SyntaxError:
        if "_feature_version" not in kwargs or kwargs["_feature_version"] == -1:
            note(source, mode, flags)
        raise


def recording(original, mode):
    def run(source, globals=None, locals=None, **kwargs):
        if isinstance(source, (str, bytes)):
            try:
                text = source.lstrip(" \t" if isinstance(source, str) else b" \t") if mode == "eval" else source
                originals[0](text, "<string>", mode, 0, dont_inherit=True)
            except SyntaxError:
                note(text, mode, 0)
            except Exception:
                pass
        frame = sys._getframe(1)
        if globals is None:
            globals, locals = frame.f_globals, frame.f_locals if locals is None else locals
        return original(source, globals, locals, **kwargs) if locals is not None else original(source, globals, **kwargs)

    return run


def describe(error):
    out = {"type": type(error).__name__}
    if isinstance(error, SyntaxError):
        for name in ("msg", "lineno", "offset", "end_lineno", "end_offset", "text"):
            out[name] = getattr(error, name)
    else:
        out["msg"] = str(error)
    return out


def attempt(source, mode, flags):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            originals[0](source, "<string>", mode, flags, dont_inherit=True)
        except Exception as error:
            return describe(error)


builtins.compile = recording_compile
builtins.eval = recording(originals[1], "eval")
builtins.exec = recording(originals[2], "exec")
stdout, sys.stdout = sys.stdout, io.StringIO()
for test in TESTS:
    suite = unittest.defaultTestLoader.loadTestsFromName("test." + test)
    unittest.TextTestRunner(stream=io.StringIO()).run(suite)
sys.stdout = stdout
builtins.compile, builtins.eval, builtins.exec = originals

out = []
for source, mode, flags in found:
    if flags & ast.PyCF_TYPE_COMMENTS:
        continue
    error = attempt(source, mode, flags | ast.PyCF_ONLY_AST)
    stage = "parser"
    if error is None:
        error, stage = attempt(source, mode, flags), "compiler"
    if error is None:
        continue
    record = {"mode": mode, "stage": stage, "error": error}
    if flags:
        record["flags"] = flags
    try:
        source.encode("utf-8") if isinstance(source, str) else None
        record["source" if isinstance(source, str) else "base64"] = (
            source if isinstance(source, str) else base64.b64encode(source).decode()
        )
    except UnicodeEncodeError:
        continue
    out.append(record)
json.dump(out, sys.stdout, indent=0)
sys.stdout.write("\n")
