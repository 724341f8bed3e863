# The tokens of lines that a function gives.
from _tokenize import TokenizerIter


def attempt(f, *args, **kwargs):
    try:
        print(f(*args, **kwargs))
    except Exception as e:
        print(type(e).__name__, e, getattr(e, "args", None) if not isinstance(e, SyntaxError) else
              (e.msg, e.filename, e.lineno, e.offset, e.text, e.end_lineno, e.end_offset))


def tokens(lines, **options):
    calls = 0

    def readline():
        nonlocal calls
        calls += 1
        return lines[calls - 1] if calls <= len(lines) else (b"" if "encoding" in options else "")

    it = TokenizerIter(readline, **options)
    try:
        for token in it:
            print(*token, sep=" | ", end=f" | {token[4]!r} {calls}\n")
        attempt(next, it)
    except Exception as e:
        attempt(lambda: (_ for _ in ()).throw(e))


attempt(TokenizerIter)
attempt(TokenizerIter, 1)
attempt(TokenizerIter, 1, True)
attempt(TokenizerIter, 1, extra_tokens=True, encoding=3)
attempt(TokenizerIter, 1, extra_tokens=True, encoding="a\0b")
attempt(next, TokenizerIter(1, extra_tokens=True))
attempt(next, TokenizerIter(lambda: 3, extra_tokens=True))
attempt(next, TokenizerIter(lambda: "x", extra_tokens=True, encoding="utf-8"))
attempt(next, TokenizerIter(lambda: b"x", extra_tokens=True, encoding="no such"))
attempt(next, TokenizerIter(lambda: "\udc80", extra_tokens=True))

SOURCES = [
    ["x = 1 # comment\n", "\n", "  # only\n", "if x:\n", "    y = '''a\n", "b\n", "c'''\n", "  \n", "\tz\n"],
    ["def f(a, *,\n", "      b=2): # c\n", "  return {\n", "    1: [2,\n", "\n", "    3]}\n", "f(1,\n", "  b=3)\n"],
    ["x = 1"],
    ["# no end"],
    ["\r\n", "x = 1\r\n", "# c\r\n", "y = '''a\r\n", "b'''\r\n", "z = (1,\r\n", "2)\r\n", "a \\\r\n", "+ b\r\n"],
    ["f'a{x!r:>{w}}b{{' f'''m\n", "{y\n", "+1=}'''\n", "rf'\\{x}'\n"],
    ["é = 'ä' + \"𝒳\" # ß\n", "𝒳 = (é,\n", " 'ö𝒳', é)\n", "'''é\n", "𝒳 ''' + é\n"],
    ["x = (1\n"],
    ["x = '''a\n", "b"],
    ["x = 'a\n"],
    ["f'{x\n"],
    ["if 1:\n", "    x\n", "  y\n"],
    ["if 1:\n", "\tx\n", "        y\n"],
    ["x = \\ 1\n"],
    ["x = 1 \\\n"],
    ["x = $ ? ! 0777 1_ 0x 1e 5j 0b12 1if 2else 3 ))\n"],
    ["x\0y\n"],
    ["\x0c\n", "\x0cx\n", "async def f(): await x\n"],
    ["a\nb\n", "c"],
    ["(" * 201 + "\n"],
    ["".join("  " * i + "if 1:\n" for i in range(3)), "      x\n"],
    ["  " * i + "if 1:\n" for i in range(101)],
]
for lines in SOURCES:
    print("==", lines if len(lines) < 50 else len(lines))
    if len(lines) < 50:
        tokens(lines, extra_tokens=True)
        tokens(lines, extra_tokens=False)
        tokens([line.encode() for line in lines], extra_tokens=True, encoding="utf-8")
tokens([b"x = '\xff'\n", b"y\n"], extra_tokens=True, encoding="utf-8")
tokens([b"x = '\xff'\n", b"y\n"], extra_tokens=True, encoding="latin-1")


# A function that runs the iterator, and one that fails after some lines.
def readline():
    lines.append(None)
    if len(lines) == 3:
        print("inner", next(it), next(it))
    return f"line{len(lines)} = (1,\n" if len(lines) == 1 else f"{len(lines)},\n" if len(lines) < 8 else 1 / 0


lines = []
it = TokenizerIter(readline, extra_tokens=True)
count = 0
try:
    for token in it:
        count += 1
except Exception as e:
    print(type(e), e)
print(count > 8, TokenizerIter.__basicsize__, TokenizerIter.__module__, TokenizerIter.__doc__)

from tokenize import generate_tokens, untokenize
import io

text = "def f(x):\n    '''doc\n    more'''\n    return (x +\n        1)  # c\n"
print(untokenize(generate_tokens(io.StringIO(text).readline)) == text)
