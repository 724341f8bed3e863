# AES with a key of 128 bits in counter mode, in Python: tables made from the arithmetic of the field, ints, shifts, bytes.
SMALL, SIZE = 2, 4500


def times2(a):
    a <<= 1
    return a ^ 0x11B if a & 0x100 else a


def tables():
    """The substitution, and four tables that do a column's share of substitution and mixing at once."""
    power = [0] * 256
    log = [0] * 256
    a = 1
    for i in range(255):
        power[i] = a
        log[a] = i
        a ^= times2(a)
    box = []
    for value in range(256):
        inverse = power[(255 - log[value]) % 255] if value else 0
        out = 0x63
        for shift in range(5):
            out ^= (inverse << shift | inverse >> (8 - shift)) & 0xFF
        box.append(out)
    mixed = [[], [], [], []]
    for s in box:
        d = times2(s)
        word = d << 24 | s << 16 | s << 8 | (d ^ s)
        for table in mixed:
            table.append(word)
            word = word >> 8 | (word & 0xFF) << 24
    return box, mixed


BOX, (T0, T1, T2, T3) = tables()


def expand(key):
    words = [int.from_bytes(key[i : i + 4]) for i in range(0, 16, 4)]
    constant = 1
    for i in range(4, 44):
        word = words[i - 1]
        if i % 4 == 0:
            word = (word << 8 | word >> 24) & 0xFFFFFFFF
            word = BOX[word >> 24] << 24 | BOX[word >> 16 & 255] << 16 | BOX[word >> 8 & 255] << 8 | BOX[word & 255]
            word ^= constant << 24
            constant = times2(constant)
        words.append(words[i - 4] ^ word)
    return words


def encrypt(words, block):
    state = [int.from_bytes(block[i : i + 4]) ^ words[i // 4] for i in range(0, 16, 4)]
    a, b, c, d = state
    for i in range(4, 40, 4):
        a, b, c, d = (
            T0[a >> 24] ^ T1[b >> 16 & 255] ^ T2[c >> 8 & 255] ^ T3[d & 255] ^ words[i],
            T0[b >> 24] ^ T1[c >> 16 & 255] ^ T2[d >> 8 & 255] ^ T3[a & 255] ^ words[i + 1],
            T0[c >> 24] ^ T1[d >> 16 & 255] ^ T2[a >> 8 & 255] ^ T3[b & 255] ^ words[i + 2],
            T0[d >> 24] ^ T1[a >> 16 & 255] ^ T2[b >> 8 & 255] ^ T3[c & 255] ^ words[i + 3],
        )
    state = (a, b, c, d)
    out = bytearray()
    for i in range(4):
        for j in range(4):
            out.append(BOX[state[(i + j) % 4] >> (24 - 8 * j) & 255] ^ words[40 + i] >> (24 - 8 * j) & 255)
    return bytes(out)


def counter_mode(key, data):
    words = expand(key)
    out = bytearray()
    for i in range(0, len(data), 16):
        stream = encrypt(words, (i // 16).to_bytes(16))
        out.extend(a ^ b for a, b in zip(data[i : i + 16], stream))
    return bytes(out)


def work(n):
    known = encrypt(expand(bytes(range(16))), bytes(i * 17 for i in range(16)))
    data = bytes(i * i % 251 for i in range(16 * n))
    hidden = counter_mode(b"0123456789abcdef", data)
    checksum = 0
    for byte in hidden:
        checksum = (checksum * 31 + byte) & 0xFFFFFFFF
    return known.hex(), checksum


if __name__ == "__main__":
    print(work(SMALL))
    print(work(SIZE))
