"""Module _json: strings, the scanner, the encoder, what hooks may do to what is read and written."""
import _json
import json
from json.decoder import JSONDecodeError


def attempt(f, *args, **kwargs):
    try:
        print(ascii(f(*args, **kwargs)))
    except JSONDecodeError as e:
        print("JSONDecodeError", ascii(e.msg), e.pos, e.lineno, e.colno)
    except Exception as e:
        print(type(e).__name__, ascii(str(e)))


for s in "", "plain", 'q"b\\s/', "\0\x1f\x7f\x80\xe9\u20ac\ud800\U0001f600", "\b\f\n\r\t":
    print(ascii(_json.encode_basestring_ascii(s)), ascii(_json.encode_basestring(s)))
    assert _json.scanstring(_json.encode_basestring_ascii(s), 1) == (s, len(_json.encode_basestring_ascii(s)))
attempt(_json.encode_basestring, 1)
attempt(_json.encode_basestring_ascii, None)

for text, end in (('"abc"', 1), ('abc"def', 0), ('abc"', 9), ('abc"', -1), ('"', 1), ('"abc', 1), ('a\nb"', 0), ("\\", 0),
                  ('\\x"', 0), ('\\u00e9"', 0), ('\\u00', 0), ('\\u00zz"', 0), ('\\u1234', 0), ('\\ud83d\\ude00"', 0), ('\\ud83d\\u0041"', 0),
                  ('\\ud83d\\uzzzz"', 0), ('\\ud83dx"', 0), ('\\ud83d"', 0), ('\u20ac\\n\u20ac"', 0), ('\\/\\b"', 0), ("\ud800\U0001f600\"", 0)):
    attempt(_json.scanstring, text, end)
    attempt(_json.scanstring, text, end, False)
attempt(_json.scanstring)
attempt(_json.scanstring, 1, 2)
attempt(_json.scanstring, "a", "b")
attempt(_json.scanstring, "a", 1, 2, 3)

for text in ("[]", "{}", "[1, 2.5, -0, -0.0, 1e5, 1E+2, 1e-400, 1e400]", "[1,]", "[,]", "[1 2]", "[", "[1", "{", '{"a"', '{"a":', '{"a":1', '{"a":1,',
             '{"a":1,}', '{"a" 1}', '{a:1}', "{1:2}", "nul", "null", "true", "false", "NaN", "-Infinity", "Infinity", "Inf", "-", "-a", "01", "1.", "1.e5",
             "1e", "1e+", ".5", "+1", "\u20ac", "[\u20ac]", '["\u20ac", 12, 1.5]', '["\U0001f600", 12, 1.5e3]', "  [ 1 , { } ]  ", "", "   ", "1 2", '{"a":1} x',
             '{"a": {"a": ["a", {"a": null}]}}', "\ufeff[]", "[1,\n2,\n]", "1" * 30, "[" * 5 + "]" * 5):
    attempt(json.loads, text)
attempt(json.loads, "1" * 5000)
attempt(json.loads, "[" * 100000)
attempt(json.loads, '{"a":' * 100000)
attempt(json.loads, '[1, 2.5, NaN, {"a": 1}]', parse_int=lambda s: "i" + s, parse_float=lambda s: "f" + s, parse_constant=lambda s: "c" + s)
attempt(json.loads, '{"a": {"b": 1}, "c": []}', object_pairs_hook=lambda pairs: ("pairs", pairs), object_hook=print)
attempt(json.loads, '{"a": {"b": 1}, "c": []}', object_hook=lambda d: sorted(d.items()))
attempt(json.loads, '[{"a": 1}]', object_hook=lambda d: 1 // 0)
attempt(json.loads, '["a\tb"]', strict=False)
keys = [list(d)[0] for d in json.loads('[{"some key": 1}, {"some key": 2}]')]
print(keys[0] is keys[1])

scanner = json.decoder.JSONDecoder().scan_once
print(type(scanner), scanner.strict, scanner.parse_float, scanner.object_hook)
attempt(scanner, "[1]", 0)
attempt(scanner, "[1]", 5)
attempt(scanner, "[1]", -1)
attempt(scanner, 1, 0)
attempt(scanner, "1")
attempt(scanner, string="xx7", idx=2)
attempt(_json.make_scanner)
attempt(_json.make_scanner, 1)
attempt(setattr, scanner, "strict", 0)


class Int(int):
    __repr__ = __str__ = None


class Float(float):
    def __repr__(self):
        return "no"


class Str(str):
    pass


class Dict(dict):
    def items(self):
        return [("x", 1), ["y", 2]]


sample = {"a": [1, Int(2), 1.5, Float(2.5), None, True, False, "\xe9\n", Str("s")], "b": (), "c": [], "d": {}, 1: 2, 1.5: 3, None: 4, True: 5, False: 6}
for options in {}, {"indent": 2}, {"indent": "\t", "sort_keys": False}, {"ensure_ascii": False}, {"separators": (",", ":")}, {"check_circular": False}:
    attempt(json.dumps, sample, **options)
attempt(json.dumps, {"b": 1, "a": 2}, sort_keys=True)
attempt(json.dumps, {"b": 1, 2: 2}, sort_keys=True)
attempt(json.dumps, {(): 1})
attempt(json.dumps, {(): 1, "a": 2, b"": 3, "c": 4}, skipkeys=True)
attempt(json.dumps, Dict(a=1))
attempt(json.dumps, float("nan"))
attempt(json.dumps, [float("inf"), -float("inf")], allow_nan=False)
attempt(json.dumps, {float("nan"): 1})
attempt(json.dumps, object)
attempt(json.dumps, [1j], default=str)
attempt(json.dumps, 1j, default=lambda o: o)
attempt(json.dumps, 10 ** 5000)
loop = []
loop.append(loop)
attempt(json.dumps, loop)
loop = {}
loop["a"] = [loop]
attempt(json.dumps, loop)
deep = []
for _ in range(100000):
    deep = [deep]
attempt(json.dumps, deep)
attempt(json.dumps, deep, check_circular=False)
while deep:
    deep = deep[0]

# What is written changes meanwhile.
items = [1, 2, object(), 3]


def emptied(o):
    items.clear()
    return "gone"


attempt(json.dumps, items, default=emptied)
grown = [object()]
attempt(json.dumps, grown, default=lambda o: grown.extend("abc"))
table = {"a": object(), "b": 2}
attempt(json.dumps, table, default=lambda o: table.update(a=0))

encode = json.encoder.c_make_encoder
attempt(encode)
attempt(encode, 1, 2, 3, 4, 5, 6, 7, 8, 9)
attempt(encode, 1, 2, 3, 4, "", "", 7, 8, 9)
e = encode({}, repr, str, None, "=", ";", False, True, True)
print(type(e), e.markers, e.default, e.encoder, e.indent, e.key_separator, e.item_separator, e.sort_keys, e.skipkeys)
attempt(e, {"a": "b", (): 1, "c": [object]}, 0)
attempt(encode(None, repr, len, None, "", "", 0, 0, 0), ["a"], 0)
attempt(encode(None, repr, _json.encode_basestring, "--", ": ", ",", 0, 0, 0), {"a": [1, {}]}, 2)
attempt(encode(None, repr, _json.encode_basestring, 3, ": ", ",", 0, 0, 0), {"a": [1, {}]}, 2)
attempt(e, 1)
attempt(e, 1, "a")
attempt(e, obj=1, _current_indent_level=0)
