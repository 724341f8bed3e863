"""_codecs: the codecs that are native, whole and in pieces, their errors and handlers, and the registry."""
import _codecs, sys
import warnings; warnings.simplefilter("ignore")
def t(f, *a, **k):
    try: print(ascii(f(*a, **k)))
    except UnicodeError as e: print(type(e).__name__, ascii(str(e)), e.args[2:4])
    except BaseException as e: print(type(e).__name__, ascii(str(e)))
HANDLERS = ("strict", "ignore", "replace", "backslashreplace", "surrogateescape", "surrogatepass", "xmlcharrefreplace", "nothing")
DATA = (b"", b"abc", b"a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80", b"\xff", b"a\x80b", b"\xc3", b"\xe2\x82", b"\xed\xa0\x80x", b"\xff\xfea\0", b"\xfe\xff\0a", b"a\0b\0\0", b"\0\xd8", b"\0\xd8a\0", b"\xd8\0\xdc\0", b"\0\xdc",
        b"\xff\xfe\0\0a\0\0\0", b"\0\0\xfe\xff\0\0\0a", b"\0\0\x11\0", b"\0\0\0\xd8", b"\0\0\xd8\0", b"abc\0\0", b"+AGE-", b"a+-b", b"+", b"+A", b"+AG", b"+AGE", b"+2D3eAA-", b"+2D0-", b"+2D0a", b"+!", b"+AGE!", b"\xe9+", b"+IKw.", b"~\\+AAA-", b"+2D3cAA",
        b"\\x41\\u20ac\\U0001f600\\n\\\\", b"\\", b"\\x", b"\\x4", b"\\xg", b"\\u12", b"\\u12g", b"\\U0011ffff", b"\\U00110", b"\\101\\7\\77a", b"\\\na", b"\\a\\b\\f\\r\\t\\v\\'\\\"", b"\\N", b"\\Nx", b"\\N{", b"\\N{}", b"caf\xe9")
DECODERS = ("utf_8", "utf_7", "utf_16", "utf_16_le", "utf_16_be", "utf_32", "utf_32_le", "utf_32_be", "unicode_escape", "raw_unicode_escape", "utf_16_ex", "utf_32_ex")
for name in DECODERS:
    f = getattr(_codecs, name + "_decode")
    for d in DATA:
        extra = (0,) if name.endswith("ex") else ()
        print(name, d, end=" "); t(f, d, None, *extra, True)
        t(f, d, "strict", *extra, False)
        if name in ("utf_8", "utf_7", "utf_16_le", "unicode_escape"):
            for h in HANDLERS[1:]: t(f, d, h, True)
for f in (_codecs.latin_1_decode, _codecs.ascii_decode, _codecs.escape_decode, _codecs.readbuffer_encode):
    for d in DATA: t(f, d)
    t(f, bytearray(b"ab")); t(f, memoryview(b"ab")); t(f, "a\xe9"); t(f, 5); t(f, b"a\xff", "replace"); t(f, b"a", 5); t(f, b"a", "x\0y"); t(f)
for h in HANDLERS: t(_codecs.escape_decode, b"a\\x4gb\\xzz", h)
TEXT = ("", "abc", "a\xe9\u20ac\U0001f600", "\ud800", "a\udcffb", "\udc80\udc81", "\ud83d\ude00", "+-~\\", "a+b", "\xe9-", "\xe9a", "\xe9 \t", "\0", "\x7f\x80'", "\t\n\r", "\u0100\uffff")
for name in ("utf_8", "utf_7", "utf_16", "utf_16_le", "utf_16_be", "utf_32", "utf_32_le", "utf_32_be", "unicode_escape", "raw_unicode_escape", "latin_1", "ascii", "charmap"):
    f = getattr(_codecs, name + "_encode")
    for s in TEXT:
        print(name, ascii(s), end=" "); t(f, s)
        if name in ("utf_8", "utf_16_le", "utf_32", "latin_1", "ascii", "charmap"):
            for h in HANDLERS[1:]: t(f, s, h)
    t(f, b"a"); t(f, "a", 5); t(f, "a", None); t(f)
t(_codecs.utf_16_encode, "a", None, -1); t(_codecs.utf_16_encode, "a", None, 1); t(_codecs.utf_32_encode, "a", "strict", 1); t(_codecs.utf_16_encode, "a", None, "x"); t(_codecs.utf_16_ex_decode, b"\0a", None, 1)
t(_codecs.escape_encode, b"a'\"\\\n\t\r\0\x80\xff"); t(_codecs.escape_encode, "a"); t(_codecs.escape_encode, bytearray()); t(_codecs.utf_8_decode, "a"); t(_codecs.utf_8_decode, b"a", final=True); t(_codecs.utf_8_decode, b"\xc3", None, 1)

# Mappings.
table = "".join(map(chr, range(128))) + "\u20ac\ufffe\u0192\U0001f600" + "\xe9" * 20
small = "\0a\u0431\ufffe\u0432"
for m in (table, small, "abc", "", {97: "x", 98: 0x20ac, 99: None, 100: "long", 101: 0xfffe, 102: -1, 103: 1.5, 104: 0x110000, 105: "\ufffe", 106: ""}, [65, 66]):
    for d in (b"", b"a", b"bc", b"d", b"e", b"f", b"g", b"h", b"i", b"j", b"\x00\x01\x02\x04", b"\x03\x80\x81\x82\x83\xff"):
        t(_codecs.charmap_decode, d, "strict", m); t(_codecs.charmap_decode, d, "replace", m)
for m in (_codecs.charmap_build(small), _codecs.charmap_build(table), {97: 65, 98: b"xy", 99: None, 100: 256, 101: -1, 102: "x", 63: 33, 38: 1, 35: 2, 59: 3, **{48 + i: 48 + i for i in range(10)}}, {}):
    print(type(m).__name__)
    for s in ("", "a", "b", "ab", "c", "d", "e", "f", "\u0431\u0432", "\u20ac", "\ufffe", "a\u1234\u1235b", "\0", "\U0001f600"):
        t(_codecs.charmap_encode, s, "strict", m); t(_codecs.charmap_encode, s, "ignore", m); t(_codecs.charmap_encode, s, "replace", m); t(_codecs.charmap_encode, s, "xmlcharrefreplace", m)
t(_codecs.charmap_build, ""); t(_codecs.charmap_build, b"a"); t(_codecs.charmap_build, "b"); m = _codecs.charmap_build(small); print(m.size(), m.size.__doc__ is not None, type(m).__name__); t(type(m))
t(_codecs.charmap_encode, "\xe9\u0100"); t(_codecs.charmap_decode, b"\xff")

# Handlers as functions.
e = UnicodeEncodeError("utf-8", "a\ud800\u20acb", 1, 3, "why"); d = UnicodeDecodeError("utf-8", b"a\xed\xa0\x80", 1, 2, "why"); tr = UnicodeTranslateError("a\u20acb", 1, 2, "why")
e2 = UnicodeEncodeError("utf-16-be", "\ud800", 0, 1, "why"); e3 = UnicodeEncodeError("ascii", "\udc80\udcff", 0, 9, "why"); d2 = UnicodeDecodeError("utf-16-le", b"\0\xd8", -5, 9, "why"); d3 = UnicodeDecodeError("x", b"a\x80\x81\x82\x83\x84", 1, 6, "why")
for h in HANDLERS[:-1]:
    f = _codecs.lookup_error(h); print(f.__name__)
    for x in (e, d, tr, e2, e3, d2, d3, ValueError("v"), 5): t(f, x)
t(_codecs.lookup_error, "nothing"); t(_codecs.lookup_error, 5); t(_codecs.lookup_error, "a\0")

# The program's own.
def own(exc):
    seen.append((type(exc).__name__, exc.encoding, exc.start, exc.end, exc.reason))
    return answer[0]
seen = []; answer = [("?", 1)]
print(_codecs.register_error("own", own), _codecs.lookup_error("own") is own); t(_codecs.register_error, "own", 5); t(_codecs.register_error, 5, own)
for a in (("X", 2), ("", -1), ("XY", 3), (b"b", 2), ("\xe9", 2), ("X", 99), ("X",), "X", (5, 1), ("X", "1"), ("X", -99)):
    answer[0] = a
    t(_codecs.ascii_decode, b"a\x80b", "own"); t(_codecs.ascii_encode, "a\xe9b", "own"); t(_codecs.charmap_encode, "a\u1234b", "own", {97: 97, 98: 98, 88: 88}); t(_codecs.charmap_decode, b"a\x80b", "own", "a" * 99)
print(seen[:4], len(seen))

# The registry.
def find(name):
    names.append(name)
    if name == "mine": return (lambda o, e="strict": (("E", o, e), 1), lambda o, e="strict": (("D", o, e), 1), None, None)
    if name == "bad": return 5
    if name == "odd": return (lambda o, e="": 5, lambda o, e="": (1, 2, 3), None, None)
    if name == "text": return (lambda o, e="": (b"<" + o.encode() + b">", 1), lambda o, e="": ("text", 1), None, None)
names = []
t(_codecs.register, 5); print(_codecs.register(find))
t(lambda: len(_codecs.lookup("Mine"))); t(lambda: len(_codecs.lookup("MINE"))); t(_codecs.lookup, "no such codec"); t(_codecs.lookup, "bad"); t(_codecs.lookup, 5)
t(_codecs.encode, 1, "mine"); t(_codecs.decode, 1, "mine", "ignore"); t(_codecs.encode, obj=2, encoding="mine", errors="x"); t(_codecs.encode, 1, "odd"); t(_codecs.decode, 1, "odd"); t(_codecs.encode, "a", 5); t(_codecs.decode, b"a", "mine", 5); t(_codecs.encode)
t("x".encode, "text"); t(b"x".decode, "text"); t("x".encode, "mine"); t(b"x".decode, "mine"); t("x".encode, "no such codec"); t(str, b"x", "text")
print([n for n in names if n in ("mine", "bad", "no_such_codec", "odd", "text")], _codecs.unregister(find), _codecs.unregister(find)); t(_codecs.lookup, "mine")
