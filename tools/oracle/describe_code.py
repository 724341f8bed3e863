"""Describe what this Python's compile() makes of sources, for comparison with ours.

usage: python3.13 describe_code.py      reads requests from standard input, one JSON object per line, answers likewise

A request is {"source": text, or "base64": bytes, "filename", "mode", "flags", "optimize", "digest"}; all but the
source may be left out. The answer is {"code": description} or, with "digest", {"code": its SHA-256}, or
{"error": [type, msg, lineno, offset, end_lineno, end_offset]}; and "warnings": [[category, message, lineno], ...].
"""
import base64
import hashlib
import json
import struct
import sys
import types
import warnings


def floats(*values):
    return [struct.pack(">d", x).hex() for x in values]


def constant(c):
    if isinstance(c, types.CodeType):
        return ["code", code(c)]
    if isinstance(c, tuple):
        return ["tuple", [constant(x) for x in c]]
    if isinstance(c, frozenset):
        return ["frozenset", sorted((constant(x) for x in c), key=dumps)]
    if isinstance(c, str):
        return ["str", [ord(ch) for ch in c] if any("\ud800" <= ch <= "\udfff" for ch in c) else c]
    if isinstance(c, bool) or c is None or c is ...:
        return [repr(c)]
    if isinstance(c, int):
        return ["int", str(c)] if abs(c) < 10**4000 else ["hex", hex(c)]
    if isinstance(c, float):
        return ["float", *floats(c)]
    if isinstance(c, complex):
        return ["complex", *floats(c.real, c.imag)]
    return ["bytes", c.hex()]


def code(c):
    return [
        c.co_name, c.co_qualname, c.co_filename, c.co_firstlineno,
        c.co_argcount, c.co_posonlyargcount, c.co_kwonlyargcount, c.co_nlocals, c.co_stacksize, c.co_flags,
        list(c.co_names), list(c.co_varnames), list(c.co_cellvars), list(c.co_freevars),
        c.co_code.hex(), c.co_linetable.hex(), c.co_exceptiontable.hex(),
        [constant(x) for x in c.co_consts],
    ]


def dumps(value):
    return json.dumps(value, separators=(",", ":"))


def answer(request):
    source = base64.b64decode(request["base64"]) if "base64" in request else request["source"]
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            made = compile(source, request.get("filename", "<source>"), request.get("mode", "exec"),
                           request.get("flags", 0), True, request.get("optimize", 0))
            text = dumps(code(made))
            out = {"code": hashlib.sha256(text.encode()).hexdigest() if request.get("digest") else text}
        except SyntaxError as e:
            out = {"error": [type(e).__name__, e.msg, e.lineno, e.offset, e.end_lineno, e.end_offset]}
        except (ValueError, MemoryError, RecursionError, OverflowError, SystemError) as e:
            out = {"error": [type(e).__name__, str(e), None, None, None, None]}
    if caught:
        out["warnings"] = [[w.category.__name__, str(w.message), w.lineno] for w in caught]
    return out


def main():
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line))), flush=True)


main()
