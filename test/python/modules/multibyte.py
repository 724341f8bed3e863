"""The encodings with more than one byte a character: whole texts, piece by piece, streams, and what handlers make of errors."""
import binascii
import codecs
import io

import _codecs_cn
import _multibytecodec

NAMES = """gb2312 gbk gb18030 hz big5 big5hkscs cp950 euc_kr cp949 johab shift_jis cp932 euc_jp shift_jis_2004 shift_jisx0213
euc_jis_2004 euc_jisx0213 iso2022_kr iso2022_jp iso2022_jp_1 iso2022_jp_2 iso2022_jp_2004 iso2022_jp_3 iso2022_jp_ext""".split()


def attempt(f, *args, **kwargs):
    try:
        r = f(*args, **kwargs)
    except Exception as e:
        r = type(e).__name__ + ": " + str(e)
    print(ascii(r))
    return r


print("# every character, and every two bytes")
EVERY = "".join(map(chr, (*range(0xD800), *range(0xE000, 0x30000), *range(0x10FF00, 0x110000))))
PAIRS = b"".join(bytes([a, b, 10]) for a in range(256) for b in range(256))
THREES = b"".join(bytes([0x8F, a, b, 10]) for a in range(0x9F, 256) for b in range(0x9F, 256))
for name in NAMES:
    b = EVERY.encode(name, "ignore")
    print(name, len(b), binascii.crc32(b))
    for b in PAIRS, THREES:
        s = b.decode(name, "replace")
        print(len(s), s.count("\ufffd"), binascii.crc32(s.encode()))

print("# texts")
TEXT = "\u4e2d\u6587 abc~ \u3042\u30a2\uff71 \u00a5\u203e \ud55c\uae00 \uac02 \u304b\u309a\u00ca\u0304 \U0002000b\u20ac"
for name in NAMES:
    for errors in "replace", "ignore", "xmlcharrefreplace", "backslashreplace":
        b = TEXT.encode(name, errors)
        print(name, errors, b)
        attempt(b.decode, name, "replace")
    attempt(TEXT.encode, name)
    attempt(b"ab\xff\x80cd".decode, name)
    attempt(b"ab\xa1".decode, name)
    attempt(b"ab\xb0\x30\x1b$B0".decode, name, "backslashreplace")

print("# piece by piece")
for name in "gbk", "hz", "euc_jis_2004", "iso2022_jp", "iso2022_kr", "gb18030":
    e = codecs.getincrementalencoder(name)()
    d = codecs.getincrementaldecoder(name)("replace")
    out = b""
    for c in "\u4e2da\u304b\u309a\u304b":
        try:
            b = e.encode(c)
        except UnicodeEncodeError as x:
            print(x)
            continue
        out += b
        print(b, e.getstate())
    s = e.getstate()
    b = e.encode("", True)
    out += b
    print(b, e.getstate())
    e.setstate(s)
    print(e.encode("", True) == b)
    for i in range(len(out)):
        print(ascii(d.decode(out[i : i + 1])), d.getstate())
    s = d.getstate()
    attempt(d.decode, b"\x81", True)
    d.reset()
    d.setstate(s)
    print(d.getstate(), e.errors, d.errors)
E_ = codecs.getincrementalencoder("euc_jis_2004")
D_ = codecs.getincrementaldecoder("euc_jis_2004")
R_ = codecs.getreader("euc_jis_2004")
W_ = codecs.getwriter("euc_jis_2004")
e, d = E_(), D_()
for state in "a", -1, 1 << 200, 9, 0:
    attempt(e.setstate, state)
for state in 1, (1, 2), (b"", -1), (b"123456789", 1), (b"123", 1 << 64), (b"",), (b"", ""), (b"\x8f", 0):
    attempt(d.setstate, state)
attempt(d.decode, b"", True)
attempt(d.getstate)
attempt(setattr, e, "errors", 1)
attempt(delattr, e, "errors")
e.errors = "backslashreplace"
attempt(e.encode, "\ud800\u02e9")
attempt(e.encode, 5, final=True)
attempt(e.encode)
attempt(d.decode, "a")
for args in (1,), ("a", "b"), (None,), ("a\0b",):
    attempt(E_, *args)
attempt(_multibytecodec.MultibyteIncrementalEncoder)
attempt(type("Wrong", (_multibytecodec.MultibyteIncrementalDecoder,), {"codec": 1}))

print("# streams")
data = "\u4e2d\u6587a\nb\u304b\u309a\nc\u304b".encode("euc_jis_2004")
for size in None, 1, 2, 3, -1, 0:
    r = R_(io.BytesIO(data))
    for i in range(4):
        attempt(r.read, size)
r = R_(io.BytesIO(data))
attempt(r.readline)
attempt(r.readlines)
attempt(r.readline)
attempt(R_(io.BytesIO(data[:-1])).read)
attempt(R_(io.BytesIO(data[:-1]), "replace").read)
attempt(R_)
attempt(R_, 1, 2)
attempt(R_(1).read)
attempt(R_(io.StringIO("a")).read)
attempt(R_(1).read, "a")
out = io.BytesIO()
w = W_(out)
attempt(w.write, "a\u304b")
print(out.getvalue())
attempt(w.writelines, ["\u309a", "b\u304b"])
print(out.getvalue(), w.stream is out, w.errors)
attempt(w.reset)
print(out.getvalue())
attempt(w.writelines, 1)
attempt(w.write, "\ud800")

print("# handlers")
for n, result in enumerate([("?!", 1), (b"\xff", 2), ("\u4e2d", -1), ("", 9), ("", -9), ("a",), 5, (1, 2), ("a", "b"), ("\ud800", 1)]):
    codecs.register_error("multi%d" % n, lambda x, r=result: r)
    attempt("\ud800b".encode, "gbk", "multi%d" % n)
    attempt(b"\xffb".decode, "gbk", "multi%d" % n)
    attempt("\ud800b".encode, "iso2022_jp", "multi%d" % n)
attempt("\ud800".encode, "gbk", "nosuch")
c = codecs.lookup("gbk")
attempt(c.encode, "\ud800", "a\0")
attempt(c.encode, "a", 1)
attempt(c.encode, 12)
attempt(c.encode)
attempt(c.decode, "a")
attempt(c.decode, bytearray(b"\xb0\xa1"))
attempt(c.decode, memoryview(b""))

print("# modules")
attempt(_codecs_cn.getcodec, 1)
attempt(_codecs_cn.getcodec, "nosuch")
attempt(_multibytecodec.__create_codec, 1)
print(type(_codecs_cn.getcodec("hz")))
attempt(type(_codecs_cn.getcodec("hz")))
