# binascii: every function against bytes of all lengths and damaged text, what is refused, and what is lent.
import binascii


def attempt(f, *args, **kwargs):
    try:
        return f(*args, **kwargs)
    except BaseException as e:
        return type(e).__name__ + ": " + str(e)


print(binascii.Error.__mro__, binascii.Incomplete.__mro__)
seed = 7


def randbytes(n):
    global seed
    out = bytearray()
    for _ in range(n):
        seed = (seed * 1103515245 + 12345) % 2**31
        out.append(seed >> 16 & 255)
    return bytes(out)


for n in range(0, 50, 3):
    data = randbytes(n)
    print(n, binascii.b2a_base64(data), binascii.b2a_base64(data, newline=False)[-4:])
    assert binascii.a2b_base64(binascii.b2a_base64(data)) == data
    assert binascii.a2b_base64(binascii.b2a_base64(data, newline=False), strict_mode=True) == data
    line = attempt(binascii.b2a_uu, data)
    print(line, attempt(binascii.b2a_uu, data, backtick=True))
    if n <= 45:
        assert binascii.a2b_uu(line) == data
    print(binascii.hexlify(data), binascii.b2a_hex(data, "-", 3), binascii.hexlify(data, b"_", -2))
    assert binascii.unhexlify(binascii.hexlify(data)) == data
    print(binascii.crc32(data), binascii.crc32(data, 12345), binascii.crc_hqx(data, 0), binascii.crc_hqx(data, 0x12345))
    for options in range(8):
        flags = dict(quotetabs=options & 1, istext=options & 2, header=options & 4)
        quoted = binascii.b2a_qp(data, **flags)
        print(quoted)
        if not options & 2:
            assert binascii.a2b_qp(quoted, header=options & 4) == data

# Damaged text.
for text in ("", "=", "==", "a", "ab", "abc", "abcd", "abcde", "ab=", "ab==", "ab===", "ab=c", "ab=c=", "abc=d", "ab==cd", "=abc"):
    print(text, attempt(binascii.a2b_base64, text), attempt(binascii.a2b_base64, text, strict_mode=True))
for text in (b"a b\ncd", b"ab!d", b"abcd\n", b"abcd====", b"abc=\n", b"ab=\n=", b"a===", b"YWJj\xff", b"YW=Jj", b"ab=!="):
    print(text, attempt(binascii.a2b_base64, text), attempt(binascii.a2b_base64, text, strict_mode=True))
for text in (b"", b" ", b"!", b"#86)C", b"#86)C`\n", b"#86)C x", b"#86\x01C", b"#86aC", b"#86", b"#86\nxy", b"M", b"`"):
    print(text, attempt(binascii.a2b_uu, text))
for text in ("", "0", "0g", "g0", "Ff", b"  ", "12\n", "é", "0\0"):
    print(repr(text), attempt(binascii.unhexlify, text))
for text in (b"a=", b"a==", b"a=\n", b"a=\nb", b"a=\r\nb", b"a=\rb\nc", b"=4", b"=4a", b"=4g", b"=g4", b"= \n", b"a_b", b"=\r"):
    print(text, binascii.a2b_qp(text), binascii.a2b_qp(text, header=True))
for text in (b".", b".\n", b"..", b"a.\n.", b" ", b" \n", b"a \nb\t\n", b"a\tb", b"a\r\nb\n", b"a\nb\r\n", b"=_ ", b"\r", b"a\rb", b".\0"):
    print(text, binascii.b2a_qp(text), binascii.b2a_qp(text, True), binascii.b2a_qp(text, False, False), binascii.b2a_qp(text, header=1))
for n in (73, 74, 75, 76, 77, 150):
    print(binascii.b2a_qp(b"x" * n), binascii.b2a_qp(b"x" * n + b"\n"), binascii.b2a_qp(b"\xff" * (n // 3) + b" " * 3))
    print(binascii.b2a_qp(b"x" * n + b"\r\nyy \r\n"))

# Arguments.
print(attempt(binascii.a2b_hex, 1), attempt(binascii.b2a_hex, "x"), attempt(binascii.crc32, "x"), attempt(binascii.crc32, b"", 1.0))
print(attempt(binascii.crc32, b"a", -1), attempt(binascii.crc32, b"a", 2**100 + 5), attempt(binascii.crc_hqx, b"a"))
print(attempt(binascii.hexlify, b"ab", "xy"), attempt(binascii.hexlify, b"ab", ""), attempt(binascii.hexlify, b"ab", 1))
print(attempt(binascii.hexlify, b"ab", "é"), attempt(binascii.hexlify, b"ab", ":", 0), attempt(binascii.hexlify, b"", ":"))
print(attempt(binascii.hexlify, bytes_per_sep=1, data=b"abc", sep=":"), attempt(binascii.hexlify, b"abc", bytes_per_sep=2))
print(attempt(binascii.a2b_base64, None), attempt(binascii.a2b_base64, b"", True), attempt(binascii.b2a_qp, data="x"))
source = memoryview(bytearray(b"abcdef"))
print(binascii.hexlify(source), binascii.b2a_base64(source[1:3]), attempt(binascii.hexlify, source[::2]))


class Closing:
    """Releases what is being read."""

    def __init__(self, target):
        self.target = target

    def __index__(self):
        print(attempt(self.target.clear))
        return 3


target = bytearray(b"abc")
print(binascii.crc32(target, Closing(target)), target)
