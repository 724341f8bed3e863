"""Module unicodedata: properties by Unicode 15.1 and 3.2.0, names, normal forms, wrong arguments."""
import unicodedata
from unicodedata import ucd_3_2_0 as old


def show(text):
    try:
        print(text, ascii(eval(text)))
    except Exception as e:
        print(text, type(e).__name__, ascii(str(e)))


print(unicodedata.unidata_version, old.unidata_version, type(old), old.__sizeof__() % 8)

SAMPLE = "\0 aA5\xbd\xb2\u0301\u0374\u037e\u0660\u0bf0\u1100\u1fbf\u2167\u2212\u2a74\u3400\u4e00\u9fff\uac00\ud7a3\ud800\ue000\ufb01\ufdfa\ufffe\U0001d15e\U0001f600\U0002f868\U000323af\U000e0041\U0010ffff"
for c in SAMPLE:
    for u in unicodedata, old:
        print("%04x" % ord(c), u.category(c), u.bidirectional(c), u.combining(c), u.mirrored(c), u.east_asian_width(c),
              u.decomposition(c), u.numeric(c, None), u.decimal(c, None), u.digit(c, None), u.name(c, None))
        print("    ", *(ascii(u.normalize(form, "a\u0323" + c + "\u0301")) for form in ("NFC", "NFD", "NFKC", "NFKD")),
              *(u.is_normalized(form, c) for form in ("NFC", "NFD", "NFKC", "NFKD")))

# A digest of everything.
for u in unicodedata, old:
    for function in u.category, u.combining, u.mirrored, u.east_asian_width, u.bidirectional, u.decomposition:
        total = 0
        for i in range(0, 0x30000, 7):
            v = function(chr(i))
            for x in v if isinstance(v, str) else (chr(v),):
                total = (total * 31 + ord(x)) % 1000000007
        print(function.__name__, total)

for name in "SPACE", "space", "Hangul Syllable Ga", "HANGUL SYLLABLE HIH", "CJK UNIFIED IDEOGRAPH-4E00", "CJK UNIFIED IDEOGRAPH-4e00", \
        "LATIN SMALL LETTER GHA", "NULL", "BELL", "KEYCAP DIGIT ONE", "LATIN CAPITAL LETTER E WITH VERTICAL LINE BELOW AND GRAVE", \
        "LATIN SMALL LETTER SHARP S", "CJK COMPATIBILITY IDEOGRAPH-2F868", "HANGUL SYLLABLE GAX", "", "x" * 257, "zz\0a", "\xe4", "\ud800":
    for u in "unicodedata", "old":
        show(f"{u}.lookup({name!a})")
assert all(unicodedata.lookup(unicodedata.name(chr(i))) == chr(i) for i in range(0x20000) if unicodedata.name(chr(i), None))

for text in ("lookup(b'SPACE')", "lookup(bytearray(b'SPACE'))", "lookup(1)", "category('ab')", "category('')", "category(1)",
             "category()", "category(None)", "name('ab')", "numeric(b'a')", "numeric('a')", "decimal('a')", "decimal('\xb2')",
             "decimal('a', default=1)", "digit('a')", "digit('\xb2')", "name('\\x00')", "name('\\x00', 7)", "normalize('X', 'a')",
             "normalize('X', '')", "normalize(1, 'a')", "normalize('NFC', 1)", "normalize('NFC')", "is_normalized('X', '')",
             "is_normalized('X', 'a')", "is_normalized('NFC', b'')", "UCD()", "UCD", "UCD.__doc__", "UCD.category('a')",
             "normalize.__text_signature__", "UCD.lookup.__text_signature__"):
    show("unicodedata." + text)
for text in "old.category('ab')", "old.x", "old.__dict__":
    show(text)


# Normal forms: blocked marks, many marks, Hangul, text that does not change.
class Text(str):
    pass


for text in ("q\u0307\u0323", "d\u0307\u0323\u0323", "\u1e0b\u0323", "a" + "\u0301\u0300" * 40 + "\u0323", "\u1100\u1161\u11a8\u1100\uac00\u11a8",
             "\u0344", "\u0958", "\u2126", "\ufb2c", "plain", "\xe9", "\u0645\u062c", "\u0b47\u0300\u0b3e"):
    for form in "NFC", "NFD", "NFKC", "NFKD":
        r = unicodedata.normalize(form, text)
        print(form, ascii(r), unicodedata.is_normalized(form, text), unicodedata.is_normalized(form, r), old.is_normalized(form, r))
t = Text("plain")
print(unicodedata.normalize("NFC", t) is t, type(unicodedata.normalize("NFD", Text("\xe9"))))

# The same names elsewhere.
print(ascii(b"\\N{EM DASH}\\N{hangul syllable ga}\\N{LATIN SMALL LETTER GHA}".decode("unicode_escape", "replace")))
print(ascii(b"\\N{KEYCAP DIGIT ONE}\\N{\xe4}\\N{}\\N{X".decode("unicode_escape", "backslashreplace")))
print("\xe4\x80\uac00\U0010ffff\ud800".encode("ascii", "namereplace"))
