# The modules of hashes: results of all lengths around a block's, pieces, copies, parameters, errors; HMAC and derived keys.
import _blake2, _hashlib, _md5, _sha1, _sha2, _sha3
import sys


def tries(f, *args, **kwargs):
    try:
        return f(*args, **kwargs)
    except Exception as e:
        return f"{type(e).__name__}: {e}"


makers = [_md5.md5, _sha1.sha1, _sha2.sha224, _sha2.sha256, _sha2.sha384, _sha2.sha512, _sha3.sha3_224, _sha3.sha3_256]
makers += [_sha3.sha3_384, _sha3.sha3_512, _blake2.blake2b, _blake2.blake2s]
data = bytes(i * 7 & 255 for i in range(2000))
for make in makers:
    h = make()
    print(h.name, h.digest_size, h.block_size, h.hexdigest(), type(h).__name__, sys.getsizeof(h))
    collected = make()
    for n in [0, 1, 2, 3, 54, 55, 56, 57, 63, 64, 65, 70, 71, 72, 73, 103, 104, 105, 110, 111, 112, 113, 119, 120, 127, 128, 129, 135, 136, 137, 143, 144, 145, 255, 256, 257, 1000]:
        collected.update(make(data[:n]).digest())
        pieces = make()
        for i in range(0, n, 50):
            pieces.update(data[i : min(n, i + 50)])
        assert pieces.digest() == make(data[:n]).digest(), (h.name, n)
    print(collected.hexdigest())
    copy = collected.copy()
    copy.update(b"x")
    print(copy.hexdigest() == collected.hexdigest(), len(copy.digest()), copy.digest().hex() == copy.hexdigest())
    print(tries(make, "text"), tries(make, 1), tries(h.update, "text"), tries(h.update, None), tries(h.update), tries(make, b"", b""))
    print(make(bytearray(b"abc")).hexdigest() == make(memoryview(b"abc")).hexdigest())
for make in (_sha3.shake_128, _sha3.shake_256):
    h = make(b"abc")
    print(h.name, h.digest_size, h.block_size, h.hexdigest(10), [len(h.digest(n)) for n in (0, 1, 64, 65, 168, 169, 1000)])
    print(make(data).digest(400).hex(), tries(h.digest, -1), tries(h.digest, 1 << 29), tries(h.digest, "x"), tries(h.digest), tries(h.hexdigest, 2**64))
    print(h._capacity_bits, h._rate_bits, h._suffix)
print(_sha3.sha3_256()._capacity_bits, _sha3.sha3_256()._suffix, _sha3.implementation)

for make, size in ((_blake2.blake2b, 64), (_blake2.blake2s, 32)):
    print(make(b"data", digest_size=size // 4, key=b"secret", salt=b"salty", person=b"someone").hexdigest())
    print(make(b"data", fanout=2, depth=3, leaf_size=4096, node_offset=2**48 - 1, node_depth=5, inner_size=size, last_node=True).hexdigest())
    print(make(key=b"k" * size).hexdigest(), make(digest_size=1).hexdigest())
    print(make.SALT_SIZE, make.PERSON_SIZE, make.MAX_KEY_SIZE, make.MAX_DIGEST_SIZE)
    for wrong in (dict(digest_size=0), dict(digest_size=size + 1), dict(key=b"k" * (size + 1)), dict(salt=b"s" * 17), dict(person=b"p" * 17), dict(fanout=-1), dict(fanout=256)):
        print(tries(make, **wrong))
    for wrong in (dict(depth=0), dict(depth=256), dict(leaf_size=-1), dict(leaf_size=2**32), dict(node_offset=-1), dict(node_offset=2**64), dict(node_depth=256), dict(inner_size=size + 1)):
        print(tries(make, **wrong))
    for wrong in (dict(digest_size="x"), dict(key="x"), dict(salt=1), dict(leaf_size="x"), dict(other=1)):
        print(tries(make, **wrong))
    h = make(b"one", digest_size=20)
    print(h.copy().hexdigest() == h.hexdigest(), h.digest_size, h.block_size, h.name)

for name in ("md5", "SHA1", "sha-224", "SHA2-256", "sha384", "sha512", "sha512_224", "SHA512-256", "sha3_224", "SHA3-512", "blake2b", "blake2s256"):
    h = _hashlib.new(name, b"abc")
    print(repr(h).split(" object")[0], h.digest_size, h.block_size, h.hexdigest())
h = _hashlib.new("shake_128", b"abc")
print(repr(h).split(" object")[0], h.digest_size, h.digest(20).hex(), h.hexdigest(length=3), tries(h.digest), tries(h.digest, -1), tries(h.hexdigest, -1), h.copy().hexdigest(5))
for name in ("SHA3_256", "sha2_256", "other", "", "x\0y", "\ud800", 1, b"md5"):
    print(tries(_hashlib.new, name))
print(tries(_hashlib.new, "md5", "x"), tries(_hashlib.new, "md5", 1), tries(_hashlib.HASH), tries(_hashlib.HMAC), _hashlib.HASHXOF.__mro__)
print(sorted(_hashlib._constructors.values()), _hashlib.get_fips_mode(), _hashlib.UnsupportedDigestmodError.__mro__)
print({"md5", "sha1", "sha256", "sha512", "sha3_256", "shake_128", "blake2b", "blake2s"} <= _hashlib.openssl_md_meth_names)

for key in (b"", b"key", b"k" * 64, b"k" * 200):
    for name in ("md5", "sha1", "sha256", "sha512", "sha3_256", "blake2s"):
        h = _hashlib.hmac_new(key, b"message", name)
        h.update(b" goes on")
        other = h.copy()
        other.update(b"!")
        assert _hashlib.hmac_digest(key, b"message goes on!", name) == other.digest()
        print(h.name, h.digest_size, h.block_size, h.hexdigest(), other.hexdigest() == h.hexdigest())
print(repr(h).split(" object")[0], _hashlib.hmac_new(b"k", digestmod=_hashlib.openssl_sha256).name)
print(tries(_hashlib.hmac_new, b"k"), tries(_hashlib.hmac_new, b"k", digestmod=7), tries(_hashlib.hmac_new, b"k", digestmod=[]))
print(tries(_hashlib.hmac_new, "k", b"", "md5"), tries(_hashlib.hmac_new, b"k", "m", "md5"), tries(_hashlib.hmac_new, b"k", b"", "other"), tries(_hashlib.hmac_new, b"k", b"", "shake_128"))
print(tries(_hashlib.hmac_digest, b"k", b"m", "shake_128"), tries(_hashlib.hmac_digest, "k", b"m", "md5"), tries(_hashlib.hmac_digest, b"k", "m", "md5"), tries(h.update, "x"))

print(_hashlib.pbkdf2_hmac("sha1", b"password", b"salt", 2).hex(), _hashlib.pbkdf2_hmac("sha256", b"p" * 100, b"salt", 30, 70).hex())
for wrong in ((0,), (2**31,), (1, 0), (1, -1), (1, 2**31), (1, "x"), ("x",)):
    print(tries(_hashlib.pbkdf2_hmac, "md5", b"", b"", *wrong))
print(tries(_hashlib.pbkdf2_hmac, "other", b"", b"", 1), tries(_hashlib.pbkdf2_hmac, 1, b"", b"", 1), tries(_hashlib.pbkdf2_hmac, "md5", "", b"", 1), tries(_hashlib.pbkdf2_hmac, "shake_128", b"", b"", 1))
print(_hashlib.scrypt(b"", salt=b"", n=16, r=1, p=1).hex(), _hashlib.scrypt(b"password", salt=b"NaCl", n=64, r=2, p=3, dklen=20).hex())
for wrong in (dict(n=3, r=8, p=1), dict(n=4, r=0, p=1), dict(n=2**20, r=8, p=1), dict(r=8, p=1), dict(n=4, r="8", p=1), dict(n=4, r=8, p=2**30), dict(n=4, r=8, p=1, maxmem=-1), dict(n=4, r=8, p=1, dklen=0), dict(n=0, r=8, p=1)):
    print(tries(_hashlib.scrypt, b"p", salt=b"s", **wrong))
print(tries(_hashlib.scrypt, b"p", n=4, r=8, p=1), tries(_hashlib.scrypt, "p", salt=b"s", n=4, r=8, p=1), tries(_hashlib.scrypt, b"p", salt="s", n=4, r=8, p=1))
print(_hashlib.compare_digest(b"ab", b"ab"), _hashlib.compare_digest("ab", "ac"), tries(_hashlib.compare_digest, "ab", b"ab"), tries(_hashlib.compare_digest, "\xe9", "\xe9"))


class Lender:
    # What it lends may be asked for while the hash is at work on something else.
    def __buffer__(self, flags):
        h.update(b"inner")
        return memoryview(b"outer")


h = _sha2.sha256()
h.update(Lender())
print(h.hexdigest() == _sha2.sha256(b"innerouter").hexdigest())
