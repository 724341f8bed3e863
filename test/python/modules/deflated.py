# zlib: all containers, levels and strategies, byte by byte as zlib writes them; pieces, limits, dictionaries, copies, errors.
import copy, sys, zlib


def tries(f, *args, **kwargs):
    try:
        return f(*args, **kwargs)
    except Exception as e:
        return f"{type(e).__module__}.{type(e).__name__}: {e}"


state = 1


def noise(n):
    global state
    out = bytearray()
    for _ in range(n):
        state = state * 1103515245 + 12345 & 0x7FFFFFFF
        out.append(state >> 16 & 255)
    return bytes(out)


def shown(data):
    return len(data), hex(zlib.crc32(data)), hex(zlib.adler32(data))


text = b"".join(b"line %d of %d, %x\n" % (i, i * i % 97, i * 7919) for i in range(2500))
mixed = text[:20000] + noise(9000) + bytes(30000) + text[:5000] + b"ab" * 9000
samples = [b"", b"a", b"hello hello hello", bytes(1000), noise(700), text, mixed]

print(zlib.crc32(b"x", 5), zlib.crc32(b"x", -1), zlib.crc32(b"x", 2**40 + 5), zlib.adler32(b"x" * 6000, 7), zlib.adler32(b""))
print(tries(zlib.crc32), tries(zlib.crc32, "x"), tries(zlib.crc32, b"x", "y"), tries(zlib.adler32, b"", 1.5))
print(zlib.crc32(memoryview(text)[::1]), tries(zlib.crc32, memoryview(text)[::2]))

for data in samples:
    for level in range(-1, 10):
        packed = zlib.compress(data, level)
        assert zlib.decompress(packed) == data
        print(level, *shown(packed), end="; ")
    print()
for wbits in [*range(-17, -7), -1, 0, 1, *range(7, 17), *range(23, 33), 40, 47, 48]:
    packed = tries(zlib.compress, mixed, 6, wbits)
    if isinstance(packed, str):
        print(wbits, packed)
    else:
        print(wbits, *shown(packed), tries(lambda: zlib.decompress(packed, wbits) == mixed), end="; ")
        print(tries(lambda: zlib.decompress(packed, 47) == mixed))
for wbits in (-16, -7, 1, 7, 16, 23, 32, 39, 48):
    print(wbits, tries(zlib.decompress, zlib.compress(b"abc"), wbits), type(tries(zlib.decompressobj, wbits)).__name__)
for mem in (0, 1, 5, 9, 10):
    for strategy in (0, 1, 2, 3, 4, 5):
        c = tries(zlib.compressobj, 6, 8, 15, mem, strategy)
        if isinstance(c, str):
            print(mem, strategy, c)
        else:
            print(mem, strategy, *shown(c.compress(mixed) + c.flush()), end="; ")
    print()
print(tries(zlib.compressobj, 10), tries(zlib.compressobj, 1, 7), tries(zlib.compress, b"", 10), tries(zlib.compress, b"", -2))

c = zlib.compressobj(wbits=31)
pieces = []
for i, mode in enumerate([0, 1, 2, 3, 1, 2, 2, 0, 3]):
    pieces.append(c.compress(mixed[i * 7000 : i * 7000 + 7000]))
    pieces.append(c.flush(mode))
pieces.append(c.flush())
print([len(p) for p in pieces], *shown(b"".join(pieces)))
print(tries(c.compress, b"more"), tries(c.flush), tries(c.flush, 2), c.flush(0), tries(c.copy))
print(tries(zlib.compressobj().flush, 9), tries(zlib.compressobj().flush, "x"), tries(zlib.compressobj().flush, 6))

packed = zlib.compress(mixed)
d = zlib.decompressobj()
sizes = []
out = b""
rest = packed + b"behind"
while not d.eof:
    piece = d.decompress(rest[:500], 1234)
    rest = d.unconsumed_tail + rest[500:]
    sizes.append(len(piece))
    out += piece
print(out == mixed, len(sizes), sizes[:5], sizes[-3:], d.unused_data, d.unconsumed_tail, d.eof)
print(d.decompress(b"again"), d.unused_data, d.flush(), d.eof, tries(d.decompress, b"x"), tries(d.copy))
d = zlib.decompressobj()
print(len(d.decompress(packed, 100)), len(d.unconsumed_tail), len(d.flush()), d.unconsumed_tail, d.eof)
d = zlib.decompressobj()
print(len(d.decompress(packed[:-1])), d.flush(), d.eof, d.decompress(packed[-1:]), d.eof)
for length in (0, -1, 1, 2**31 - 100000 if sys.maxsize < 2**32 else 1):
    print(length if length < 2 else "most", tries(lambda: len(zlib.decompressobj().flush(length))))
print(tries(zlib.decompressobj().decompress, packed, -1), tries(zlib.decompressobj().decompress, "x"), tries(zlib.decompressobj().decompress))
print(tries(zlib.decompress, packed[:-1]), tries(zlib.decompress, b""), tries(zlib.decompress, packed, 15, -1), len(zlib.decompress(packed, 15, 0)))
print(tries(zlib.decompress, packed[:-4] + b"abcd"), tries(zlib.decompress, b"x" + packed[1:]), tries(zlib.decompress, packed[:100] + b"\xff" * 100))
print(tries(zlib.decompress, b"\x78\x9c\xff\xff"), tries(zlib.decompress, b"\x78\x9b"), tries(zlib.decompress, b"\x79\x9c"), tries(zlib.decompress, b"\xf8\x9c"))
print(tries(zlib.decompress, b"\x07", -15), tries(zlib.decompress, b"\x01\x05\x00\x05\x00", -15), tries(zlib.decompress, zlib.compress(b"x", 6, 31)[:-8] + bytes(8), 31))

words = b"line of hello , 0123456789abcdef"
c = zlib.compressobj(zdict=words)
packed = c.compress(b"hello line of 0123") + c.flush()
print(packed, zlib.decompressobj(zdict=words).decompress(packed), zlib.decompressobj(zdict=bytearray(words)).decompress(packed))
print(tries(zlib.decompress, packed), tries(zlib.decompressobj(zdict=b"other").decompress, packed), tries(zlib.decompressobj().decompress, packed))
raw = zlib.compressobj(wbits=-15, zdict=words)
packed = raw.compress(b"hello line of 0123") + raw.flush()
print(packed, zlib.decompressobj(-15, words).decompress(packed), tries(zlib.decompressobj(-15).decompress, packed))
print(zlib._ZlibDecompressor(-15, words).decompress(packed), tries(zlib.decompressobj, 15, 7), tries(zlib.decompressobj, zdict="x"), tries(zlib.compressobj, zdict="x"))
print(tries(zlib.compressobj, wbits=31, zdict=b"abc"), type(tries(zlib.decompressobj, 31, b"abc")))

for how in (lambda o: o.copy(), copy.copy, copy.deepcopy):
    c = zlib.compressobj()
    first = c.compress(mixed[:30000])
    second = how(c)
    a = first + c.compress(mixed[30000:]) + c.flush()
    b = first + second.compress(mixed[30000:]) + second.flush()
    print(a == b == zlib.compress(mixed), type(second))
    d = zlib.decompressobj()
    first = d.decompress(a[:5000], 7000)
    e = how(d)
    rest = d.unconsumed_tail + a[5000:]
    print(e.unconsumed_tail == d.unconsumed_tail, d.decompress(rest) == e.decompress(rest) == mixed[7000:], d.eof, e.eof)

packed = zlib.compress(mixed)
d = zlib._ZlibDecompressor()
print(d.needs_input, d.eof, d.unused_data)
parts = [d.decompress(packed[:3000], 1000), d.decompress(b"", 0), d.decompress(b"", 500), d.needs_input]
parts.append(d.decompress(packed[3000:4000], max_length=10))
parts.append(d.decompress(packed[4000:] + b"tail"))
print([p if isinstance(p, bool) else len(p) for p in parts], d.needs_input, d.eof, d.unused_data)
print(b"".join(p for p in parts if isinstance(p, bytes)) == mixed, tries(d.decompress, b""))
print(tries(zlib._ZlibDecompressor, 7), tries(zlib._ZlibDecompressor, "x"), tries(zlib._ZlibDecompressor, 15, b"", 1), tries(zlib._ZlibDecompressor, -15, 3))
print(tries(zlib._ZlibDecompressor().decompress, b"nothing"), tries(zlib._ZlibDecompressor().decompress, 1), tries(type(zlib.compressobj())))
print(sys.getsizeof(zlib.compressobj()), sys.getsizeof(zlib.decompressobj()), sys.getsizeof(zlib._ZlibDecompressor()))
print(zlib.error.__mro__, zlib.MAX_WBITS, zlib.DEF_BUF_SIZE, zlib.Z_TREES, [type(o).__name__ for o in (zlib.compressobj(), zlib.decompressobj())])


class Lender:
    # What it lends may be asked for while the stream is at work on something else.
    def __buffer__(self, flags):
        nested.append(len(c.compress(b"inner") + c.flush(2)))
        return memoryview(b"outer")


nested = []
c = zlib.compressobj()
packed = c.compress(Lender()) + c.flush()
print(nested, tries(zlib.decompress, packed))
