# LZMA both ways: data of several kinds through every container, check, preset and filter; what other tools have written; input
# in pieces and output of limited size; damaged data; the errors of wrong options.
import io
import lzma
import os
import random
import tempfile

r = random.Random(7)
branches = [b"\xe8", b"\xe9", b"\0", b"\xff", b"\x48\x01\2\1", b"\1\xf0\3\xf8", b"\1\2\3\xeb", b"\x40\0\1\2", b"\x7f\xc1\1\2"]
samples = [
    b"",
    b"a",
    b"ab" * 5,
    bytes(range(256)) * 9,
    r.randbytes(3000),
    b"x" * 70000,
    b"".join(r.choice([b"foo", b"bar", b"quux quux", r.randbytes(2)]) for _ in range(3000)),
    b"".join(r.choice(branches) for _ in range(3000)),
]
RAW = lzma.FORMAT_RAW
chains = [[{"id": i, "start_offset": 32}, {"id": lzma.FILTER_LZMA2}] for i in range(4, 10)]
chains += [[{"id": lzma.FILTER_DELTA, "dist": d}, {"id": lzma.FILTER_LZMA2, "dict_size": 4096}] for d in (1, 3, 256)]
chains += [
    [{"id": lzma.FILTER_LZMA1, "lc": 1, "lp": 3, "pb": 4}],
    [{"id": lzma.FILTER_X86}, {"id": lzma.FILTER_ARM}, {"id": lzma.FILTER_DELTA}, {"id": lzma.FILTER_LZMA1, "preset": 2}],
]
for x in samples:
    for check in (lzma.CHECK_NONE, lzma.CHECK_CRC32, lzma.CHECK_CRC64, lzma.CHECK_SHA256):
        c = lzma.compress(x, check=check)
        d = lzma.LZMADecompressor()
        assert d.decompress(c + b"rest") == x and d.eof and d.check == check and d.unused_data == b"rest"
    for preset in (0, 3, 6, 9, 4 | lzma.PRESET_EXTREME):
        assert lzma.decompress(lzma.compress(x, preset=preset)) == x
        assert lzma.decompress(lzma.compress(x, lzma.FORMAT_ALONE, preset=preset)) == x
    for chain in chains:
        assert lzma.decompress(lzma.compress(x, RAW, filters=chain), RAW, filters=chain) == x
        if chain[-1]["id"] == lzma.FILTER_LZMA2:
            assert lzma.decompress(lzma.compress(x, filters=chain)) == x
assert all(len(lzma.compress(b"spam, eggs " * 1000, preset=p)) < 200 for p in range(10))

# In pieces, and no more than there is room for.
x = samples[6]
c = lzma.compress(x)
d = lzma.LZMADecompressor()
assert b"".join(d.decompress(c[i : i + 1]) for i in range(len(c))) == x and d.eof
d = lzma.LZMADecompressor()
out = [d.decompress(c, 100)]
while not d.eof:
    out.append(d.decompress(b"", 100))
assert b"".join(out) == x and max(map(len, out)) == 100

# Written by xz: a block of x86 code with two filters before LZMA2, and a stream without any.
xz = bytes.fromhex(
    "fd377a585a0000016922de36030204000301032101160000cecd16afe0039101e75d0074017c3e0101e19c32454b64085a0acd5a0edb1a"
    "4aa9999d48aec9f7e087f30268e9c119f88419368e5eab190535b5fb5b836b0673e73b29841159bb70c2a76251bcdd07e8e4fba2b69178"
    "fb6adece0f5bdd24aac5dc92bc7451f8245902eb04c38e69709812f7067491dbc29df9fd3e707749b90c9987a4b5fb25dc131991bdbb59"
    "b9f05520058beb576e91d6d2316bbf0684a0b00667894c9ba802fcfabdcc8e68ccc0a9833790bb382232591113435a2edce7c8a956eac7"
    "50f19a320304a0a49fc44454f056fd1d4ec861042f6a921130173261c698aad2c2c7990713dbfcb149ac7035a94360a99ff16b6c2bcaee"
    "483d52ddf1b306a7311c5c1a158bab18ff193d2b9daec07d1de757026e598d61c79a275794b6b739f36f01c7495cbfadfbdc2e47859880"
    "ebf8c922dd1339046dac4b71630b0ac7f734d02ae975865a04db648bb28c8739115c59665e7615d08970864c833cccb9f7ccea44f85851"
    "5e3f955668f172ffc976552ef5fb3ccdcd3386d6b8dffcea4545fd02e375f6f0233d1babcc60c2b580f287286638c7e892428ac35cadf0"
    "e19c8777bc3ccd052333a513053c42e356c20466e714ed999f00d1db36ac47fcc39eda00e3a54d8000ff32ef2c90f459c5bc8de62dbf8a"
    "959410bf9a132d39422906834405f10ccb9c360e3363bc0cd7d5000000b8321bad0001830492070000c12bf7bc3e300d8b020000000001"
    "595afd377a585a000004e6d6b446000000001cdf44211fb6f37d010000000004595a"
)
for n in (len(xz) - 1, len(xz)):
    try:
        print(n, lzma.decompress(xz[:n]) == b"".join(b"\xe8\1\2\0\0 line %d\n" % (i * i) for i in range(60)))
    except lzma.LZMAError as e:
        print(n, e)

# Any damage is an error, or does not reach what is decompressed.
small = lzma.compress(b"a small text, a small text", check=lzma.CHECK_SHA256)
kinds = {}
for i in range(len(small)):
    damaged = bytearray(small)
    damaged[i] ^= 0x11
    try:
        assert lzma.decompress(damaged, lzma.FORMAT_XZ) == b"a small text, a small text"
        assert False, i
    except lzma.LZMAError as e:
        kinds[str(e)] = kinds.get(str(e), 0) + 1
print(sorted(kinds))
for i in range(len(small)):
    try:
        lzma.decompress(small[:i], lzma.FORMAT_XZ)
        assert False, i
    except lzma.LZMAError as e:
        assert str(e) == "Compressed data ended before the end-of-stream marker was reached"


def attempt(f, *args, **kwargs):
    try:
        print(f(*args, **kwargs))
    except Exception as e:
        print(type(e).__name__, e)


C, D = lzma.LZMACompressor, lzma.LZMADecompressor
for kwargs in (
    {"preset": 10}, {"preset": -1}, {"preset": 1 << 32}, {"check": 16}, {"check": 2}, {"check": -2}, {"format": 7},
    {"format": 0}, {"format": 2, "check": 1}, {"format": 2, "preset": 11}, {"format": 3}, {"filters": []},
    {"filters": [{"id": 3}]}, {"filters": [{"id": 33, "lc": 5}]}, {"filters": [{"id": lzma.FILTER_LZMA1}]},
    {"format": 2, "filters": [{"id": 33}]}, {"filters": [{"id": 33, "nice_len": 1}]}, {"filters": [{"id": 33}, {"id": 3}]},
    {"filters": [{"id": 3}] * 5}, {"filters": [{"id": 33, "preset": 99}]}, {"filters": [{"id": 33, "mf": 3.5}]},
    {"filters": [{"id": 9, "start_offset": 1}, {"id": 33}]}, {"filters": [{"id": 99}]}, {"filters": ["x"]},
    {"filters": [7]}, {"filters": [{}]}, {"filters": [{"id": 33, 5: 5}]}, {"preset": 1, "filters": [{"id": 33}]},
):
    attempt(C, **kwargs)
for kwargs in ({"format": 3}, {"filters": []}, {"format": 3, "memlimit": 1, "filters": []}, {"format": 9}, {"memlimit": -1}):
    attempt(D, **kwargs)
for limit in (0, 65591, 65592 + (8 << 20) - 1, 65592 + (8 << 20)):
    attempt(D(memlimit=limit).decompress, lzma.compress(b"a"))
for i in (3, 4, 33, lzma.FILTER_LZMA1, 99):
    for p in (b"", b"\0", b"\x10\0\0\0", b"\x5d\0\0\1\0"):
        attempt(lzma._decode_filter_properties, i, p)
for f in (
    {"id": 4}, {"id": 4, "start_offset": 3}, {"id": 3, "dist": 0}, {"id": 3, "dist": 257}, {"id": 33, "dict_size": 1},
    {"id": 33, "dict_size": 0xFFFFFFFF}, {"id": 33, "dict_size": 5000}, {"id": lzma.FILTER_LZMA1, "lc": 9},
    {"id": lzma.FILTER_LZMA1, "preset": 1},
):
    attempt(lzma._encode_filter_properties, f)
print(lzma.compress(b"").hex(), C().compress(b"").hex(), C(format=2).compress(b"a").hex())
z = C()
z.flush()
attempt(z.flush)
attempt(z.compress, b"")

# Files.
path = os.path.join(tempfile.mkdtemp(), "f.xz")
with lzma.open(path, "wt", encoding="utf-8") as f:
    f.write("zeile\n" * 1000 + "ende")
with lzma.open(path, "ab") as f:
    print(f.write(memoryview(b"\nmehr")), f.tell(), f.mode, f.writable(), f.seekable())
with lzma.open(path, "rt", encoding="utf-8") as f:
    print(len(f.readlines()))
with lzma.LZMAFile(path) as f:
    print(f.seek(5998), f.readline(), f.peek(1)[:3], f.read1(2), f.read(), f.tell(), f.seek(-4, 2), f.read(), f.mode)
attempt(f.read)
attempt(lzma.open, path, "rbt")
attempt(lzma.open, path, "q")
attempt(lzma.LZMAFile, path, check=1)
attempt(lzma.LZMAFile, 5)
