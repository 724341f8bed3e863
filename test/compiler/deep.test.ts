// Sources that nest or chain as deep as one likes, in every shape that the grammar has for it: the compiler answers with code
// or with an exception of Python's, whatever the depth, and never with JavaScript's stack.
import assert from "node:assert/strict";
import test from "node:test";
import { compile, marshalCode, PyCompileError, PySyntaxError } from "../../src/compiler/index.ts";

const around = (open: string, middle: string, close: string) => (n: number) =>
  open.repeat(n) + middle + close.repeat(n);
const chain = (first: string, link: string) => (n: number) => first + link.repeat(n);
/** Blocks, each inside the one before. */
const blocks = (head: string) => (n: number) => {
  let source = "";
  for (let i = 0; i < n; i++) source += `${" ".repeat(i)}${head}:\n`;
  return `${source}${" ".repeat(n)}pass\n`;
};

const shapes: Record<string, (n: number) => string> = {
  parentheses: around("(", "a", ")"),
  tuples: around("(", "a", ",)"),
  lists: around("[", "a", "]"),
  sets: around("{", "a", "}"),
  dicts: around("{a:", "a", "}"),
  "constant tuples": around("(", "1", ",)"),
  "tuples and lists": around("[(", "a", ")]"),
  calls: around("f(", "a", ")"),
  "keyword arguments": around("f(k=", "a", ")"),
  "starred arguments": around("f(*", "a", ")"),
  subscripts: around("a[", "a", "]"),
  slices: around("a[b:", "a", "]"),
  comprehensions: around("[a for a in ", "b", "]"),
  "comprehensions in front": around("[", "a", " for a in b]"),
  generators: around("(a for a in ", "b", ")"),
  "set comprehensions": around("{", "a", " for a in b}"),
  "dict comprehensions": around("{a: ", "a", " for a in b}"),
  lambdas: chain("", "lambda: "),
  "lambdas with defaults": around("lambda a=(", "1", "): 0"),
  "open brackets": chain("", "("),
  "closed brackets": chain("", ")"),
  negations: (n) => `${"-".repeat(n)}a`,
  "constants negated": (n) => `${"-".repeat(n)}1`,
  inversions: (n) => `${"~".repeat(n)}a`,
  nots: (n) => `${"not ".repeat(n)}a`,
  awaits: (n) => `async def f(): ${"await (".repeat(n)}a${")".repeat(n)}`,
  yields: (n) => `def f(): ${"(yield ".repeat(n)}a${")".repeat(n)}`,
  powers: chain("a", "**a"),
  "constant powers": chain("1", "**1"),
  sums: chain("a", "+a"),
  "constant sums": chain("1", "+1"),
  "sums to the right": around("a+(", "a", ")"),
  "strings added": chain("'a'", "+'a'"),
  "strings side by side": chain("'a'", " 'a'"),
  "f-strings side by side": chain("f'{a}'", " f'{a}'"),
  "bytes side by side": chain("b'a'", " b'a'"),
  formats: chain("'%s'", "%a"),
  ands: chain("a", " and a"),
  ors: chain("a", " or a"),
  "ands and ors": chain("a", " and a or a"),
  "ands in ors in ands": around("(a and (a or ", "a", "))"),
  comparisons: chain("a", " < a"),
  "comparisons of comparisons": around("(a < ", "a", ")"),
  memberships: chain("a", " not in a"),
  attributes: chain("a", ".a"),
  "attributes of calls": chain("a", ".a()"),
  "subscripts of subscripts": chain("a", "[0]"),
  "calls of calls": chain("a", "()"),
  conditionals: (n) => `${"a if b else ".repeat(n)}c`,
  "conditionals in conditions": (n) => `${"a if (".repeat(n)}b${") else c".repeat(n)}`,
  walruses: around("(a := ", "b", ")"),
  assignments: (n) => `${"a = ".repeat(n)}b`,
  "assignments of tuples": (n) => `${"(".repeat(n)}a${",)".repeat(n)} = b`,
  deletions: (n) => `del ${"(".repeat(n)}a${",)".repeat(n)}`,
  imports: (n) => `import a${".a".repeat(n)}`,
  "imports by another name": (n) => `import a${".a".repeat(n)} as b`,
  "imports from": (n) => `from a${".a".repeat(n)} import b`,
  "relative imports": (n) => `from ${".".repeat(n)} import b`,
  "imported names": (n) => `from a import b${", b".repeat(n)}`,
  decorators: (n) => `${"@a\n".repeat(n)}def f(): pass`,
  "a decorator": (n) => `@a${".a".repeat(n)}\ndef f(): pass`,
  "an annotation": (n) => `a: b${".b".repeat(n)}`,
  "an annotation as text": (n) => `from __future__ import annotations\na: ${"[".repeat(n)}b${"]".repeat(n)}`,
  "an annotation as text, chained": (n) => `from __future__ import annotations\na: b${" + b".repeat(n)}`,
  "an annotation as text, negated": (n) => `from __future__ import annotations\na: ${"-".repeat(n)}b`,
  "an annotation as text, conditional": (n) => `from __future__ import annotations\na: ${"b if c else ".repeat(n)}d`,
  "an annotation as text, lambdas": (n) => `from __future__ import annotations\na: ${"lambda: ".repeat(n)}d`,
  elifs: (n) => `if a: pass\n${"elif b: pass\n".repeat(n)}`,
  "else ifs": blocks("if a"),
  whiles: blocks("while a"),
  fors: blocks("for a in b"),
  withs: blocks("with a"),
  functions: blocks("def f()"),
  classes: blocks("class A"),
  "with items": (n) => `with a${", a".repeat(n)}: pass`,
  excepts: (n) => `try: pass\n${"except a: pass\n".repeat(n)}`,
  cases: (n) => `match a:\n${" case 1: pass\n".repeat(n)}`,
  "case sequences": (n) => `match a:\n case ${"[".repeat(n)}b${"]".repeat(n)}: pass`,
  "case classes": (n) => `match a:\n case ${"A(".repeat(n)}${")".repeat(n)}: pass`,
  "case mappings": (n) => `match a:\n case ${"{1:".repeat(n)}b${"}".repeat(n)}: pass`,
  "case alternatives": (n) => `match a:\n case 1${" | 1".repeat(n)}: pass`,
  "case names": (n) => `match a:\n case a${".a".repeat(n)}: pass`,
  "f-strings": around("f'{", "a", "}'"),
  "f-strings with specs": around("f'{a:{", "a", "}}'"),
  "f-string with specs in specs": (n) => `f'${"{a:".repeat(n)}${"}".repeat(n)}'`,
  "f-string fields": (n) => `f'${"{a}".repeat(n)}'`,
  "type parameters": (n) => `def f[${"A: (".repeat(n)}a${")".repeat(n)}](): pass`,
  "type aliases": (n) => `type A = ${"list[".repeat(n)}a${"]".repeat(n)}`,
  arguments: (n) => `f(a${", a".repeat(n)})`,
  parameters: (n) => `def f(${Array.from({ length: n }, (_, i) => `a${i}`).join(", ")}): pass`,
  backslashes: chain("a", " \\\n"),
  semicolons: chain("a", "; a"),
};

/** "ok", or the type of the error, which is Python's. */
function outcome(source: string): string {
  try {
    marshalCode(compile(source, "<test>", "exec", { limits: { memory: 1 << 30 } }));
    return "ok";
  } catch (e) {
    if (e instanceof PyCompileError || e instanceof PySyntaxError) return e.type;
    throw e;
  }
}

for (const [name, make] of Object.entries(shapes)) {
  test(`${name}, however deep`, () => {
    assert.notEqual(outcome(make(3)), "MemoryError");
    // Indentation takes the square of its depth, and ends at a hundred.
    const depths = make(2).includes("\n ") ? [90, 101, 1500] : [90, 250, 3000, 12000];
    for (const n of depths) outcome(make(n));
  });
}
