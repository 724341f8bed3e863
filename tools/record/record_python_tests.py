"""Writes NAME.out beside every test/python/**/NAME.py: what CPython 3.13 prints.

usage: PYTHONHASHSEED=0 python3.13 -W ignore tools/record/record_python_tests.py [FILE ...]
"""
import contextlib, io, os, pathlib, sys
assert sys.version_info[:3] == (3, 13, 0) and os.environ.get("PYTHONHASHSEED") == "0"
root = pathlib.Path(__file__).parent.parent / "test/python"
for path in [pathlib.Path(p) for p in sys.argv[1:]] or sorted(root.rglob("*.py")):
    code = compile(path.read_text(encoding="utf-8"), str(path.name), "exec")
    out = io.StringIO()
    with contextlib.redirect_stdout(out): exec(code, {"__name__": "__main__"})
    path.with_suffix(".out").write_text(out.getvalue(), encoding="utf-8")
