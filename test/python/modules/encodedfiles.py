# Text streams whose encodings only the registry of codecs has: writing, reading in pieces, positions, marks; codecs that do not
# keep the rules; error handlers that put other bytes in the place of the input.
import codecs
import io
import os
import tempfile

path = os.path.join(tempfile.mkdtemp(), "f")
TEXTS = {
    "cp1252": "naïve – café €\n",
    "iso-8859-15": "œuvre à 5 €\n",
    "koi8-r": "привет мир\n",
    "mac_roman": "déjà ∂\n",
    "euc_jp": "日本語のテキスト\n",
    "shift_jis": "カタカナ\n",
    "gb18030": "汉字𠀀\n",
    "iso2022_jp": "日本語 abc\n",
    "utf-7": "Hi Mom ☺ +\n",
    "utf-8-sig": "mit Marke ü\n",
    "big5": "中文\n",
}
for encoding, line in TEXTS.items():
    text = line * 400
    with open(path, "w", encoding=encoding) as f:
        f.write(text[:50])
        f.write(text[50:])
    with open(path, "rb") as f:
        data = f.read()
    with open(path, encoding=encoding) as f:
        whole = f.read()
        f.seek(0)
        lines = f.readlines()
        f.seek(0)
        places = []
        while chunk := f.read(97):
            places.append((f.tell(), chunk))
        back = []
        for (place, _), (_, chunk) in zip(places[::7], places[1::7]):
            f.seek(place)
            back.append(f.read(97) == chunk)
    print(encoding, whole == text, len(lines), "".join(c for _, c in places) == text, all(back), data == text.encode(encoding))
    with open(path, "a", encoding=encoding) as f:
        f.write("x")
    with open(path, "rb") as f:
        print("   ", f.read()[len(data):])


def attempt(f, *args, **kwargs):
    try:
        print(ascii(f(*args, **kwargs)))
    except Exception as e:
        print(type(e).__name__, ascii(str(e)))


B, T = io.BytesIO, io.TextIOWrapper
attempt(T, B(), encoding="no such")
attempt(T, B(), encoding="hex")
attempt(T, B(), encoding="rot13")
attempt(T, B(), encoding="a\0b")
attempt(T, B(), encoding="\udcfe")
attempt(codecs.lookup, "\udcfe")
attempt(T(B(b"\x81"), encoding="cp1252").read)
attempt(T(B(b"\x81a"), encoding="cp1252", errors="replace").read)
attempt(T(B(), encoding="cp1252", errors="xmlcharrefreplace").write, "ab\u4e00")
attempt(T(B(b"a\r\nb\rc\n"), encoding="cp037", newline="").newlines)
b = B()
f = T(b, encoding="iso2022_jp", write_through=True)
f.write("日")
f.write("本")
print(b.getvalue())
f.reconfigure(encoding="koi8-r")
f.write("я")
f.reconfigure(encoding="utf-8-sig")
f.write("ü")
print(b.getvalue())


# Coders of one's own.
class Decoder(codecs.IncrementalDecoder):
    """A byte that is a digit says how many of the following are one character."""

    def __init__(self, errors="strict"):
        super().__init__(errors)
        self.kept = b""

    def decode(self, data, final=False):
        data, out = self.kept + data, ""
        while data:
            n = data[0] - 48
            if len(data) <= n:
                break
            out += data[1 : n + 1].decode()
            data = data[n + 1 :]
        self.kept = data
        return out

    def getstate(self):
        return self.kept, 7

    def setstate(self, state):
        self.kept = state[0]
        assert state[1] in (0, 7), state

    def reset(self):
        self.kept = b""


class Wrong(codecs.IncrementalDecoder):
    def decode(self, data, final=False):
        return data

    def getstate(self):
        return 5


class WrongEncoder(codecs.IncrementalEncoder):
    def encode(self, text, final=False):
        return text + "!"


def search(name):
    decoder = {"counted": Decoder, "wrong": Wrong}.get(name)
    if decoder:
        return codecs.CodecInfo(
            lambda text, errors="strict": ("".join(f"{len(c.encode())}{c}" for c in text).encode(), len(text)),
            codecs.utf_8_decode,
            incrementaldecoder=decoder,
            incrementalencoder=WrongEncoder,
            name=name,
        )


codecs.register(search)
data = "".join(f"{len(c.encode())}{c}" for c in "aäb€c𐍈\n" * 50).encode()
f = T(B(data), encoding="counted")
f._CHUNK_SIZE = 5
places = [(f.tell(), f.read(3)) for _ in range(60)]
print(all(f.seek(place) == place and f.read(3) == text for place, text in reversed(places)), places[3][1])
f = T(B(b"abc"), encoding="wrong")
attempt(f.read, 1)
attempt(f.tell)
attempt(f.read)
attempt(f.write, "a")

# Handlers of errors.
kinds = []
for encoding, data in (
    ("ascii", b"a\xffb"), ("utf-7", b"++"), ("utf-8", b"\xff"), ("utf-16-le", b"\xff"), ("utf-32", b"\xff"),
    ("unicode-escape", b"\\u123g"), ("raw-unicode-escape", b"\\u123g"),
):
    for instead in (42, b"", b"ok", b"\\u0041", b"a\xff"):
        def handler(error, instead=instead, times=[]):
            times.append(1)
            if len(times) > 1:
                return "!", error.end
            error.object = instead
            return "<>", 0

        codecs.register_error("instead", handler)
        try:
            kinds.append(data.decode(encoding, "instead"))
        except Exception as e:
            kinds.append(type(e).__name__)
print(kinds)
for object in (bytearray(b"a\xff"), memoryview(b"a\xff"), b"a\xff"):
    e = UnicodeDecodeError("ascii", object, 1, 2, "why")
    print(type(e.object).__name__, e, codecs.replace_errors(e), codecs.backslashreplace_errors(e))
attempt(UnicodeDecodeError, "ascii", 5, 1, 2, "why")
codecs.register_error("odd", lambda e: (b"abc", e.end))
for encoding in ("utf-8", "utf-16-le", "utf-32-be"):
    attempt("x\udc80y".encode, encoding, "odd")
d = codecs.getincrementaldecoder("utf-8")("surrogatepass")
print(ascii([d.decode(bytes([b])) for b in "\ud901a\udc02".encode("utf-8", "surrogatepass")]))


class Raw(io.RawIOBase):
    """Without read1()."""

    def __init__(self):
        self.left = [b"ab\nc", b"d\n", b""]

    def readable(self):
        return True

    def read(self, n=-1):
        return self.left.pop(0)

    def readinto(self, b):
        raise AssertionError


print(T(Raw()).readlines())
