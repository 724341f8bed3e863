"""Writes assembly/generated/unicode.ts: what str needs to know of every character.

usage: python3.13 tools/tables/unicode_tables.py   (CPython 3.13: Unicode 15.1)

Characters are asked of str's own methods. Equal answers share a record; two levels of index lead from a character to
its record: pages of 128 characters, of which most are alike.
"""
import unicodedata, pathlib, sys
assert sys.version_info[:2] == (3, 13), "the tables are those of 3.13"

ALPHA, DECIMAL, DIGIT, NUMERIC, LOWER, UPPER, TITLE, SPACE = (1 << i for i in range(8))
LINEBREAK, PRINTABLE, XID_START, XID_CONTINUE, CASED, CASE_IGNORABLE, EXTENDED = (1 << i for i in range(8, 15))

extended = []

def mapping(c, text, flags):
    """The difference to the one character it becomes; or, above 2^28, where the several are in `extended`."""
    if len(text) == 1: return ord(text) - ord(c)
    key = (len(text), *map(ord, text))
    for i in range(0, len(extended), 4):
        if tuple(extended[i:i + 1 + key[0]]) == key: return (1 << 28) + i
    extended.extend((list(key) + [0, 0, 0])[:4])
    return (1 << 28) + len(extended) - 4

def record(n):
    c = chr(n)
    cased = (c + "\u03a3").lower()[-1] == "\u03c2"
    flags = (c.isalpha() * ALPHA | c.isdecimal() * DECIMAL | c.isdigit() * DIGIT | c.isnumeric() * NUMERIC
             | c.islower() * LOWER | c.isupper() * UPPER | (c.istitle() and not c.isupper()) * TITLE
             | c.isspace() * SPACE | (len(("a" + c + "b").splitlines()) == 2) * LINEBREAK
             | c.isprintable() * PRINTABLE | c.isidentifier() * XID_START | ("a" + c).isidentifier() * XID_CONTINUE
             | cased * CASED | (not cased and ("A" + c + "\u03a3").lower()[-1] == "\u03c2") * CASE_IGNORABLE)
    if 0xd800 <= n < 0xe000: low = up = title = fold = c
    else: low, up, title, fold = c.lower(), c.upper(), c.title(), c.casefold()
    return (flags, *(mapping(c, t, flags) for t in (low, up, title, fold)),
            unicodedata.decimal(c, 255), unicodedata.digit(c, 255))

records, numbers, pages, index1 = [], {}, {}, []
index2 = []
for page in range(0, 0x110000, 128):
    row = []
    for n in range(page, page + 128):
        r = record(n)
        if r not in numbers:
            numbers[r] = len(records)
            records.append(r)
        row.append(numbers[r])
    row = tuple(row)
    if row not in pages:
        pages[row] = len(pages)
        index2.extend(row)
    index1.append(pages[row])
assert max(index1) < 65536 and len(records) < 65536

def array(name, kind, values, doc):
    wide = ", ".join(map(str, values))
    return f"/** {doc} */\nexport const {name}: usize = memory.data<{kind}>([{wide}]);\n"

flat = []
for flags, *maps, dec, dig in records: flat += [flags, *maps, dec | dig << 8]
path = pathlib.Path(__file__).parent.parent / "assembly/generated/unicode.ts"
path.write_text(
    f"// Written by tools/tables/unicode_tables.py from Unicode {unicodedata.unidata_version}. Do not edit.\n\n"
    + array("unicodeIndex1", "u16", index1, "The page of each 128 characters.")
    + array("unicodeIndex2", "u16", index2, "The record of each character of each page.")
    + array("unicodeRecords", "i32", flat, "Flags, differences to lower, upper, title, folded; decimal | digit << 8.")
    + array("unicodeExtended", "u32", extended, "Mappings to several characters: how many, then up to three."))
print(len(records), "records,", len(pages), "pages,", len(extended) // 4, "extended")
