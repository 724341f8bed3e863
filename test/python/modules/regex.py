"""_sre: patterns as CPython compiles them, with what all of their methods give and refuse."""
import sys, _sre
letters = _sre.compile('(a+)b', 32, [14, 4, 0, 2, 4294967295, 17, 0, 24, 6, 1, 4294967295, 16, 97, 1, 17, 1, 16, 98, 1], 1, {}, (None, None))
words = _sre.compile('(\\w+) (\\w+)', 32, [14, 4, 0, 3, 4294967295, 17, 0, 24, 9, 1, 4294967295, 13, 4, 8, 14, 0, 1, 17, 1, 16, 32, 17, 2, 24, 9, 1, 4294967295, 13, 4, 8, 14, 0, 1, 17, 3, 1], 2, {}, (None, None, None))
named = _sre.compile('(?P<first>a)(?P<second>b)?', 32, [14, 8, 1, 1, 2, 1, 0, 97, 0, 17, 0, 16, 97, 17, 1, 23, 9, 0, 1, 17, 2, 16, 98, 17, 3, 18, 1], 2, {'first': 1, 'second': 2}, (None, 'first', 'second'))
digits = _sre.compile('\\d+', 32, [14, 4, 0, 1, 4294967295, 24, 9, 1, 4294967295, 13, 4, 8, 10, 0, 1, 1], 0, {}, (None,))
empty = _sre.compile('', 32, [14, 4, 0, 0, 0, 1], 0, {}, (None,))
x_star = _sre.compile('x*', 32, [14, 4, 0, 0, 4294967295, 24, 6, 0, 4294967295, 16, 120, 1, 1], 0, {}, (None,))
space = _sre.compile('(\\s)', 32, [14, 7, 4, 1, 1, 8, 12, 0, 17, 0, 13, 4, 8, 12, 0, 17, 1, 1], 1, {}, (None, None))
many = _sre.compile('(?:a|b)*c', 32, [14, 4, 0, 1, 4294967295, 24, 10, 0, 4294967295, 13, 5, 22, 97, 98, 0, 1, 16, 99, 1], 0, {}, (None,))
lazy = _sre.compile('<(.*?)>', 32, [14, 8, 1, 2, 4294967295, 1, 1, 60, 0, 16, 60, 17, 0, 26, 5, 0, 4294967295, 2, 1, 17, 1, 16, 62, 1], 1, {}, (None, None))
greedy = _sre.compile('<(.*)>', 32, [14, 8, 1, 2, 4294967295, 1, 1, 60, 0, 16, 60, 17, 0, 24, 5, 0, 4294967295, 2, 1, 17, 1, 16, 62, 1], 1, {}, (None, None))
bytes_word = _sre.compile(b'\\b(\\w+)\\b', 0, [14, 4, 0, 1, 4294967295, 6, 3, 17, 0, 24, 9, 1, 4294967295, 13, 4, 8, 4, 0, 1, 17, 1, 6, 3, 1], 1, {}, (None, None))
bytes_i = _sre.compile(b'(?i)ab+', 2, [14, 4, 0, 2, 4294967295, 32, 97, 24, 6, 1, 4294967295, 32, 98, 1, 1], 0, {}, (None,))
case = _sre.compile('(?i)stra\xdfe', 34, [14, 4, 0, 6, 6, 39, 6, 16, 115, 16, 383, 0, 40, 116, 40, 114, 40, 97, 40, 223, 40, 101, 1], 0, {}, (None,))
flags = _sre.compile('a', 346, [14, 4, 0, 1, 1, 32, 97, 1], 0, {}, (None,))
locale = _sre.compile(b'a', 4, [14, 8, 3, 1, 1, 1, 1, 97, 0, 16, 97, 1], 0, {}, (None,))
blow = _sre.compile('(?:a*)*b', 32, [14, 4, 0, 1, 4294967295, 23, 10, 0, 4294967295, 24, 6, 0, 4294967295, 16, 97, 1, 18, 16, 98, 1], 0, {}, (None,))
deep = _sre.compile('(?:(a)|b)*', 32, [14, 4, 0, 0, 4294967295, 23, 19, 0, 4294967295, 7, 9, 17, 0, 16, 97, 17, 1, 15, 7, 5, 16, 98, 15, 2, 0, 18, 1], 1, {}, (None, None))
lazy_deep = _sre.compile('(?:(a)|b)*?c', 32, [14, 4, 0, 1, 4294967295, 23, 19, 0, 4294967295, 7, 9, 17, 0, 16, 97, 17, 1, 15, 7, 5, 16, 98, 15, 2, 0, 19, 16, 99, 1], 1, {}, (None, None))
possessive = _sre.compile('(?:ab|a)++c', 32, [14, 4, 0, 2, 4294967295, 28, 15, 1, 4294967295, 16, 97, 7, 5, 16, 98, 15, 5, 3, 15, 2, 0, 1, 16, 99, 1], 0, {}, (None,))
atomic = _sre.compile('(?>a+)ab', 32, [14, 4, 0, 3, 4294967295, 27, 9, 24, 6, 1, 4294967295, 16, 97, 1, 1, 16, 97, 16, 98, 1], 0, {}, (None,))
condition = _sre.compile('(<)?(\\w+)(?(1)>|!)', 32, [14, 4, 0, 2, 4294967295, 23, 9, 0, 1, 17, 0, 16, 60, 17, 1, 18, 17, 2, 24, 9, 1, 4294967295, 13, 4, 8, 14, 0, 1, 17, 3, 12, 0, 6, 16, 62, 15, 3, 16, 33, 1], 2, {}, (None, None, None))
back = _sre.compile('(\\w)\\1', 32, [14, 7, 4, 2, 2, 8, 14, 0, 17, 0, 13, 4, 8, 14, 0, 17, 1, 11, 0, 1], 1, {}, (None, None))
behind = _sre.compile('(?<=ab)c(?!d)', 32, [14, 4, 0, 1, 1, 4, 7, 2, 16, 97, 16, 98, 1, 16, 99, 5, 5, 0, 16, 100, 1, 1], 0, {}, (None,))
wide = _sre.compile('[\u03b1-\u03c9]+', 32, [14, 4, 0, 1, 4294967295, 24, 10, 1, 4294967295, 13, 5, 22, 945, 969, 0, 1, 1], 0, {}, (None,))
astral = _sre.compile('[\U0001f600-\U0001f64f]+', 32, [14, 4, 0, 1, 4294967295, 24, 10, 1, 4294967295, 13, 5, 22, 128512, 128591, 0, 1, 1], 0, {}, (None,))
lines = _sre.compile('(?m)^(.*)$', 40, [14, 4, 0, 0, 4294967295, 6, 1, 17, 0, 24, 5, 0, 4294967295, 2, 1, 17, 1, 6, 6, 1], 1, {}, (None, None))
prefix = _sre.compile('abcab(c|d)', 32, [14, 16, 1, 6, 6, 5, 5, 97, 98, 99, 97, 98, 0, 0, 0, 1, 2, 16, 97, 16, 98, 16, 99, 16, 97, 16, 98, 17, 0, 13, 5, 22, 99, 100, 0, 17, 1, 1], 1, {}, (None, None))
literal = _sre.compile('needle', 32, [14, 18, 3, 6, 6, 6, 6, 110, 101, 101, 100, 108, 101, 0, 0, 0, 0, 0, 0, 16, 110, 16, 101, 16, 101, 16, 100, 16, 108, 16, 101, 1], 0, {}, (None,))
two = _sre.compile('(a)|(b)', 32, [14, 4, 0, 1, 1, 7, 9, 17, 0, 16, 97, 17, 1, 15, 11, 9, 17, 2, 16, 98, 17, 3, 15, 2, 0, 1], 2, {}, (None, None, None))
nested = _sre.compile('((a)(b))', 32, [14, 10, 1, 2, 2, 2, 0, 97, 98, 0, 0, 17, 0, 17, 2, 16, 97, 17, 3, 17, 4, 16, 98, 17, 5, 17, 1, 1], 3, {}, (None, None, None, None))
same = _sre.compile('(a+)b', 32, [14, 4, 0, 2, 4294967295, 17, 0, 24, 6, 1, 4294967295, 16, 97, 1, 17, 1, 16, 98, 1], 1, {}, (None, None))
long = _sre.compile('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 32, [14, 126, 3, 60, 60, 60, 60, 97, 97, 97, 97, 97, 97, 97, 97, 97, 97, 97, 97, 97, 97, 97, 97, 97, 97, 97, 97, 97, 97, 97, 97, 97, 97, 97, 97, 97, 97, 97, 97, 97, 97, 97, 97, 97, 97, 97, 97, 97, 97, 97, 97, 97, 97, 97, 97, 97, 97, 97, 97, 97, 97, 97, 97, 97, 97, 97, 97, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 16, 97, 16, 97, 16, 97, 16, 97, 16, 97, 16, 97, 16, 97, 16, 97, 16, 97, 16, 97, 16, 97, 16, 97, 16, 97, 16, 97, 16, 97, 16, 97, 16, 97, 16, 97, 16, 97, 16, 97, 16, 97, 16, 97, 16, 97, 16, 97, 16, 97, 16, 97, 16, 97, 16, 97, 16, 97, 16, 97, 16, 97, 16, 97, 16, 97, 16, 97, 16, 97, 16, 97, 16, 97, 16, 97, 16, 97, 16, 97, 16, 97, 16, 97, 16, 97, 16, 97, 16, 97, 16, 97, 16, 97, 16, 97, 16, 97, 16, 97, 16, 97, 16, 97, 16, 97, 16, 97, 16, 97, 16, 97, 16, 97, 16, 97, 16, 97, 16, 97, 1], 0, {}, (None,))
big = _sre.compile('[\xe0\xe9\xee\xf5\xfc\u0410\u0411\u0412\u0413\u0414\u4e00\u4e8c\u4e09]', 32, [14, 103, 4, 1, 1, 10, 4, 16843008, 16843010, 16843009, 16843009, 16843009, 16843009, 16843009, 16843009, 16843009, 16843009, 16843009, 16843009, 16843009, 16843009, 16843009, 16843009, 16843009, 16843009, 16843009, 16974081, 16843009, 16843009, 16843009, 16843009, 16843009, 16843009, 16843009, 16843009, 16843009, 16843009, 16843009, 16843009, 16843009, 16843009, 16843009, 16843009, 16843009, 16843009, 16843009, 16843009, 16843009, 16843009, 16843009, 16843009, 16843009, 16843009, 16843009, 16843009, 16843009, 16843009, 16843009, 16843009, 16843009, 16843009, 16843009, 16843009, 16843009, 16843009, 16843009, 16843009, 16843009, 16843009, 16843009, 16843009, 0, 0, 0, 0, 0, 0, 0, 270549505, 0, 0, 0, 0, 0, 0, 0, 0, 2031616, 0, 0, 0, 0, 0, 0, 0, 513, 0, 0, 0, 4096, 0, 0, 0, 0, 13, 100, 10, 4, 16843008, 16843010, 16843009, 16843009, 16843009, 16843009, 16843009, 16843009, 16843009, 16843009, 16843009, 16843009, 16843009, 16843009, 16843009, 16843009, 16843009, 16843009, 16843009, 16974081, 16843009, 16843009, 16843009, 16843009, 16843009, 16843009, 16843009, 16843009, 16843009, 16843009, 16843009, 16843009, 16843009, 16843009, 16843009, 16843009, 16843009, 16843009, 16843009, 16843009, 16843009, 16843009, 16843009, 16843009, 16843009, 16843009, 16843009, 16843009, 16843009, 16843009, 16843009, 16843009, 16843009, 16843009, 16843009, 16843009, 16843009, 16843009, 16843009, 16843009, 16843009, 16843009, 16843009, 16843009, 0, 0, 0, 0, 0, 0, 0, 270549505, 0, 0, 0, 0, 0, 0, 0, 0, 2031616, 0, 0, 0, 0, 0, 0, 0, 513, 0, 0, 0, 4096, 0, 0, 0, 0, 1], 0, {}, (None,))
def t(f, *a, **k):
    try: print(ascii(f(*a, **k)))
    except BaseException as e: print(type(e).__name__, e)
def show(m):
    return m and (m.span(), m.regs, m.lastindex, m.lastgroup, m.pos, m.endpos)

# What re has as helpers for sub() is its Python half.
class Re:
    @staticmethod
    def _compile_template(pattern, template):
        calls.append(template)
        hash(template)
        return made[0](pattern, template)
calls, made = [], [None]
sys.modules["re"] = Re

print(_sre.MAGIC, _sre.CODESIZE, _sre.MAXREPEAT, _sre.MAXGROUPS, _sre.getcodesize(), _sre.copyright)
print([_sre.ascii_iscased(c) for c in (64, 65, 90, 91, 97, 122, 123, 223, -1)], [_sre.ascii_tolower(c) for c in (65, 90, 64, 200, -5)])
print([_sre.unicode_iscased(c) for c in (65, 95, 223, 0x130, 0x131, 0x3b1, 0x10400, 0x4e00, 0x1f600)], [_sre.unicode_tolower(c) for c in (65, 0x130, 0x3a9, 0x10400, 0x1e9e, 48)])
t(_sre.ascii_iscased, "a"); t(_sre.unicode_tolower, 1 << 40); t(_sre.unicode_iscased, 2.0); t(_sre.getcodesize, 1)

# Matching, searching, and where they look.
for text in ("aaab", "xaab", "b", "", "aab aab"):
    print([show(f(text)) for f in (letters.match, letters.search, letters.fullmatch)], letters.findall(text), letters.split(text))
for pos in (-5, 0, 1, 2, 7, 100, 1 << 70, -1 << 70):
    t(lambda: show(digits.search("a1b22c3", pos))); t(lambda: show(digits.search("a1b22c3", 0, pos)))
print(show(digits.search("a1b22c3", pos=3, endpos=4)), show(digits.fullmatch("x12y", 1, 3)), show(digits.match(string="12")))
t(digits.match); t(digits.match, 1); t(digits.match, None); t(digits.match, b"1"); t(bytes_word.match, "a"); t(digits.search, "a", "b"); t(digits.search, "a", 1.5); t(digits.match, "a", x=1); t(digits.match, "1", 0, 1, 2)
print(empty.findall("abc"), empty.split("abc"), x_star.findall("axxb"), x_star.split("axxb"), [show(m) for m in x_star.finditer("axb")])
print(x_star.sub("-", "abxd"), x_star.sub("-", "xx"), x_star.subn("-", "abxd", 2), x_star.sub("", ""), empty.sub("-", "ab", count=1))
print(show(many.match("ab" * 3000 + "c")), many.match("ab" * 3000), lazy.findall("<a><b>"), greedy.findall("<a><b>"), show(lazy.fullmatch("<a>b>")))
print([show(condition.match(s)) for s in ("<a>", "a!", "<a!", "a>")], back.findall("aabbcd"), show(behind.search("xabcabce")), behind.search("abcd"))
print(show(possessive.match("ababac")), possessive.match("aba"), atomic.match("aaab"), show(deep.match("ab" * 5)), show(lazy_deep.match("abac")))
print(show(case.search("xSTRASSE strasse STRAßE")), ascii(wide.findall("abc αβγ δ")), ascii(astral.findall("a\U0001f600\U0001f601b")), lines.findall("a\n\nb\n"), ascii(big.findall("aéxВ二!")))
print([show(prefix.search(s)) for s in ("abcabcabd", "ababcabab", "xabcabdabc", "abcab")], literal.findall("needle in needleneedle"), show(literal.search("needl" * 5 + "e")))
print(literal.search("ne\u1234dle"), show(wide.search("a")), show(two.match("b")), show(nested.match("ab")), long.search("a" * 59), show(long.search("b" * 5 + "a" * 61)))
print(bytes_word.findall(b"one, two"), bytes_i.findall(bytearray(b"abBB aB")), bytes_i.split(memoryview(b"xABy")), bytes_word.sub(b"_", bytearray(b"a b")))
print(space.split(" a b "), space.split("a b c", 1), space.split("a b c", maxsplit=-1), two.split("xaybz"), two.findall("ab"), named.findall("ab a"))
t(digits.split); t(digits.split, 5); t(digits.split, "a", 1, 2); t(digits.findall, "a", None)

# Matches.
m = named.match("ab"); n = named.match("a"); w = words.search("- hello world -")
print(m.group(), m.group(1), m.group("second"), m.group(0, "first", 2), m["first"], m[2], n.group(1, 2), n.groups(), n.groups("z"), n.groupdict(), n.groupdict(default=7), m.groupdict())
print(m.start(), m.end(2), m.span("second"), n.span(2), n.start("second"), m.regs is m.regs, n.regs, m.lastindex, m.lastgroup, n.lastgroup, m.string, m.re is named, m.pos, m.endpos)
for a in ((3,), (-1,), ("third",), (1.5,), (None,), ([],), (1 << 80,), (0, 9)): t(m.group, *a); t(m.start, *a)
t(m.__getitem__, "nope"); t(m.groups, 1, 2); t(m.groupdict, x=1); t(m.start, 0, 0); t(lambda: m[0:1]); t(len, m); t(iter, m); t(bool, m)
class Index:
    def __index__(self): return 1
class Name(str): pass
print(m.group(Index()), m.group(Name("first")), m.group(True), repr(m), repr(w), repr(words.match("x" * 80 + " y")), repr(bytes_i.match(b"ab")), str(n))
print(m.__copy__() is m, m.__deepcopy__({}) is m, letters.__copy__() is letters, letters.__deepcopy__(None) is letters, type(m)[int], type(letters)[str])
t(setattr, m, "pos", 1); t(setattr, letters, "flags", 1); t(type(m)); t(type(letters)); t(lambda: setattr(type(m), "x", 1)); t(lambda: type("S", (type(m),), {}))
b = bytearray(b"hello world"); k = bytes_word.search(b, 3); print(k.group(1), k.span()); b[:] = b"he"; print(k.group(), k.groups()); del b[:]; print(k.group(), k.string)

# Patterns.
print([ascii(p) for p in (letters, named, flags, locale, bytes_i, case, empty, long)])
print(letters.pattern, letters.flags, letters.groups, letters.groupindex, named.groupindex, named.groupindex["second"], type(named.groupindex).__name__, flags.flags)
print(letters == same, letters != same, hash(letters) == hash(same), letters == named, letters == "a", letters is same, letters.__lt__(same), {letters: 1}[same])
import _weakref
ref = _weakref.ref; r = ref(letters); print(r() is letters, ref(letters) is r, [sys.getsizeof(x) for x in (letters, named, m, n, letters.scanner(""))]); t(ref, m)

# Scanners and iterators.
s = letters.scanner("aabaab x"); print(s.pattern is letters, show(s.match()), show(s.search()), s.search(), s.search(), s.match())
s = digits.scanner("12a", 1, 2); print(show(s.match()), s.match(), type(s).__name__, type(s).__module__)
it = digits.finditer("1 22"); print(type(it).__name__, show(next(it)), show(next(it)), next(it, "end")); t(next, it); t(type(s)); t(s.match, 1)
b = bytearray(b"ab ab"); s = bytes_i.scanner(b); t(b.append, 1); del s; b.append(33); print(b)
for p in (letters, digits): print([list(map(show, p.finditer("1a2aab33", a, e))) for a, e in ((0, 3), (2, 8), (5, 2))])

# sub: by literals, by templates, by calls.
print(digits.sub("#", "a1b22"), digits.subn("#", "a1b22"), digits.sub("#", "a1b22c3", 2), digits.sub("#", "none"), digits.subn(repl="#", string="1", count=0), bytes_word.sub(b"#", b"ab cd"))
print(digits.sub(lambda m: str(int(m[0]) * 2), "a1b22"), digits.sub(lambda m: None, "a1b22"), words.subn(lambda m: m[2] + m[1], "a b c d"), digits.sub(lambda m: "", "1"))
made[0] = lambda p, x: _sre.template(p, ["<", 1, "", 2, ">"])
print(words.sub("\\1\\2", "a b c d"), two.sub("\\1", "ab-"), words.match("a b").expand("x"), words.subn("\\1", "a b"))
made[0] = lambda p, x: _sre.template(p, ["plain"]); print(digits.sub("\\", "a1b2"), digits.match("1").expand("\\"))
made[0] = lambda p, x: _sre.template(p, [b"<", 1, b">"]); print(bytes_word.sub(b"\\1", b"ab cd"), bytes_word.sub(bytearray(b"\\1"), b"ab"), bytes_word.sub(memoryview(b"\\x"), b"ab"))
class S(str):
    __hash__ = None
made[0] = lambda p, x: _sre.template(p, ["[", 0, "]"]); print(digits.sub(S("\\0"), "a1"), digits.sub(S("x"), "a1"), len(calls), [type(c).__name__ for c in calls])
made[0] = lambda p, x: 5; t(digits.sub, "\\", "1"); t(digits.match("1").expand, "x")
made[0] = lambda p, x: _sre.template(p, ["", 7, ""]); t(digits.sub, "\\", "1"); t(digits.sub, 5, "1"); t(digits.sub, [], "1")
made[0] = lambda p, x: 1 / 0; t(digits.sub, "\\", "1"); t(digits.sub, "\\", 1)
t(digits.sub); t(digits.sub, "a"); t(digits.sub, "a", 1); t(digits.sub, "a", b"1"); t(digits.sub, b"a", "1"); t(digits.sub, lambda m: 5, "1"); t(digits.sub, lambda m: 1 / 0, "1"); t(digits.sub, "a", "b", "c"); t(bytes_word.sub, "a", b"b")
for x in ([], ["a", 1], ["a", "b", "c"], ["a", -1, "b"], ["a", 1 << 80, "b"], "abc", ["a", 1, "b", 2, "c"], [5]): t(lambda: type(_sre.template(None, x)))
x = _sre.template(None, ["a", 1, "", 2, "c"]); print(sys.getsizeof(x), type(x).__name__, type(x).__module__); t(type(x)); t(_sre.template, 1)

# Changes while it runs.
def change(m):
    try: b.append(1)
    except BufferError as e: print("held:", e)
    return b"!"
b = bytearray(b"ab ab"); print(bytes_i.sub(change, b), b)
s = digits.scanner("1 2 3")
def reenter(m): return str(show(s.search()))
print(digits.sub(reenter, "a1b2"))
print(words.sub(lambda m: words.sub(lambda n: n[2], m[0]), "a b c d"))
class Evil:
    def __eq__(self, other): d.clear(); return False
    __hash__ = lambda self: hash("first")
d = {"first": 1, "second": 2}; p = _sre.compile(None, 0, [17, 0, 16, 97, 17, 1, 1], 2, d, (None, "first", "second"))
m = p.match("a"); t(m.group, Evil()); print(d, m.groupdict(), m.lastgroup, show(p.match(b"a")), p.pattern); t(hash, p); t(repr, p)

# Code that no compiler makes.
def c(*code, groups=0, flags=0, pattern="p"): t(lambda: _sre.compile(pattern, flags, list(code), groups, {}, ()).match("aab"))
for code in ([], [0], [1], [99, 1], [16, 1], [16], [15, 1, 1], [15, 9, 1], [17, 0, 1], [17, 1, 1], [17, 2, 1], [17, 3, 1], [6, 12, 1], [6, 0, 1], [8, 18, 1], [13, 2, 0, 1], [13, 5, 22, 1, 0, 1],
             [14, 4, 0, 0, 0, 1], [14, 4, 8, 0, 0, 1], [14, 4, 5, 0, 0, 1], [14, 4, 2, 0, 0, 1], [14, 3, 0, 0, 1], [14, 8, 1, 0, 0, 1, 1, 97, 0, 16, 97, 1], [14, 8, 1, 0, 0, 1, 0, 97, 1, 1],
             [7, 0, 1], [7, 5, 16, 97, 15, 2, 0, 1], [7, 5, 16, 97, 15, 3, 0, 1], [7, 5, 16, 97, 15, 9, 0, 1], [7, 2, 1, 0, 1], [24, 6, 0, 1, 16, 97, 1, 1], [24, 6, 2, 1, 16, 97, 1, 1], [24, 6, 0, 1, 16, 97, 0, 1], [24, 9, 0, 1, 16, 97, 1, 1],
             [24, 8, 0, 4294967295, 16, 97, 16, 97, 1, 1], [26, 8, 1, 4294967295, 16, 97, 16, 97, 1, 16, 98, 1], [29, 8, 0, 4294967295, 16, 97, 16, 97, 1, 16, 98, 1],
             [23, 5, 0, 1, 16, 97, 18, 1], [23, 5, 0, 1, 16, 97, 1, 1], [23, 6, 0, 1, 16, 97, 18, 1], [28, 5, 0, 4294967295, 16, 97, 1, 1], [18, 1], [19, 1], [27, 4, 16, 97, 1, 1], [27, 3, 16, 97, 1], [27, 0, 1, 1], [11, 0, 1], [12, 0, 2, 1], [12, 0, 0, 1], [4, 5, 0, 16, 97, 1, 1], [4, 5, 9, 16, 97, 1, 1], [5, 4, 0, 16, 97, 1, 1], [4, 0, 0, 1], [25, 1], [21, 1], [42, 1, 2, 1],
             [13, 11, 9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1], [13, 10, 9, 0, 0, 0, 0, 0, 0, 0, 0, 1], [13, 4, 10, 0, 0, 1], [4294967295, 1], [4294967296, 1], [1 << 80, 1], [-1, 1], ["a", 1], [1.0]):
    c(*code); c(*code, groups=1)
# Of these CPython runs past its own code, or for ever.
if "AssemblyScript" not in sys.version:
    print("RuntimeError invalid SRE code\n" * 6 + "<re.Match object; span=(0, 0), match=''>")
else:
    for code in ([13, 0, 1], [13, 1, 1], [14, 8, 1, 0, 0, 1, 1, 97, 0, 16, 97, 16, 1]): c(*code); c(*code, groups=1)
    c(24, 5, 0, 4294967295, 1, 1, 1)
c(1, groups=-1); c(1, groups=_sre.MAXGROUPS + 1); c(1, groups="a"); c(1, flags="a"); c(1, flags=1 << 40); c(1, pattern=5); c(1, pattern=b"p")
t(_sre.compile, 1, 2, 3, 4, 5, 6); t(_sre.compile, "p", 0, [1], 0, [], ()); t(_sre.compile, "p", 0, [1], 0, {}, []); t(_sre.compile); t(_sre.compile, "p", 0, [1], 0, {}, (), 7); print(_sre.compile(pattern="p", flags=0x4000, code=[1], groups=0, groupindex={}, indexgroup=()))
