# Answers that other Pythons have had wrong: each line is one case, with what it gives or raises.
def t(name, f):
    try: r = f()
    except BaseException as e: r = type(e).__name__ + ": " + str(e)
    print(name, "->", repr(r) if not isinstance(r, str) else r)
def ex(src):
    def f():
        g = {}
        exec(src, g)
        return g.get("r")
    return f
t("ba", ex("b = bytearray(b'ab'); b += b; r=b"))
class B:
    def __iter__(self): return iter([1, 2, 3])
    def __len__(self): raise RuntimeError("len")
t(1, lambda: bytes(B())); t(2, lambda: bytearray(b"").extend(B())); t(3, lambda: int.from_bytes(B(), "big"))
for h in (-1, "x", 2**100, 2**62, 1.5, None, NotImplemented):
    class H:
        def __iter__(self): return iter([1,2,3])
        def __length_hint__(self): return h
    for k in (bytes, bytearray, list, tuple, lambda x: bytearray().extend(x), lambda x: [*x], lambda x: [].extend(x), lambda x: ([].__iadd__(x)), lambda x: (*x,), set, dict.fromkeys, sorted, "".join):
        t((h, getattr(k,'__name__','l')), lambda: k(H()))
import itertools
t("comb", lambda: itertools.combinations(range(5), 2**44))
t("perm", lambda: itertools.permutations(range(5), 2**44))
t("prod", lambda: itertools.product(range(5), repeat=2**44))
t("comb2", lambda: itertools.combinations(range(5), 2**64))
t("cwr", lambda: itertools.combinations_with_replacement(range(5), 2**44))
class CA(type(list[int])): pass
t("ca", lambda: bool | CA(list, int)); t("ca2", lambda: CA(list, int) | None)
for c in "unicode_escape raw_unicode_escape utf-7 idna punycode cp1252 cp437 koi8-r big5 iso8859-15 latin9 utf-16 utf-32 euc-jp gb18030 hz shift_jis mac-roman cp65001 rot13 hex base64 uu zip bz2 quopri charmap mbcs oem undefined palmos ptcp154 tis-620 kz1048 johab iso2022_jp iso-2022-kr".split(): t(c, lambda: "a".encode(c))
t("fmt", lambda: ["foo{n}".format(**locals()) for n in "ab"])
t("fmt2", ex("r=['foo{n}'.format(**locals()) for n in 'ab']"))
t("fmt3", ex("r=[eval('n') for n in 'ab']"))
t("fmt4", ex("r=[sorted(vars())[-1] for n in 'ab']"))
t("fmt5", ex("r=['n' in dir() for n in 'ab']"))
t("fmt6", ex("import sys; r=[dict(sys._getframe().f_locals).get('n') for n in 'ab']"))
t("fmt7", ex("class A:\n  x=['{n}'.format(**locals()) for n in 'ab']\nr=A.x"))
t("fmt8", ex("r=[exec('n=5') or n for n in 'ab']"))
class G(ExceptionGroup):
    def split(s, c): raise KeyError("mine")
def g2():
  try:
    try:
        try: raise G("g", [ValueError()])
        except* ValueError: print("taken")
    except KeyError as e: return str(e)
  except BaseException as e: return repr(e)
t("grp", g2)
t("l1", lambda: list[[int]]); t("l2", lambda: list[[int, [str]]])
for n in ("pkg..sub", "pkg.", "./x", "pkg/sub", ".", "", "..", "a b", "os.", "os..path", ".os", "os.path.", "json.decoder."):
    t(("imp", n), lambda: __import__(n))
class E:
    def __init__(s, k): s.k = k
    def __hash__(s): return 1
    def __eq__(s, o): S.clear(); return True
S = set(); S.add(E(1)); S.add(E(2)); print(len(S))
def mv(): 
    b = bytearray(b"xyz"); b[0:3] = memoryview(b"abc")[::-1]; return b
t("mv", mv)
t("mv2", lambda: b"%s" % memoryview(b"abc")[::-1])
t("mv3", lambda: b"cba" == memoryview(b"abc")[::-1])
def mv4():
    b = bytearray(b"x"); b += memoryview(b"abc")[::-1]; return b
t("mv4", mv4)
t("mv5", lambda: b"".join([memoryview(b"abc")[::-1]]))
t("mv6", lambda: b"x" + memoryview(b"abc")[::-1])
t("mv7", lambda: b"cba" in memoryview(b"abc")[::-1])
t("mv8", lambda: bytes(memoryview(b"abc")[::-1]))
t("mv9", lambda: b"abcba".find(memoryview(b"abc")[::-1]))
t("mv10", lambda: bytearray(b"abcba").extend(memoryview(b"abc")[::-1]))
import sys
def d():
    sys.set_int_max_str_digits(0)
    try: return eval("1" * 4301) > 0
    finally: sys.set_int_max_str_digits(4300)
t("digits", d)
def d2():
    sys.set_int_max_str_digits(700)
    try: return eval("1" * 800)
    finally: sys.set_int_max_str_digits(4300)
t("digits2", d2)
class X:
    def __buffer__(self, f): raise KeyError("b")
rel = memoryview(b"abc"); rel.release()
for nm, o in (("raising", X()), ("released", rel)):
    for k, f in dict(join=lambda: b"".join([o]), join2=lambda: b"".join([b"x", o]), add=lambda: b"a"+o, add2=lambda: bytearray(b"a")+o, iadd=lambda: bytearray(b"a").__iadd__(o),
        eq=lambda: b"a"==o, lt=lambda: b"a"<o, eq2=lambda: bytearray(b"a")==o, lt2=lambda: bytearray(b"a")<o, st=lambda: str(o, "utf8"), it=lambda: int(o), fl=lambda: float(o), ev=lambda: eval(o), ri=lambda: __import__("io").BytesIO(b"abc").readinto(o),
        find=lambda: b"abc".find(o), rep=lambda: b"abc".replace(o,b"x"), sp=lambda: b"abc".split(o), cnt=lambda: b"a".count(o), cont=lambda: o in b"abc", st2=lambda: b"a".startswith(o), tr=lambda: b"a".translate(o), mt=lambda: bytes.maketrans(o,b"a"), strip=lambda: b"a".strip(o), part=lambda: b"a".partition(o), by=lambda: bytes(o), ba=lambda: bytearray(o), mvw=lambda: memoryview(o), hexx=lambda: b"a".hex(o), fh=lambda: int.from_bytes(o,"big"), wr=lambda: __import__("io").BytesIO().write(o), ext=lambda: bytearray().extend(o), sl=lambda: bytearray(b"abc").__setitem__(slice(0,1), o), pc=lambda: b"%s" % o, pcb=lambda: b"%b" % o, cx=lambda: complex(o), cmp=lambda: compile(o,"f","exec"), strr=lambda: str(o,"latin1")).items():
        t((nm, k), f)
import warnings
class I1(int): pass
class F1(float): pass
class A:
    def __int__(self): return I1(3)
    def __index__(self): return I1(4)
    def __float__(self): return F1(2)
class C1(complex): pass
class Cc:
    def __complex__(self): return C1(1)
def w(f):
    with warnings.catch_warnings(record=True) as l:
        warnings.simplefilter("always")
        try: r = f()
        except Exception as e: r = repr(e)
    return f"{r} {[(x.category.__name__, str(x.message)) for x in l]}"
import operator, math
t("w1", lambda: w(lambda: int(A()))); t("w2", lambda: w(lambda: operator.index(A()))); t("w3", lambda: w(lambda: float(A()))); t("w4", lambda: w(lambda: complex(Cc()))); t("w5", lambda: w(lambda: eval("~True"))); 
t("w6", lambda: w(lambda: open(False, closefd=False).name)); t("w7", lambda: w(lambda: math.sqrt(A()))); t("w8", lambda: w(lambda: [1,2,3,4,5][A()])); t("w9", lambda: w(lambda: ~True))
t("w10", lambda: w(lambda: exec("from . import x", {"__package__":"a","__spec__":type("S",(),{"parent":"b"})(), "__name__":"n"})))
t("w11", lambda: w(lambda: exec("x = ~False\ny = -True\nz= not True")))
t("w12", lambda: w(lambda: bool(compile("'\\d' is 3; 1 is 1; assert (1,2); (1)(2); [1]['a']", "f", "exec"))))
