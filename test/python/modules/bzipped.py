# _bz2: what bzip2 writes, byte by byte; pieces, limits, ends, errors.
import sys
from _bz2 import BZ2Compressor, BZ2Decompressor
from zlib import crc32


def tries(f, *args, **kwargs):
    try:
        return f(*args, **kwargs)
    except Exception as e:
        return f"{type(e).__name__}: {e}"


state = 1


def noise(n):
    global state
    out = bytearray()
    for _ in range(n):
        state = state * 1103515245 + 12345 & 0x7FFFFFFF
        out.append(state >> 16 & 255)
    return bytes(out)


def compress(data, *level):
    c = BZ2Compressor(*level)
    return c.compress(data) + c.flush()


def decompress(data):
    d = BZ2Decompressor()
    out = d.decompress(data)
    assert d.eof and not d.needs_input
    return out


text = b"".join(b"line %d of %d, %x\n" % (i, i * i % 97, i * 7919) for i in range(2500))
samples = [b"", b"a", b"aaaa", b"aaaaa", b"a" * 255, b"b" * 260, b"hello hello hello", noise(300), text, noise(3000) + bytes(5000) + text[:20000]]
samples += [b"abracadabra" * 11 + b"x", b"x" + b"ab" * 500]
for data in samples:
    for level in (1, 9):
        packed = compress(data, level)
        assert decompress(packed) == data
        print(len(data), level, len(packed), hex(crc32(packed)), packed[:14].hex())
big = (text + noise(20000)) * 2
for level in (1, 2):
    packed = compress(big, level)
    print(len(big), len(packed), hex(crc32(packed)), decompress(packed) == big)

c = BZ2Compressor(1)
pieces = [c.compress(big[i : i + 7001]) for i in range(0, len(big), 7001)] + [c.flush()]
print(b"".join(pieces) == compress(big, 1), decompress(compress(bytes(range(256)) * 3)) == bytes(range(256)) * 3)
print(tries(c.compress, b"more"), tries(c.flush))

packed = compress(text)
d = BZ2Decompressor()
print(d.eof, d.needs_input, d.unused_data)
out = b"".join(d.decompress(packed[i : i + 1]) for i in range(len(packed)))
print(out == text, d.eof, d.needs_input)
d = BZ2Decompressor()
sizes = [len(d.decompress(packed[:-5], 1000)), len(d.decompress(b"", max_length=0)), len(d.decompress(b"", 10)), d.needs_input]
sizes += [len(d.decompress(b"")), d.needs_input, d.eof, len(d.decompress(packed[-5:] + b"behind")), d.eof, d.unused_data, d.needs_input]
print(sizes, tries(d.decompress, b""))
d = BZ2Decompressor()
out = b""
rest = packed
while not d.eof:
    if d.needs_input:
        out += d.decompress(rest[:300], 777)
        rest = rest[300:]
    else:
        out += d.decompress(b"", 777)
print(out == text, d.unused_data, rest)

for wrong in (b"BZx9", b"BZh0", b"BZh9" + bytes(20), b"hello", packed[:100] + b"\xff" * 2000, packed[:12] + b"abcd" + packed[16:], packed[:-3] + b"abc"):
    d = BZ2Decompressor()
    print(tries(lambda: len(d.decompress(wrong))), d.eof)
print(len(BZ2Decompressor().decompress(packed[:-8])), BZ2Decompressor().decompress(packed[:50]))
for args in ((0,), (10,), ("x",), (1, 2), (-1,)):
    print(tries(BZ2Compressor, *args), tries(BZ2Decompressor, *args))
print(tries(BZ2Compressor, compresslevel=1), tries(BZ2Decompressor, a=1), tries(BZ2Compressor().compress, "x"), tries(BZ2Decompressor().decompress, "x"), tries(BZ2Decompressor().decompress))
print(sys.getsizeof(BZ2Compressor()), sys.getsizeof(BZ2Decompressor()), BZ2Compressor.__flags__ & 0x400, tries(BZ2Compressor().copy if hasattr(BZ2Compressor, "copy") else lambda: None))
