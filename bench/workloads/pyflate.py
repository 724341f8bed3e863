# A decoder of bzip2 and of deflate in Python, on data that is generated: bits taken from bytes, Huffman codes, the inverse
# of the Burrows-Wheeler transform, copies from a window.
import bz2
import zlib

SMALL, SIZE = 300, 80000


class Bits:
    def __init__(self, data, most_first):
        self.data = data
        self.at = 0
        self.field = 0
        self.count = 0
        self.read = self.read_most_first if most_first else self.read_least_first

    def read_most_first(self, n):
        while self.count < n:
            self.field = self.field << 8 | self.data[self.at]
            self.at += 1
            self.count += 8
        self.count -= n
        result = self.field >> self.count
        self.field &= (1 << self.count) - 1
        return result

    def read_least_first(self, n):
        while self.count < n:
            self.field |= self.data[self.at] << self.count
            self.at += 1
            self.count += 8
        result = self.field & ((1 << n) - 1)
        self.field >>= n
        self.count -= n
        return result

    def align(self):
        self.read(self.count % 8)


class Codes:
    """A canonical Huffman code: symbols by their lengths and bits."""

    def __init__(self, lengths):
        self.symbols = {}
        code = 0
        for length in range(1, max(lengths) + 1):
            for symbol, n in enumerate(lengths):
                if n == length:
                    self.symbols[length, code] = symbol
                    code += 1
            code <<= 1

    def next(self, bits):
        code = length = 0
        while True:
            code = code << 1 | bits.read(1)
            length += 1
            symbol = self.symbols.get((length, code))
            if symbol is not None:
                return symbol


def inverse_transform(data, pointer):
    starts = [0] * 256
    for byte in data:
        starts[byte] += 1
    total = 0
    for value, count in enumerate(starts):
        starts[value] = total
        total += count
    successors = [0] * len(data)
    for i, byte in enumerate(data):
        successors[starts[byte]] = i
        starts[byte] += 1
    out = bytearray()
    at = pointer
    for _ in range(len(data)):
        at = successors[at]
        out.append(data[at])
    return out


def expand_runs(data):
    """The first stage: four equal bytes are followed by the number of further ones."""
    out = bytearray()
    run = 0
    last = -1
    for byte in data:
        if run == 4:
            out.extend(bytes([last]) * byte)
            run = 0
            last = -1
            continue
        run = run + 1 if byte == last else 1
        last = byte
        out.append(byte)
    return out


def bzip2_block(bits):
    bits.read(32)  # the block's checksum
    if bits.read(1):
        raise ValueError("a randomised block")
    pointer = bits.read(24)
    groups = bits.read(16)
    used = []
    for group in range(16):
        if groups & 0x8000 >> group:
            present = bits.read(16)
            used += [group * 16 + i for i in range(16) if present & 0x8000 >> i]
    tables = bits.read(3)
    selectors = []
    order = list(range(tables))
    for _ in range(bits.read(15)):
        place = 0
        while bits.read(1):
            place += 1
        order.insert(0, order.pop(place))
        selectors.append(order[0])
    symbols = len(used) + 2
    codes = []
    for _ in range(tables):
        length = bits.read(5)
        lengths = []
        for _ in range(symbols):
            while bits.read(1):
                length += -1 if bits.read(1) else 1
            lengths.append(length)
        codes.append(Codes(lengths))
    front = used
    out = bytearray()
    run = power = 0
    end = symbols - 1
    done = 0
    while True:
        code = codes[selectors[done // 50]]
        done += 1
        symbol = code.next(bits)
        if symbol <= 1:
            power = power << 1 if power else 1
            run += power << symbol
            continue
        if run:
            out.extend(bytes([front[0]]) * run)
            run = power = 0
        if symbol == end:
            return expand_runs(inverse_transform(out, pointer))
        byte = front.pop(symbol - 1)
        front.insert(0, byte)
        out.append(byte)


def bunzip2(data):
    bits = Bits(data, True)
    if bits.read(24) != 0x425A68:
        raise ValueError("not bzip2")
    bits.read(8)
    out = bytearray()
    while bits.read(48) == 0x314159265359:
        out += bzip2_block(bits)
    return bytes(out)


CODE_ORDER = (16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15)


def lengths_of(bits, code, count):
    lengths = []
    while len(lengths) < count:
        symbol = code.next(bits)
        if symbol < 16:
            lengths.append(symbol)
        elif symbol == 16:
            lengths += lengths[-1:] * (3 + bits.read(2))
        elif symbol == 17:
            lengths += [0] * (3 + bits.read(3))
        else:
            lengths += [0] * (11 + bits.read(7))
    return lengths


def steps(first, kept, count, group):
    """What symbols of lengths or distances begin with, and how many bits follow."""
    table = [(first + i, 0) for i in range(kept)]
    start = first + kept
    extra = 1
    while len(table) < count:
        for _ in range(group):
            table.append((start, extra))
            start += 1 << extra
        extra += 1
    return table


LENGTHS = steps(3, 8, 28, 4) + [(258, 0)]
DISTANCES = steps(1, 4, 30, 2)


def inflate(data):
    bits = Bits(data, False)
    out = bytearray()
    last = 0
    while not last:
        last = bits.read(1)
        kind = bits.read(2)
        if kind == 0:
            bits.align()
            count = bits.read(16)
            bits.read(16)
            out.extend(bits.read(8) for _ in range(count))
            continue
        if kind == 1:
            literal = Codes([8] * 144 + [9] * 112 + [7] * 24 + [8] * 8)
            distance = Codes([5] * 30)
        else:
            literals, distances, count = bits.read(5) + 257, bits.read(5) + 1, bits.read(4) + 4
            lengths = [0] * 19
            for place in CODE_ORDER[:count]:
                lengths[place] = bits.read(3)
            lengths = lengths_of(bits, Codes(lengths), literals + distances)
            literal = Codes(lengths[:literals])
            distance = Codes(lengths[literals:])
        while True:
            symbol = literal.next(bits)
            if symbol < 256:
                out.append(symbol)
            elif symbol == 256:
                break
            else:
                start, extra = LENGTHS[symbol - 257]
                length = start + bits.read(extra)
                start, extra = DISTANCES[distance.next(bits)]
                back = start + bits.read(extra)
                for _ in range(length):
                    out.append(out[-back])
    return bytes(out)


def text(n):
    words = ["arena", "pool", "block", "page", "object", "count", "zzzzzzzz", "heap", "1234"]
    seed = 1
    out = []
    size = 0
    while size < n:
        seed = (seed * 1103515245 + 12345) & 0x7FFFFFFF
        word = words[(seed >> 16) % len(words)] + str((seed >> 8) % 11)
        out.append(word)
        size += len(word) + 1
    return " ".join(out).encode()


def work(n):
    data = text(n)
    packer = zlib.compressobj(6, zlib.DEFLATED, -15)
    deflated = packer.compress(data) + packer.flush()
    first = bunzip2(bz2.compress(data))
    second = inflate(deflated)
    return first == data, second == data, zlib.crc32(first), zlib.crc32(second)


if __name__ == "__main__":
    print(work(SMALL))
    print(work(SIZE))
