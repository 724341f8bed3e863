"""Module _csv: dialects, readers, writers, what iterators and files may do to them meanwhile."""
import _csv
import gc
import sys


def attempt(f, *args, **kwargs):
    try:
        print(ascii(f(*args, **kwargs)))
    except Exception as e:
        print(type(e).__module__, type(e).__name__, ascii(str(e)))


class Out:
    def __init__(self):
        self.text = ""

    def write(self, s):
        self.text += s
        return len(s)


def read(lines, *args, **kwargs):
    return list(_csv.reader(lines, *args, **kwargs))


def write(rows, *args, **kwargs):
    out = Out()
    _csv.writer(out, *args, **kwargs).writerows(rows)
    return out.text


print(sorted(n for n in dir(_csv) if not n.startswith("__")))
for options in ({}, {"delimiter": ";"}, {"delimiter": ""}, {"delimiter": "ab"}, {"delimiter": None}, {"delimiter": 1}, {"delimiter": "\n"}, {"delimiter": " "},
                {"delimiter": '"'}, {"quotechar": None}, {"quotechar": None, "quoting": 0}, {"quotechar": ""}, {"quotechar": 1}, {"quotechar": "\r"},
                {"quotechar": " "}, {"quotechar": " ", "skipinitialspace": True}, {"escapechar": "\\"}, {"escapechar": ","}, {"escapechar": '"'},
                {"escapechar": 7}, {"escapechar": "xx"}, {"lineterminator": "\n"}, {"lineterminator": None}, {"lineterminator": 1}, {"lineterminator": ",x"},
                {"lineterminator": ""}, {"quoting": 3}, {"quoting": 9}, {"quoting": -1}, {"quoting": "x"}, {"quoting": None}, {"quoting": True},
                {"quoting": 2 ** 40}, {"strict": []}, {"doublequote": 0}, {"dialect": "none"}, {"bad": 1}, {"delimeter": 1}):
    try:
        d = _csv.Dialect(**options)
    except Exception as e:
        print(options, type(e).__name__, ascii(str(e)))
    else:
        print(options, ascii([d.delimiter, d.doublequote, d.escapechar, d.lineterminator, d.quotechar, d.quoting, d.skipinitialspace, d.strict]))
attempt(_csv.Dialect, *range(10))
attempt(_csv.Dialect, None, dialect=None)
d = _csv.Dialect(delimiter=";")
print(_csv.Dialect(d) is d, _csv.Dialect(d, strict=True) is d, _csv.Dialect(d, strict=True).delimiter)
attempt(setattr, d, "delimiter", ",")
attempt(d.__reduce__)
attempt(d.__reduce_ex__, 2)


class Tabs:
    delimiter = "\t"
    quoting = _csv.QUOTE_NONE
    other = 1


class Broken:
    @property
    def delimiter(self):
        raise ValueError("not told")


print(ascii(_csv.Dialect(Tabs).delimiter), _csv.Dialect(Broken()).delimiter)
attempt(_csv.register_dialect)
attempt(_csv.register_dialect, 1)
attempt(_csv.register_dialect, "tabs", Tabs, strict=True)
attempt(_csv.register_dialect, "tabs", Tabs, 1)
attempt(_csv.register_dialect, "bad", delimiter="xx")
print(_csv.list_dialects(), _csv.get_dialect("tabs").strict, _csv._dialects["tabs"] is _csv.get_dialect("tabs"))
attempt(_csv.get_dialect, "none")
attempt(_csv.get_dialect, [])
attempt(_csv.unregister_dialect, "none")
attempt(_csv.unregister_dialect, name="tabs")
attempt(_csv.unregister_dialect, {})

for lines, options in ((["a,b\r\n", "c,d"], {}), (["a,b\n\n", "c"], {}), (["a,\"b\nc\",d"], {}), (['a,"b\n', 'c",d\n'], {}), (['"a""b",c""d'], {}),
                       (['"a" x,b'], {}), (['"a" x,b'], {"strict": True}), (['"a'], {}), (['"a'], {"strict": True}), (["a\\,b,c\\"], {"escapechar": "\\"}),
                       (["a\\\n", "b"], {"escapechar": "\\"}), (['"a\\"b\\', 'c"'], {"escapechar": "\\"}), ([" a, b ,  c"], {"skipinitialspace": True}),
                       (["1,2.5,\"3\",x"], {"quoting": 2}), (["1,2.5,\"3\",,\"\""], {"quoting": 4}), (["1,,\"\",\"x\""], {"quoting": 5}),
                       (['a,"b",c'], {"quoting": 3}), (["a,b\rc"], {}), (["a\r\nb"], {}), ([""], {}), ([], {}), (["\n", "\r\n"], {}), ([","], {}),
                       (["\xe9\u20ac\U0001f600,x"], {}), ("a\nb", {}), ([b"a"], {}), ([1], {}), (["'a''b'"], {"quotechar": "'", "doublequote": False}),
                       (["\0,a"], {}), (["x" * 10000 + ",y"], {})):
    try:
        print(ascii(read(lines, **options))[:300])
    except Exception as e:
        print(ascii(lines), options, type(e).__name__, ascii(str(e)))
r = _csv.reader(["a", '"b\n', 'c"', "d"])
print(r.line_num, next(r), r.line_num, next(r), r.line_num, r.dialect.delimiter, iter(r) is r)
attempt(_csv.reader)
attempt(_csv.reader, 1)
attempt(_csv.reader, [], 1, 2)
attempt(_csv.reader, [], "none")
attempt(_csv.reader, [], bad=1)
attempt(_csv.Reader)
attempt(_csv.Writer)
print(_csv.field_size_limit(), _csv.field_size_limit(3), _csv.field_size_limit())
attempt(read, ["abc,abcd"])
attempt(read, ["abc,abc"])
attempt(_csv.field_size_limit, 1.5)
attempt(_csv.field_size_limit, 2 ** 70)
attempt(_csv.field_size_limit, new_limit=131072)

OBJECTS = ["a", "b c", 'q"q', "x,y", "l\nm", "r\r", "", None, 1, 2.5, True, b"b", ("t",), "\\", "\u20ac\U0001f600"]
for options in ({}, {"quoting": 1}, {"quoting": 2}, {"quoting": 3}, {"quoting": 3, "escapechar": "\\"}, {"quoting": 4}, {"quoting": 5}, {"doublequote": False},
                {"doublequote": False, "escapechar": "\\"}, {"escapechar": "\\"}, {"delimiter": "\t", "quotechar": "'", "lineterminator": "!\n"},
                {"delimiter": " ", "skipinitialspace": True}, {"lineterminator": ""}, {"quotechar": None}, {"lineterminator": "\u2028"}):
    attempt(write, [OBJECTS], **options)
    for row in [], [""], [None], ["", ""], [None, None], "ab", "":
        attempt(write, [row], **options)
attempt(write, [1])
attempt(write, 1)
attempt(_csv.writer)
attempt(_csv.writer, None)
attempt(_csv.writer, type("W", (), {"write": 1})())
attempt(_csv.writer(Out()).writerow, ["a", "b"])


class Bad:
    def __str__(self):
        raise KeyError("no text")


attempt(write, [["a", Bad()]])
attempt(_csv.writer(sys.stdout).writerow, (c for c in "xyz"))


def failing():
    yield "a"
    raise OSError("no more")


attempt(write, [failing()])
attempt(read, failing())


# A reader that is asked for a record while it asks for a line; a writer while it asks for a field.
def inner():
    yield "a,b\n"
    yield '"c\n'
    try:
        print("inner", next(reader))
    except (StopIteration, ValueError) as e:
        print("inner", type(e).__name__, e)
    yield 'd",e\n'


reader = _csv.reader(inner())
attempt(list, reader)
class Field:
    def __str__(self):
        writer.writerow(["inner"])
        return "field"


out = Out()
writer = _csv.writer(out)
attempt(writer.writerow, ["before", Field(), "after"])
print(ascii(out.text))
loop = _csv.reader(lines := [])
lines.append(loop)
del loop, lines
gc.collect()
for text in "a", "\u20ac" * 5, 'x,"y' * 3:
    assert read([write([[text, "z"]])]) == [[text, "z"]]
