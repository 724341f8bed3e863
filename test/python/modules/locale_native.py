"""Module _locale: categories, what a locale says, messages."""
import _locale
import os


def show(text):
    try:
        print(text, ascii(eval(text, {"L": _locale})))
    except Exception as e:
        print(text, type(e).__name__, ascii(str(e)))


names = [n for n in dir(_locale) if n[0].isupper() or n.startswith("_DATE")]
print([n for n in names if isinstance(getattr(_locale, n), int)], _locale.LC_ALL, _locale.CHAR_MAX, _locale.Error, _locale.Error.__mro__)
for category in range(-1, 15):
    show(f"L.setlocale({category})")
ALL = "LC_CTYPE=C.UTF-8;LC_NUMERIC=C;LC_TIME=C;LC_COLLATE=C;LC_MONETARY=C;LC_MESSAGES=C;LC_PAPER=C;LC_NAME=C;LC_ADDRESS=C;LC_TELEPHONE=C;LC_MEASUREMENT=C;LC_IDENTIFICATION=C"
for name in ("C", "POSIX", "C.UTF-8", "C.utf8", "C.utF8", "C.UTF-8@x", "c.utf8", "en_US.UTF-8", "C.ISO-8859-1", "C.u", "LC_CTYPE=C.UTF-8;LC_NUMERIC=C",
             ALL, ALL.replace("LC_TIME=C", "LC_TIME=C.UTF-8"), ALL.replace("LC_TIME=C", "LC_TIME=xx"), "C/C", "x" * 300, "C\0x", None, 1, b"C"):
    for category in "LC_CTYPE", "LC_ALL":
        show(f"L.setlocale(L.{category}, {name!r})")
for value in "C.UTF-8", "xx", "C":
    os.environ["LC_ALL"] = value
    show("L.setlocale(L.LC_CTYPE, '')")
    show("L.setlocale(L.LC_ALL, '')")
os.environ["LC_ALL"] = ""
os.environ["LC_TIME"] = "C.UTF-8"
os.environ["LANG"] = "POSIX"
show("L.setlocale(L.LC_ALL, '')")
for name in "C", "C.UTF-8":
    _locale.setlocale(_locale.LC_ALL, name)
    print(_locale.localeconv())
    for n in names:
        if not n.startswith("LC_") and n not in ("CHAR_MAX", "Error"):
            print(n, getattr(_locale, n), ascii(_locale.nl_langinfo(getattr(_locale, n))), end="; ")
    print(_locale.getencoding())
for text in ("strcoll('a', 'b')", "strcoll('b', 'a')", "strcoll('\xe4', 'z')", "strcoll('', '')", "strcoll('a', 'a\\0b')", "strcoll('a', 1)", "strcoll('\\ud800', 'a')",
             "strxfrm('a\xe4')", "strxfrm('')", "strxfrm('a\\0')", "strxfrm(1)", "gettext('a')", "gettext(1)", "gettext('a\\0')", "dgettext('d', 'x')",
             "dgettext(None, 'x')", "dgettext(1, 'x')", "dcgettext(None, 'x', 5)", "dcgettext('x', 'y')", "textdomain(None)", "textdomain('abc')",
             "textdomain(None)", "textdomain('')", "textdomain()", "bindtextdomain('abc', '/tmp')", "bindtextdomain('abc', None)", "bindtextdomain('abc', b'/x')",
             "bindtextdomain('abc', 1)", "bindtextdomain('', '/x')", "bindtextdomain('nope', None)", "bind_textdomain_codeset('abc', 'utf-8')",
             "bind_textdomain_codeset('abc', None)", "bind_textdomain_codeset('q', None)", "bind_textdomain_codeset('', 'u')", "setlocale()", "setlocale('a')",
             "setlocale(0, 'C', 1)", "nl_langinfo(99)", "nl_langinfo('a')", "localeconv(1)", "setlocale(2 ** 40)"):
    show("L." + text)
