"""Module pyexpat: events and their places, namespaces, document types, entities, encodings, errors, what handlers may do."""
import gc
import io
import pyexpat

NAMES = ("StartElement EndElement ProcessingInstruction CharacterData UnparsedEntityDecl NotationDecl StartNamespaceDecl EndNamespaceDecl Comment "
         "StartCdataSection EndCdataSection StartDoctypeDecl EndDoctypeDecl EntityDecl XmlDecl ElementDecl AttlistDecl SkippedEntity").split()


def attempt(f, *args, **kwargs):
    try:
        print(ascii(f(*args, **kwargs)))
    except Exception as e:
        print(type(e).__name__, ascii(str(e)))


def run(*chunks, separator=None, names=NAMES, encoding=None, **attributes):
    p = pyexpat.ParserCreate(encoding, separator)
    for name, value in attributes.items():
        setattr(p, name, value)

    def handler(name):
        return lambda *args: print("  ", name, ascii(args), p.CurrentLineNumber, p.CurrentColumnNumber, p.CurrentByteIndex)

    for name in names:
        setattr(p, name + "Handler", handler(name))
    print(ascii(chunks)[:100], attributes)
    try:
        for chunk in chunks[:-1]:
            p.Parse(chunk)
        p.Parse(chunks[-1], True)
    except pyexpat.ExpatError as e:
        print("  ", e, e.code, e.lineno, e.offset, p.ErrorCode, p.ErrorLineNumber, p.ErrorColumnNumber, p.ErrorByteIndex)
    except Exception as e:
        print("  ", type(e).__name__, e)


print(pyexpat.EXPAT_VERSION, pyexpat.version_info, pyexpat.features, pyexpat.native_encoding, pyexpat.error is pyexpat.ExpatError)
print(pyexpat.ErrorString(0), pyexpat.ErrorString(3), pyexpat.ErrorString(99), pyexpat.errors.codes == {v: k for k, v in pyexpat.errors.messages.items()})
print(sorted(n for n in dir(pyexpat.model) if n[0] == "X"), len(pyexpat.errors.messages))

run('<?xml version="1.0" encoding="utf-8" standalone="yes"?>\n<!-- c -->\n<a x="1" y=\'&lt;2&#65;\t\n\r\nz\'>text &amp; more\nline<b/>]]<![CDATA[ cd\n]] ]]></a>\n<?pi data ?>')
for prefixes in False, True:
    run('<a xmlns="u" xmlns:p="v" p:x="1" y="2"><p:b xmlns=""/><c xmlns:p="w"><p:d/></c></a>', separator=" ", namespace_prefixes=prefixes)
run('<a xmlns="u"/>', separator="")
run('<p:a xmlns:p="u"/>', ordered_attributes=True)
run(b'<a x="', b'1">te', b"xt<", b"/a>")
run("<a>one\r\ntwo\rthree</a>", buffer_text=True)
run("<a>" + "x" * 20 + "<b/>\ny</a>", buffer_text=True, buffer_size=8)

for text in ('<a>', '<a></b>', '<a x=1/>', '<a x="1" x="2"/>', '', 'text', '<a/>x', '<a>&foo;</a>', '<a>&#0;</a>', '<a>&#xD800;</a>', '<a>]]></a>', '<a><!-- -- --></a>',
             '<a>\x01</a>', '<1/>', '<a', '<a x="<"/>', ' <?xml version="1.0"?><a/>', '<a/><b/>', '<a b="1"c="2"/>', '<a>&amp</a>', '<!DOCTYPE a><a/>', '<a></a',
             '<!-- x', '<a><![CDATA[ x', '<?xml version="1.0" bad="1"?><a/>', '<?xml encoding="utf-8"?><a/>', '<?XML version="1.0"?><a/>', '&amp;', '<a>&#;</a>', '<a>&;</a>',
             '<a><?xml version="1.0"?></a>', '<a x="&b;"/>', '<!DOCTYPE a SYSTEM "x" [', '<a/>&amp;', '<a x="1"/ >', '<a></a x>'):
    run(text, names=["StartElement", "EndElement"])
for text in '<p:a/>', '<a p:x="1"/>', '<:a/>', '<a:b:c/>', '<a xmlns:p=""/>', '<a xmlns:xml="u"/>', '<a xmlns:xmlns="u"/>', '<a xmlns:p="u" xmlns:q="u" p:x="1" q:x="2"/>':
    run(text, separator=":", names=[])

DTD = """<?xml version="1.0"?>
<!DOCTYPE quotations SYSTEM "quotations.dtd" [
    <!ELEMENT root ANY><!ELEMENT x (a|b)*><!ELEMENT y (a,(b|c)?,d+)><!ELEMENT m (#PCDATA|a)*><!ELEMENT e EMPTY><!ELEMENT t (#PCDATA)>
    <!ATTLIST root attr1 CDATA #REQUIRED attr2 CDATA #IMPLIED c (p|q) "p" d NOTATION (notation) #IMPLIED f CDATA #FIXED "z" n NMTOKENS "  a  b ">
    <!NOTATION notation SYSTEM "notation.jpeg"><!NOTATION n2 PUBLIC " pub  id"><!NOTATION n3 PUBLIC "a" "b">
    <!ENTITY acirc "&#226;"><!ENTITY ext SYSTEM "entity.file"><!ENTITY unp PUBLIC "p" "entity.file" NDATA notation>
    <!ENTITY % pe "<!ELEMENT q ANY>"><!ENTITY acirc "again"><!ENTITY inner "<i>&acirc;</i>"><?p q?><!-- c -->
    %unparsed;
]>
<root attr1="value1" attr2="v  &#x1F600;&acirc;" n=" x  y ">&acirc;<sub2><![CDATA[contents]]></sub2>&ext;&skip;&inner;</root>
"""
run(DTD)
run(DTD, names=["StartElement", "Default"], specified_attributes=True)
run('<!DOCTYPE a [<!ENTITY e "<b>x</b>">]><a>&e;</a>', names=["StartElement", "CharacterData", "Default"])
p = pyexpat.ParserCreate()
p.DefaultHandlerExpand = lambda s: print("default", ascii(s))
p.Parse('<!DOCTYPE a [<!ENTITY e "<b>x</b>">]><a>&e;<!-- c --></a>', True)
for text in ('<!DOCTYPE a [<!ENTITY a "&b;"><!ENTITY b "&a;">]><a>&a;</a>', '<!DOCTYPE a [<!ENTITY a "<b>">]><a>&a;</b></a>', '<!DOCTYPE a [<!ENTITY a "</a>">]><a>&a;</a>',
             '<!DOCTYPE a [<!ENTITY a SYSTEM "x">]><a b="&a;"/>', '<!DOCTYPE a [<!ENTITY a SYSTEM "x" NDATA n>]><a>&a;</a>', '<!DOCTYPE a [<!ENTITY a "<">]><a b="&a;"/>',
             '<!DOCTYPE a [<!FOO>]><a/>', '<!DOCTYPE a [<!ENTITY>]><a/>', '<!DOCTYPE a [<!ELEMENT b (c,d|e)>]><a/>', '<!DOCTYPE a [ x ]><a/>', '<!DOCTYPE a [%e;]><a/>',
             '<!DOCTYPE a [<!ENTITY % e "<!ELEMENT b ANY>">%e;]><a/>', '<!DOCTYPE a PUBLIC "{" "x"><a/>', '<!DOCTYPE a PUBLIC "x"><a/>', '<!DOCTYPE><a/>'):
    run(text, names=["StartElement", "ElementDecl"])
bomb = "<!DOCTYPE a [" + "".join(f'<!ENTITY e{i} "{f"&e{i - 1};" * 10 if i else "x" * 100}">' for i in range(9)) + "]><a>&e8;</a>"
run(bomb, names=[])

# External entities.
p = pyexpat.ParserCreate(namespace_separator="!")
p.SetBase("base")


def external(context, base, system, public):
    print("external", sorted(context.split("\f")), base, system, public)
    sub = p.ExternalEntityParserCreate(context)
    sub.StartElementHandler = lambda *args: print("in it", args)
    sub.Parse(b"<?xml version='1.0' encoding='utf-8'?><q:inner/>text", True)
    return 1


p.ExternalEntityRefHandler = external
p.CharacterDataHandler = print
print(p.Parse('<!DOCTYPE a [<!ENTITY e PUBLIC "pub" "sys">]><a xmlns:q="u">&e;</a>', True), p.GetBase())
p = pyexpat.ParserCreate()
print(p.SetParamEntityParsing(pyexpat.XML_PARAM_ENTITY_PARSING_ALWAYS), p.UseForeignDTD(True))


def subset(context, base, system, public):
    print("subset", context, base, system, public)
    p.ExternalEntityParserCreate(context).Parse(b"<!ELEMENT a ANY><!ATTLIST a b CDATA 'from the subset'><![IGNORE[ <x ]]>", True)
    return 1


p.ExternalEntityRefHandler = subset
p.StartElementHandler = p.ElementDeclHandler = print
p.Parse("<a/>", True)
p = pyexpat.ParserCreate()
p.ExternalEntityRefHandler = lambda *args: 0
attempt(p.Parse, '<!DOCTYPE a [<!ENTITY e SYSTEM "sys">]><a>&e;</a>', True)
p = pyexpat.ParserCreate()
p.NotStandaloneHandler = lambda: 0
attempt(p.Parse, '<!DOCTYPE a SYSTEM "sys"><a/>', True)

# Encodings.
for encoding in "utf-8", "utf-16", "utf-16-le", "iso-8859-1", "us-ascii", "cp1252", "koi8-r":
    text = f'<?xml version="1.0" encoding="{encoding}"?>\n<a b="\xe9">x\n</a>' if encoding not in ("us-ascii", "koi8-r") else f'<?xml version="1.0" encoding="{encoding}"?><a b="c"/>'
    run(text.encode(encoding), names=["XmlDecl", "StartElement", "EndElement"])
run(b"\xef\xbb\xbf<a/>", names=["StartElement"])
run("<a>\u20ac\U0001f600</a>".encode("utf-16"), names=["CharacterData", "EndElement"])
run("<?xml version='1.0'?><a>\u20ac\U0001f600</a>".encode("utf-16-be"), names=["XmlDecl", "StartElement", "CharacterData"])
run(b"<a>\xff</a>", names=[])
run(b"<a>\xe2\x82", names=[])
run(b'<?xml version="1.0" encoding="foo"?><a/>', names=["XmlDecl"])
run(b'<?xml version="1.0" encoding="utf-16"?><a/>', names=["XmlDecl"])
run(b'<?xml version="1.0" encoding="shift_jis"?><a/>' if False else b'<?xml version="1.0" encoding="utf-7"?><a/>', names=["XmlDecl"])
run(b"<a>\xe9</a>", encoding="iso-8859-1", names=["CharacterData"])

# The object.
p = pyexpat.ParserCreate()
print(type(p), p.intern, p.buffer_size, p.buffer_text, p.buffer_used, p.CurrentLineNumber, p.CurrentColumnNumber, p.CurrentByteIndex, p.ErrorCode)
print(p.namespace_prefixes, p.ordered_attributes, p.specified_attributes, p.StartElementHandler, p.GetBase(), p.GetInputContext(), p.GetReparseDeferralEnabled())
for name, value in (("buffer_size", 0), ("buffer_size", "x"), ("buffer_size", 2 ** 40), ("buffer_size", -1), ("intern", {}), ("other", 1), ("StartElementHandler", None)):
    attempt(setattr, p, name, value)
attempt(delattr, p, "StartElementHandler")
attempt(delattr, p, "buffer_text")
attempt(p.Parse, 1)
attempt(p.Parse, "<a/>")
attempt(p.Parse, "<a/>", True)
attempt(p.Parse, "<a/>", True)
attempt(p.ParseFile, 1)
attempt(p.SetBase, 1)
attempt(p.SetBase, "a\0b")
attempt(p.UseForeignDTD)
attempt(p.SetParamEntityParsing, "x")
attempt(pyexpat.ParserCreate, 1)
attempt(pyexpat.ParserCreate, None, "xx")
attempt(pyexpat.ParserCreate, None, 1)
attempt(pyexpat.ParserCreate, intern=1)
attempt(pyexpat.XMLParserType)
names = {}
p = pyexpat.ParserCreate(intern=names)
p.StartElementHandler = lambda name, attributes: print(name, names[name] is name, list(attributes))
p.ParseFile(io.BytesIO(b"<a b='1'><a b='2'/></a>"))
attempt(pyexpat.ParserCreate().ParseFile, io.StringIO("<a/>"))
attempt(pyexpat.ParserCreate().ParseFile, io.BytesIO(b"<a>"))
p = pyexpat.ParserCreate()
p.StartElementHandler = lambda *args: print(p.GetInputContext())
p.Parse(b"<a><b>text</b></a>", True)
p = pyexpat.ParserCreate()
p.SetReparseDeferralEnabled(False)
p.StartElementHandler = print
p.Parse(b"<a")
p.Parse(b">")
print("now")
p = pyexpat.ParserCreate()
p.StartElementHandler = print
p.Parse(b"<aaaa")
p.Parse(b">")
print("not yet")
p.Parse(b"</aaaa>", True)


# Exceptions in handlers; handlers that take themselves away.
def failing(*args):
    raise KeyError("mine")


for name in "StartElement", "EndElement", "CharacterData", "Comment", "XmlDecl", "StartDoctypeDecl", "ExternalEntityRef":
    p = pyexpat.ParserCreate()
    p.EndElementHandler = print
    setattr(p, name + "Handler", failing)
    attempt(p.Parse, '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY e SYSTEM "s">]><a>text<!-- c -->&e;</a>', True)
    print(p.StartElementHandler, p.EndElementHandler)
p = pyexpat.ParserCreate()


def once(text):
    print(text)
    p.CharacterDataHandler = None


p.CharacterDataHandler = once
p.Parse("<a>one<b/>two</a>", True)
p = pyexpat.ParserCreate()
p.StartElementHandler = p
del p
gc.collect()
