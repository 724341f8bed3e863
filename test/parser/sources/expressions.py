# Every expression of the grammar, with what is hard about it.
a if b else c if d else e
a or b or c and d and not e
not not a
a < b <= c > d >= e == f != g is h is not i in j not in k
a | b ^ c & d << e >> f + g - h * i / j // k % l @ m
a - b - c; a ** b ** c; -a ** -b; (a ** b) ** c
+a, -b, ~c, - - d
await_ = a.b.c(d)[e](f)(g)[h:i]
(a); ((a)); (a,); (a, b); (); (a, *b); (*a,); (yield_)
[a]; [a, *b, c]; []; [a,]
{a}; {a, *b}; {}; {a: b}; {a: b, **c, d: e,}; {**a}
[a for b in c]; {a for b in c if d if e}; {a: b for c, d in e}; (a for b in c for d in e)
[a for a, in b]; [a for *a, b in c]; [a for a.b in c]; [(a, b) for a in b]
[a := b for c in d]; [lambda: a for b in c]; [a if b else c for d in e if f if g]
f(a, b=c, *d, e=f, **g, h=i, **j); f(*a, *b, c); f(a for b in c); f((a for b in c), d)
f(a := b, c); f(a)(b)(c); f(**a, b=c); f(a, *b, c, *d,); f(a if b else c); f(lambda: a)
a[b]; a[b, c]; a[b,]; a[:]; a[b:]; a[:c]; a[b:c]; a[::]; a[b:c:d]; a[::d]; a[b:c, d:e, f]
a[*b]; a[*b, c]; a[b, *c]; a[(b, c)]; a[b := c]; a[lambda: b]; a[b if c else d:e]
lambda: a; lambda a: b; lambda a, b=c, *d, e, f=g, **h: i; lambda *, a: b; lambda a, /, b: c
lambda *a, **b: c; lambda a=(yield_): a; lambda: (yield_); lambda: lambda: a
a = lambda x, /, y=1, *, z=2: (x, y, z)
(a := b); (a := b, c); f(x=(a := b)); [a := b, c]; {a := b}
None; True; False; ...; __debug__
0; 00; 0_0; 1; 1_000; 0x1F; 0XfF_ff; 0o17; 0O1_7; 0b101; 0B1_1; 123456789012345678901234567890
1.; .5; 1.5; 1e5; 1E+5; 1.5e-5; 1_0.0_1e1_0; 0.0; 00.5; 09.5; 1e400; 5e-324; 0e0
1j; 1.5J; .5e3j; 0j; 1_0j; 0777j
1 .real; 1..real; 1.5.real; 1 if 2 else 3
"a"; 'a'; """a"""; '''a"'b'''; "a" 'b' """c"""; u"a"; U"a"; u"a" "b"; "a" u"b"
r"\n"; R'\\'; rb"\x"; Rb'a'; bR"""b"""; b"a" b'b'; b"\x00\377\n\
"
"\a\b\f\n\r\t\v\\\'\"\0\12\123\x41\u0041\U00000041\N{BULLET}\N{latin small letter a}\
"
"\ud800"; "\udc00\ud800"; "\ud83d\ude00"; "\U0001f600"; "😀"; "é" "\N{HANGUL SYLLABLE GAG}"; "\ud83d" "\ude00"
"""multi
line""" "and more"; ("a"
   "b"
     'c')
f"a"; f""; f"{a}"; f"a{b}c{d}e"; f"{a!r}{b!s}{c!a}"; f"{a:b}"; f"{a!r:b}"; f"{{}}"; f"{{{a}}}"; f"a{{b}}c"
f"{a=}"; f"{a = }"; f"{a=!s}"; f"{a=:b}"; f"{ a + b = :>{c}}"; f"{a:{b}}"; f"{a:{b}{c}}"; f"{a:x{b!r:>{c}}y}"
f"{a:}"; f"{a!r:}"; f"{a:{b:{c}}}"; f"{'a'}"; f"{"a"}"; f"{f"{f"{a}"}"}"; f'{a["b"]}'; f"{a if b else c}"
f"{(lambda: a)()}"; f"{lambda_}"; f"{a, *b}"; f"{yield_}"; f"{(a := b)}"; f"{a:=5}"; f"{a:%H:%M}"; f"{ {a: b} }"
f"\n{a}\t\x41\N{BULLET}{b}"; rf"\n{a}\d"; fr'\{a}'; F"{a}"; f"a" "b" f"c{d}" 'e'; "a" f"{b}" f"" "c"
f"""{
    a  # a comment
}
{b = !r:>
{c}}
"""
f'''{a
+ b=}'''
f"{a}" "\ud83d" f"\ude00"
f"{a!r}" f"{b}" "" f""
f"{a:\x41{b}\n}"; rf"{a:\x41}"
f"{x:{'a' 'b'}}"
x = (a
     .b
     (c)
     [d])
x = a \
    + b
é = ª = ﬁ = 𝐱 = "names"
obj.ﬁeld = Ⅷ
