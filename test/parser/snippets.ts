/** Sources whose answers are recorded in goldens/snippets.json: what warns, what is encoded, what is at a limit. */

import type { ErrorRecord } from "../../tools/compare/error-record.ts";

const warn = String.raw`
1if x else y
0x1for x in y
1_000if x else y
1.5e3in x
1jif x else 2
[1or 2, 0x1and 3]
'\d'
b'\d'
f'\d{x}'
f'{x:\d}'
'\400'
b'\777'
f'\{x}'
f'{x}\}'
rf'{x:\d}'
'\d' '\e'
f'\d' f'\e' '\g'
'\é'
def f(a='\d', b='\e'): pass
f'{f"\d"}'
1 if '\d' else '\e'
x['\d'] = 1
class A('\d'): pass
with a('\d') as b: pass
with (a('\d') as b): pass
lambda x='\d': 1
f'{"\d"!r:>{"\e"}}'
'\d' = 1
f('\d' b)
1else
f'\N'
`;

export const warningSnippets: readonly string[] = [
  ...warn.trim().split("\n"),
  "match '\\d':\n case '\\e': pass",
  "'''\n\\d\n\n\\e'''",
];

/** As bytes, one character each. */
export const encodedSnippets: readonly string[] = [
  "",
  "\n",
  "#",
  "x\r\ny\rz",
  "x\0",
  "# \xff\nx",
  "'\xff'",
  "x\xff=1",
  "f'\xc3'",
  "f'{x:\xc3}'",
  "b'\xff'",
  "\xef\xbb\xbf'\xc3\xa9'",
  "\xef\xbb\xbf# coding: utf-8\n'\xc3\xa9'",
  "\xef\xbb\xbf# coding: latin-1\n'a'",
  "\xef\xbb\xbf\n# coding: ascii\n'a'",
  "# coding: foo\n'a'",
  "# coding: hex\n'a'",
  "# coding: ascii\n'\xe9'",
  "# coding: latin-1\n'\xe9'",
  "# coding: ISO_8859-1-unix\n'\xe9'",
  "# coding: iso-8859-15\n'\xa4'",
  "# coding: cp1252\n'\x80'",
  "# coding: cp1252\n'\x81'",
  "# coding: windows-1251\n'\xe9'",
  "# coding: koi8-r\n'\xe9'",
  "# coding: cp437\n'\xe9'",
  "# coding: mac-roman\n'\xe9'",
  "# coding: utf-8\n'\xe9'",
  "# coding: utf8\n'\xe9'",
  "# coding: utf-8-sig\n'\xc3\xa9'",
  "# coding: euc-jp\n'\xa4\xa2'",
  "# coding: shift_jis\n'\x82\xa0'",
  "# coding: gbk\n'\xb0\xa1'",
  "# coding: big5\n'\xa4\xa4'",
  "# -*- coding: latin-1 -*-\n'\xe9'",
  "# vim: set fileencoding=latin-1 :\n'\xe9'",
  "#coding=latin-1\r'\xe9'",
  "  \f# coding: latin-1\n'\xe9'",
  "\n# coding: latin-1\n'\xe9'",
  "\n\n# coding: latin-1\n'\xe9'",
  "1 # coding: latin-1\n'\xe9'",
  "# a\n1 # coding: latin-1\n'\xe9'",
  "'''\n# coding: latin-1\n'''",
  "\\\n# coding: latin-1\n'\xe9'",
  "# coding: latin-1",
  "# coding latin-1\n'\xe9'",
  "# coding: latin-1\n'\xe9'; (x x\ny\nz\n1)",
  "# coding: latin-1\n(\n'\xe9' + \n '\xe9\xe9' a\n,1\n)",
  "'\xe3\\d'",
  "f'{x:\\d\xe3}'",
];

const nested = (open: string, n: number, close = "") => open.repeat(n) + "1" + close.repeat(n);

/** Just below and just above what CPython takes. */
export const limitSnippets: readonly string[] = [
  nested("(", 200, ")"),
  nested("(", 201, ")"),
  nested("not -a**(", 180, ")"),
  nested("not -a**(", 190, ")"),
  nested("lambda: (", 199, ")"),
  nested("lambda: (", 200, ")"),
  nested("-", 5974),
  nested("-", 5975),
  nested("not ", 5974),
  nested("not ", 5975),
  nested("2**", 2987),
  nested("2**", 2988),
  nested("lambda: ", 2987),
  nested("lambda: ", 2988),
  nested("a if b else ", 5974),
  nested("a if b else ", 5975),
  "if a: pass\n" + "elif b: pass\n".repeat(5965),
  "if a: pass\n" + "elif b: pass\n".repeat(5966),
  Array.from({ length: 99 }, (_, i) => " ".repeat(i) + "if x:\n").join("") + " ".repeat(99) + "pass\n",
  Array.from({ length: 100 }, (_, i) => " ".repeat(i) + "if x:\n").join("") + " ".repeat(100) + "pass\n",
  "9".repeat(4300),
  "9".repeat(4301),
  "0x" + "f".repeat(5000),
  "f'{a:{b:{c}}}'",
  "f'{a:{b:{c:{d}}}}'",
];

/** Mistakes that are not in CPython's own tests, or that its tests do not look at closely. */
export const mistakeSnippets: readonly string[] = [
  "x = = 1",
  "  x",
  "if x:\npass",
  "\tif x:\n        y\n\tz",
  "if x:\n        y\n\tz",
  "if x:\n    y\n  z",
  "x = 'abc\\'",
  "x = '''abc\n\n",
  "f'''{a\n",
  "f'{x",
  "f'{a b}'",
  "f'{a!}'",
  "f'{a!x}'",
  "f'{}'",
  "f'}'",
  "f'{a:{}}'",
  "f'{lambda x: 1}'",
  "(a, b\nc = d\n",
  "(a, b]",
  "(a,\n b]",
  "a)",
  "1x",
  "0b2",
  "0o8",
  "0xg",
  "1__0",
  "01",
  "1e+",
  "a $ b",
  "a ? b",
  "a\u200bb",
  "a € b",
  "é é",
  "x = \\ y",
  "x = \\",
  "'\\N{foo}'",
  "'é\\xz'",
  "'\\x'",
  "'\\U00110000'",
  "f'\\x4{x}'",
  "f'{x:\\x4}'",
  "f'{x:\\N{foo}}'",
  "f'{x:y{=}}'",
  "b'é'",
  "b'\\xz'",
  "'a' b'b'",
  "def f(a=1, b): pass",
  "def f(a, /, b, /): pass",
  "def f(*): pass",
  "f(**a, *b)",
  "f(a=1, b)",
  "f(a for a in b, c)",
  "f(True=1)",
  "f(a.b=1)",
  "a, 1 = 3",
  "f() = 1",
  "a + 1 += 2",
  "(a, b): int",
  "del f()",
  "for f() in x: pass",
  "with a as f(): pass",
  "import a from b",
  "from a import b,",
  "try:\n  x\nfoo",
  "try:\n  x\nexcept a, b:\n  y",
  "class A(: pass",
  "print 1",
  "exec 'a'",
  "[a b]",
  "{a: b, c}",
  "{a: *b}",
  "{**a for a in b}",
  "[*a for a in b]",
  "a if b",
  "match x:\n  case a as _: pass",
  "match x:\n  case 1 + 2: pass",
  "async x",
  "type X[] = int",
  "def f[*T: int](): pass",
  "x: int: str",
  "a := 1",
  "lambda: (yield) = 1",
  "\u00e9 = 'é' é",
];

export interface Snippet extends ErrorRecord {
  /** The tree is too deep to be compared. */
  quiet?: boolean;
}

/** All of them, as requests to the oracle. */
export function snippetRecords(): Snippet[] {
  return [
    ...[...warningSnippets, ...mistakeSnippets].map((source): Snippet => ({ mode: "exec", source })),
    ...limitSnippets.map((source): Snippet => ({ mode: "exec", source, quiet: true })),
    ...mistakeSnippets.flatMap((source): Snippet[] => [
      { mode: "single", source },
      { mode: "eval", source },
    ]),
    ...encodedSnippets.map(
      (text): Snippet => ({ mode: "exec", base64: Buffer.from(text, "latin1").toString("base64") }),
    ),
  ];
}
