"""_string: formats and the names of their fields taken apart, and str.format, which reads them in the same way."""
import _string, sys
def t(f, *a):
    try: print(ascii(f(*a)))
    except BaseException as e: print(type(e).__name__, e)
def parse(s): return list(_string.formatter_parser(s))
def split(s):
    first, rest = _string.formatter_field_name_split(s)
    return first, list(rest)
for s in ("", "abc", "{}", "{0}", "a{b}c", "{{", "}}", "{{}}", "a{{b}}c{d}", "{a!r}", "{a!r:>{w}}", "{a:}", "{a!s:}", "{:>10}", "{a[}]}", "{a[b]c}", "\u03b1{\u03b2:\U0001f600}", "{a:{b}{c}}", "{!x}", "{a!\u03b1}",
          "{", "}", "a}", "a{", "{a", "{a!", "{a!r", "{a!rx}", "{a:", "{a:{b}", "{a{b}}", "{}}", "{{}", "x" * 50 + "{0}", "{a!}", "{a!}}", "{a:}}"):
    t(parse, s); t(s.format, 7, 8)
for s in ("", "0", "12", "a", "a.b", "a[0]", "a[b].c[1][x]", "0.x", "01", "\u0663", "a[]", "a.", "a..b", "a[", "a[0", "a[0]x", "a.b]c", "[0]", ".x", "9" * 30, "a[" + "9" * 30 + "]", "-1", "a[-1]", "1_0"):
    t(split, s)
t(_string.formatter_parser, 1); t(_string.formatter_field_name_split, b"a"); t(_string.formatter_parser); t(_string.formatter_parser, "a", "b")
class S(str): pass
t(parse, S("a{b}")); t(split, S("a.b"))
it = _string.formatter_parser("{a}{"); print(next(it)); t(next, it); t(next, it); print(iter(it) is it, type(it).__name__, sys.getsizeof(it), type(_string.formatter_field_name_split("a")[1]).__name__, sys.getsizeof(_string.formatter_field_name_split("a")[1]))
print([type(x) for x in _string.formatter_field_name_split("1")][0], sys.getrefcount(None) > 0, "{0[a]} {1.real:>5}".format({"a": 1}, 2), "{:{}{}}".format(5, ">", 4))
