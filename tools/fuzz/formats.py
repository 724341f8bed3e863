# The loop of tools/fuzz/formats.ts: damages what is read from outside, and reads it. The clock gives the number of each
# case, from which all that happens in it follows, or 2 ** 53 at the end.

import _pickle, _sre, _struct, binascii, bz2, copyreg, importlib._bootstrap_external, io, json, lzma, marshal, re, sys, time
import zipfile, zipimport, zlib

STATE = [0]

def rnd(n):
    STATE[0] = (STATE[0] * 1103515245 + 12345) % 2147483648
    return (STATE[0] >> 8) % n

def newobj(cls, *args): return cls.__new__(cls, *args)
newobj.__name__ = "__newobj__"
copyreg.add_extension("builtins", "int", 5)
copyreg.add_extension("builtins", "missing", 6)

class Plain:
    def __init__(self): self.x = self

class Hashed(list):
    def __hash__(self): return len(self)
    def __eq__(self, other): return list.__eq__(self, other)

sys.modules["m"] = sys.modules["__main__"]
Plain.__module__ = Hashed.__module__ = newobj.__module__ = "m"
newobj.__qualname__ = "newobj"

def deep(n):
    r = []
    for i in range(n): r = [r, {i: r}]
    return r

OBJECTS = [
    None, True, -1, 2 ** 31, -(2 ** 70), 1.5, "text", "\xe9\u1234", b"bytes", bytearray(b"array"), (), (1, 2), (1, 2, 3, 4), [1, [2]],
    {"a": 1, 2: "b"}, {1, 2}, frozenset([3]), Plain(), Hashed([1]), [Hashed()] * 3, int, deep(5), complex(1, 2), range(3), "x" * 300,
    list(range(300)), {i: str(i) for i in range(40)}, ..., object(), b"y" * 70000,
]
PICKLES = [_pickle.dumps(o, p) for o in OBJECTS for p in range(6)]
PICKLES += [
    b"(lp0\nI1\naF1.5\naS'a'\naVb\\u1234\naL5L\nag0\na.", b"(dp0\nS'a'\nI1\nsg0\n.", b"(cm\nPlain\no.", b"(im\nPlain\n.", b"Pid\n.",
    b"(I1\nI2\nt(0120(1Nq\x05h\x05r\1\0\0\0j\1\0\0\0\x86.", b"U\3abcT\3\0\0\0abc\x86.", b"\x82\5\x83\5\0\x84\5\0\0\0\x87.",
    b"cm\nPlain\n)R}(X\1\0\0\0aK\1ub.", b"cm\nPlain\n)\x81N}X\1\0\0\0bK\2s\x86b.", b"\x97\x98.", b"\x8f(K\1K\2\x90.", b"(K\1K\2\x91.",
    b"\x96\3\0\0\0\0\0\0\0abc.", b"\x8e\3\0\0\0\0\0\0\0abc.", b"\x8d\3\0\0\0\0\0\0\0abc.", b"\x95\4\0\0\0\0\0\0\0\x8c\1a\x94.",
]
MARSHALLED = [marshal.dumps(o, v) for o in OBJECTS[:17] + [list(range(300))] for v in range(5)]
MARSHALLED += [marshal.dumps(f.__code__) for f in (rnd, newobj, deep)]
TEXTS = [binascii.b2a_base64(bytes(range(60))), binascii.b2a_uu(b"some bytes"), binascii.b2a_qp(b"a =\xff \n" * 9), binascii.hexlify(b"hex")]
OPCODES = b"(.012FIJKLMNPQRSTUVXabcdegehijlopqrstu]})G\x80\x81\x82\x83\x84\x85\x86\x87\x88\x89\x8a\x8b\x8c\x8d\x8e\x8f\x90\x91\x92\x93\x94\x95\x96\x97\x98"

def damaged(data, other, bytes_likely):
    data = bytearray(data)
    for i in range(1 + rnd(4)):
        at = rnd(len(data) + 1)
        what = rnd(8)
        if what == 0: data[at:at + 1] = bytes([rnd(256)])
        elif what == 1: del data[at:at + 1 + rnd(4)]
        elif what == 2: data[at:at] = bytes([bytes_likely[rnd(len(bytes_likely))]])
        elif what == 3: data[at:at + 1] = bytes([bytes_likely[rnd(len(bytes_likely))]])
        elif what == 4: data[at:] = other[rnd(len(other) + 1):]
        elif what == 5 and at < len(data): data[at] ^= 1 << rnd(8)
        elif what == 6: data[at:at] = data[at:at + rnd(9)]
        else: data[at:at + 4] = [b"\xff\xff\xff\xff", b"\xff\xff\xff\x7f", b"\0\0\0\0", b"\1\0\0\0"][rnd(4)]
    return bytes(data[:3000])

class File:
    def __init__(self, data): self.data, self.at = data, 0
    def read(self, n):
        r = self.data[self.at:self.at + min(n, 5000)]
        self.at += len(r)
        return r
    def readline(self):
        end = self.data.find(b"\n", self.at) + 1 or len(self.data)
        r, self.at = self.data[self.at:end], end
        return r

class Peeking(File):
    def peek(self, n): return self.data[self.at:self.at + 7]
    def readinto(self, b):
        r = self.read(len(b))
        b[:len(r)] = r
        return len(r)

class Loader(_pickle.Unpickler):
    def persistent_load(self, pid): return [pid]

def pickles():
    data = damaged(PICKLES[rnd(len(PICKLES))], PICKLES[rnd(len(PICKLES))], OPCODES)
    how = rnd(5)
    if how < 2: o = _pickle.loads(data, buffers=[bytearray(b"x"), b"y"])
    elif how == 2: o = _pickle.loads(data, encoding=["bytes", "latin1", "utf-16"][rnd(3)], errors="replace")
    else:
        u = Loader((File if how == 3 else Peeking)(data))
        o = u.load()
        u.memo = u.memo.copy()
        o = u.load()
    _pickle.loads(_pickle.dumps(o, rnd(6)))

def marshals():
    data = damaged(MARSHALLED[rnd(len(MARSHALLED))], MARSHALLED[rnd(len(MARSHALLED))], b"0NFTSIifgyYlsutaARzZ()[]{}<>crp\x80\xe3\xdb")
    marshal.loads(data)

CHARACTERS = "xcbB?hHiIlLqQnNefdspP@=<>!0123456789 \0\xe9"

def structs():
    format = "".join([CHARACTERS[rnd(len(CHARACTERS))] for i in range(rnd(9))])
    size = _struct.calcsize(format)
    if size > 5000: return _struct.pack(format)
    data = bytes([rnd(256) for i in range(size)])
    values = _struct.unpack(format, data)
    if rnd(2): values = [[0, -1, 2 ** 64, 1.5, b"b", "s", None, float("nan"), True][rnd(9)] if rnd(3) == 0 else v for v in values]
    target = bytearray(size + rnd(9))
    _struct.pack_into(format, target, rnd(40) - 20, *values)
    _struct.unpack_from(format, target, rnd(40) - 20)
    s = _struct.Struct(format)
    it = s.iter_unpack(bytes(size * rnd(4)))
    if rnd(4) == 0: s.__init__("".join([CHARACTERS[rnd(27)] for i in range(rnd(4))]))
    list(it)
    m = memoryview(target).cast(["b", "h", "i", "q", "d", "e", "?", "c"][rnd(8)], *[[rnd(4), rnd(4)]][:rnd(2)])
    m.tolist(), m[rnd(9) - 4:rnd(9):rnd(5) - 2 or 1].tobytes(["C", "F", "A"][rnd(3)])

def texts():
    data = damaged(TEXTS[rnd(len(TEXTS))], TEXTS[rnd(len(TEXTS))], b"=_\n\r\t .`AZaz09+/")
    how = rnd(9)
    if how == 0: binascii.a2b_base64(data, strict_mode=rnd(2))
    elif how == 1: binascii.a2b_uu(data)
    elif how == 2: binascii.a2b_qp(data, rnd(2))
    elif how == 3: binascii.a2b_hex(data)
    elif how == 4: binascii.a2b_qp(binascii.b2a_qp(data, rnd(2), rnd(2), rnd(2)))
    elif how == 5: binascii.b2a_uu(data, backtick=rnd(2))
    elif how == 6: binascii.b2a_base64(data, newline=rnd(2))
    elif how == 7: binascii.hexlify(data, ":", rnd(20) - 10)
    else: binascii.crc32(data, rnd(9)), binascii.crc_hqx(data, rnd(9))

JSONS = [json.dumps(o) for o in (None, [1, -2.5e10, True], {"a": [{"b": "\u20ac\n\""}], "c": {}}, [[[[]]]] * 5, "text" * 50, list(range(50)))]
JSONS += ['[NaN, -Infinity, 1E400, "\\ud83d\\ude00", "\\u00e9"]', '{"a":1,"a":2}  ', "\ufeff[1]", "[" * 300]

def jsons():
    text = damaged(JSONS[rnd(len(JSONS))].encode(), JSONS[rnd(len(JSONS))].encode(), b'[]{}",:0123456789-+eE.\\untfr \n').decode("utf-8", "surrogatepass" if rnd(2) else "replace")
    how = rnd(5)
    if how == 0: o = json.loads(text)
    elif how == 1: o = json.loads(text.encode(["utf-8", "utf-16", "utf-32"][rnd(3)], "surrogatepass"))
    elif how == 2: o = json.loads(text, object_hook=list, parse_float=str, parse_constant=len)
    elif how == 3: o = json.loads(text, object_pairs_hook=tuple, strict=False, parse_int=float)
    else: o = json.JSONDecoder().raw_decode(text, rnd(9))
    json.dumps(o, indent=[None, 2, "\t"][rnd(3)], ensure_ascii=rnd(2), sort_keys=rnd(2), skipkeys=rnd(2), allow_nan=rnd(2))

PATTERNS = ["a+b*?c{2,3}", "(a)(?P<n>b|c)*\\1(?P=n)", "[^a-z\\d\\]]+$", "(?i:x)(?<=a)(?<!b)(?=c)(?!d)", "(?>a*)b++c?+", "(x)?(?(1)a|b)", "\\bword\\B.\\A\\Z",
    "(?x) a # b", "(?:a|ab|abc)+?", "\\N{DIGIT ONE}\\u1234\\x41", "(a*)*b", "((((a))))", "[\\w\\s-]", "(?P<a>.)(?P<b>(?P=a))", "^(?m:^a$)"]
CODES = [re._compiler._code(p, re.compile(q).flags) for q in PATTERNS for p in (re._parser.parse(q),)]

def regexes():
    flags = [0, re.I, re.M | re.S, re.X, re.A | re.I, re.L, re.DOTALL][rnd(7)]
    # Short, and no counts of two digits: what goes back takes its time here as in CPython.
    text = "aabbcAB \u12341\n"[rnd(9):]
    if rnd(3):
        pattern = damaged(PATTERNS[rnd(len(PATTERNS))].encode(), PATTERNS[rnd(len(PATTERNS))].encode(), b"()[]{}*+?|^$.\\:=!<>-,aPiux0129")
        pattern = re.sub(rb"\d\d+", b"2", pattern)
        if rnd(4): pattern = pattern.decode("latin-1")
        else: text = text.encode("utf-8")
        r = re._compiler.compile(pattern, flags)
    else:
        code = list(CODES[rnd(len(CODES))])
        for i in range(1 + rnd(3)): code[rnd(len(code))] = [rnd(45), rnd(300), 2 ** 32 - 1, 2 ** 31][rnd(4)]
        if rnd(3) == 0: code[rnd(len(code)):] = code[rnd(len(code)):]
        r = _sre.compile(None if rnd(2) else "x", flags & ~re.L, code, rnd(4), {}, (None,) * rnd(4))
    m = r.search(text)
    r.match(text, 1), r.fullmatch(text, 0, 5), r.findall(text), r.split(text, 3), r.subn("\\g<0>x", text), [m.span() for m in r.finditer(text)]
    if m: m.groups(), m.groupdict(), m.regs, m.lastindex, m.expand("\\1")

def zipped():
    z = io.BytesIO()
    with zipfile.ZipFile(z, "w") as f:
        f.writestr(zipfile.ZipInfo("m.py"), "x = 1\n")
        f.writestr(zipfile.ZipInfo("package/__init__.py"), b"y = 2\n" * 30, zipfile.ZIP_DEFLATED)
        f.writestr(zipfile.ZipInfo("\xe9.txt"), b"text" * 9, zipfile.ZIP_BZIP2)
        f.writestr(zipfile.ZipInfo("l"), b"data" * 20, zipfile.ZIP_LZMA)
        f.comment = b"comment"
    return z.getvalue()

ZIPS = [zipped()]
PACKED = [zlib.compress(b"some bytes" * 20), zlib.compress(bytes(range(256)), 9, -15), bz2.compress(b"some bytes" * 20), lzma.compress(b"some bytes" * 20),
    lzma.compress(b"alone" * 9, lzma.FORMAT_ALONE), lzma.compress(b"raw" * 30, filters=[{"id": lzma.FILTER_DELTA}, {"id": lzma.FILTER_LZMA2}])]
PYCS = [importlib._bootstrap_external._code_to_timestamp_pyc(f.__code__, 1, 2) for f in (rnd, deep, zipped)]
PYCS += [importlib._bootstrap_external._code_to_hash_pyc(f.__code__, b"12345678", True) for f in (rnd, jsons)]

def zips():
    data = damaged(ZIPS[0], ZIPS[0], b"PK\1\2\3\4\5\6\0\10\14\16")
    if rnd(3) == 0:
        with open("/z.zip", "wb") as f: f.write(data)
        zipimport._zip_directory_cache.clear()
        z = zipimport.zipimporter("/z.zip")
        z.get_code("m"), z.is_package("package"), z.get_source("package"), z.get_data("/z.zip/l")
    else:
        z = zipfile.ZipFile(io.BytesIO(data))
        z.testzip()
        for name in z.namelist(): z.read(name)

def packed():
    data = damaged(PACKED[rnd(len(PACKED))], PACKED[rnd(len(PACKED))], b"\0\1\xff\x78\x9c]BZh9")
    d = [zlib.decompressobj, lambda: zlib.decompressobj(-15), zlib._ZlibDecompressor, bz2.BZ2Decompressor, lzma.LZMADecompressor,
        lambda: lzma.LZMADecompressor(lzma.FORMAT_ALONE, memlimit=1 << 20)][rnd(6)]()
    if rnd(2): d.decompress(data, rnd(99))
    else:
        for i in range(0, len(data), 7): d.decompress(data[i:i + 7])
    getattr(d, "unused_data", 0), getattr(d, "eof", 0)

def pycs():
    data = damaged(PYCS[rnd(len(PYCS))], PYCS[rnd(len(PYCS))], b"0NFTSIifgyYlsutaARzZ()[]{}<>crp\x80\xe3\xdb")
    flags = importlib._bootstrap_external._classify_pyc(data, "m", {})
    code = importlib._bootstrap_external._compile_bytecode(memoryview(data)[16:], "m", "m.pyc")
    hash(code), code == code, list(code.co_lines()), list(code.co_positions()), repr(code), code.co_varnames, marshal.dumps(code)

def run():
    done = dict.fromkeys((pickles, marshals, structs, texts, jsons, regexes, zips, packed, pycs), 0)
    kinds = list(done)
    clock = time.time
    n = clock()
    while n < 2 ** 53:
        STATE[0] = int(n) % 2147483647
        kind = kinds[rnd(9)]
        try:
            kind()
            done[kind] += 1
        except BaseException as e: e = None
        n = clock()
    print("read", *done.values())

run()
