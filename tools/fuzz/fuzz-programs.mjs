#!/usr/bin/env node
// Random programs, run by the release command and by CPython 3.13: output, tracebacks and exceptions must be equal.
//
//   node --import tsx tools/fuzz/fuzz-programs.mjs [BATCHES [SEED]]      a hundred cases a batch; 20 batches and the seed 1 if left out
//
// A case is a function over a few variables of known types. Most of its operations fit the types and a few do not, so
// exceptions with their tracebacks are as frequent as results. Loops run over short ranges and numbers stay small:
// every case ends soon. One process runs a batch; a case that differs is then reduced, statement by statement, to the
// smallest that still differs, and printed with both answers. Build first: `node tools/build/build.mjs`.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { findOracle } from "../oracle/oracle.ts";
import { Random } from "./random.ts";

const CASES = 100;
const batches = Number(process.argv[2] ?? 20);
const numbers = new Random(Number(process.argv[3] ?? 1) | 1);
const command = fileURLToPath(new URL("../../dist/cli.js", import.meta.url));
const oracle = findOracle();
if (oracle === null) {
  console.error("no CPython 3.13 found: set PYTHON_ORACLE");
  process.exit(2);
}

const random = (n) => numbers.below(n);
const pick = (items) => numbers.pick(items);
const chance = (percent) => numbers.chance(percent);
const times = (n, make) => Array.from({ length: n }, make);

// Expressions, by the type that they should have.

const variables = {
  int: ["i", "j", "n"],
  float: ["x", "y"],
  str: ["s", "t"],
  bytes: ["b", "c"],
  list: ["l", "m"],
  tuple: ["p", "q"],
  dict: ["d", "e"],
  set: ["u", "v"],
  bool: ["k"],
};
const types = Object.keys(variables);
const constants = {
  int: ["0", "1", "2", "3", "-1", "-7", "10", "255", "256", "1000003", "2**31", "2**63", "-2**64", "10**20", "True"],
  float: ["0.0", "-0.0", "1.5", "-2.25", "1e16", "1e-7", "0.1", "3.0", "1e300", "float('inf')", "float('nan')"],
  str: [
    "''",
    "'a'",
    "'abc'",
    "'Hello World'",
    "'a,b,,c'",
    "' x '",
    "'é'",
    "'\\u20ac9'",
    "'\\U0001f600z'",
    "'12'",
    "'-3.5'",
    "'tab\\tnl\\n'",
    "'ß'",
    '"it\'s"',
  ],
  bytes: ["b''", "b'a'", "b'abc'", "b'a b  c'", "b'\\x00\\xff'", "bytearray(b'xyz')", "b'12'"],
  list: ["[]", "[1]", "[3, 1, 2]", "['b', 'a']", "[[1], [2]]", "list(range(5))", "[None, 0]", "[1.5, 1, True]"],
  tuple: ["()", "(1,)", "(1, 2)", "('a', 1)", "((1, 2), (3,))", "(3, 1, 2)"],
  dict: ["{}", "{'a': 1}", "{1: 2, 3: 4}", "{'k': [1], 'z': None}", "{(1, 2): 'x'}", "dict(a=1, b=2)"],
  set: ["set()", "{1}", "{1, 2, 3}", "{'a', 'b'}", "frozenset({1, 2})", "{3, 10, -1}"],
  bool: ["True", "False", "None", "not k"],
};

/** An expression of the type, or sometimes of another. */
function expr(type, depth) {
  if (chance(4)) type = pick(types);
  if (depth <= 0 || chance(15)) return chance(65) ? pick(variables[type]) : pick(constants[type]);
  if (chance(8)) return anyOf(type, depth - 1);
  return makers[type](depth - 1);
}

/** What can have any type. */
function anyOf(type, depth) {
  const e = () => expr(type, depth);
  switch (random(11)) {
    case 0:
      return `(${e()} if ${expr("bool", depth)} else ${e()})`;
    case 1:
      return `(${e()} ${pick(["and", "or"])} ${e()})`;
    case 2:
      return `[${e()}, ${e()}][${pick(["0", "1", "-1", "2"])}]`;
    case 3:
      return `(lambda ${pick(["i", "s", "z"])}=${expr(pick(types), depth - 1)}: ${e()})(${chance(30) ? expr(pick(types), depth - 1) : ""})`;
    case 4:
      return `${pick(["max", "min"])}(${e()}, ${e()})`;
    case 5:
      return `{'r': ${e()}}${pick(["['r']", ".get('r')", ".pop('r')"])}`;
    case 6:
      return `f${random(3)}(${callArguments(depth)})`;
    case 7:
      return `next(iter([${e()}]))`;
    case 8:
      return `${pick(["a0", "a1"])}.${pick(["w", "h", "z", "area", "name"])}`;
    case 9:
      return `(${pick(variables[type])} := ${e()})`;
    default:
      return `${pick(["a0", "a1"])}.m${random(2)}(${callArguments(depth)})`;
  }
}

function callArguments(depth) {
  const positional = times(random(3), () => expr(pick(types), depth - 1));
  if (chance(10)) positional.push(`*${expr(pick(["list", "tuple", "str"]), depth - 1)}`);
  if (chance(25)) positional.push(`${pick(["z", "w", "key"])}=${expr(pick(types), depth - 1)}`);
  if (chance(6)) positional.push(`**${expr("dict", depth - 1)}`);
  return positional.join(", ");
}

function index(depth) {
  const i = () => (chance(70) ? pick(["0", "1", "-1", "2", "-2", "i", "5"]) : expr("int", depth));
  if (chance(55)) return i();
  return `${chance(60) ? i() : ""}:${chance(60) ? i() : ""}${chance(25) ? `:${i()}` : ""}`;
}

const SPECS =
  "d,5,<8,>8,^9,08,+,x,#x,o,#b,e,.2f,.3e,g,10.3,%,.1%,c,s,r,n,_,_x,*^7,+.2f,=+8,a,010.2f,-,#g,.0f,#.0f,z.1f,10s,.2s,:>4,5.1,E,G,F,X".split(
    ",",
  );
const PERCENTS = [
  "%s",
  "%r",
  "%d",
  "%5d",
  "%-5s|",
  "%05d",
  "%x",
  "%#o",
  "%.2f",
  "%e",
  "%g",
  "%c",
  "%%",
  "%+d",
  "%a",
  "%i",
  "%.3s",
  "%5.1f",
];

function fstring(depth) {
  const parts = times(1 + random(3), () => {
    const value = expr(pick(types), Math.min(depth, 1)).replaceAll("\n", " ");
    const conversion = chance(20) ? pick(["!r", "!s", "!a"]) : "";
    const spec = chance(35) ? `:${pick(SPECS)}` : chance(6) ? ":{i}" : "";
    return `${pick(["", "a", " ", "é"])}{ ${value}${chance(6) ? "=" : ""} ${conversion}${spec}}`;
  });
  return `f"""${parts.join("").replaceAll('"""', "'''")}"""`;
}

function comprehension(open, close, item, depth) {
  const source = expr(pick(["list", "tuple", "str", "dict", "set", "list"]), depth);
  const inner = chance(20) ? ` for i in range(${random(4)})` : "";
  const condition = chance(35) ? ` if ${expr("bool", depth - 1)}` : "";
  return `${open}${item()} for ${pick(["i", "s", "z", "l"])} in ${source}${inner}${condition}${close}`;
}

const binary = (type, operators) => (depth) => `(${expr(type, depth)} ${pick(operators)} ${expr(type, depth)})`;
/** A method of a type: parameter types; one that ends with "?" may be left out, with what follows it. */
function method(type, name, ...parameters) {
  return (depth) => {
    const given = [];
    for (const t of parameters) {
      if (t.endsWith("?") && chance(50)) break;
      given.push(t.startsWith("=") ? t.slice(1) : expr(t.replace("?", ""), depth));
    }
    return `${atom(expr(type, depth))}.${name}(${given.join(", ")})`;
  };
}
const atom = (e) => (/^(-|\d+$|\d+\*\*|lambda)/.test(e) ? `(${e})` : e);
const oneOf = (makers) => (depth) => pick(makers)(depth);
const anything = (depth) => expr(pick(types), depth);

const makers = {
  int: oneOf([
    binary("int", ["+", "-", "*", "//", "%", "&", "|", "^", "+", "-"]),
    (d) => `(${expr("int", d)} ${pick(["<<", ">>"])} ${pick(["1", "3", "64", "-1", "(i & 7)"])})`,
    (d) => `(${atom(expr("int", d))} ** ${pick(["0", "1", "2", "3", "-1"])})`,
    (d) => `(${pick(["-", "~", "+"])}${atom(expr("int", d))})`,
    (d) => `len(${expr(pick(["str", "list", "tuple", "dict", "set", "bytes"]), d)})`,
    (d) => `int(${expr(pick(["str", "float", "int", "bytes", "bool"]), d)})`,
    (d) => `${pick(["abs", "hash", "ord", "round", "id(None) * 0 + abs"])}(${expr("int", d)})`,
    (d) => `sum(${expr(pick(["list", "tuple", "set"]), d)})`,
    method("str", "count", "str"),
    method("str", "find", "str", "int?", "int?"),
    method("str", "index", "str"),
    method("str", "rfind", "str"),
    method("list", "index", "int"),
    method("list", "count", "int"),
    method("tuple", "index", "int"),
    method("int", "bit_length"),
    method("int", "bit_count"),
    method("bytes", "find", "bytes"),
    method("bytes", "count", "bytes"),
    (d) => `${atom(expr("list", d))}[${index(d)}]`,
    (d) => `${atom(expr("tuple", d))}[${index(d)}]`,
    (d) => `${atom(expr("bytes", d))}[${index(d)}]`,
    (d) => `divmod(${expr("int", d)}, ${expr("int", d)})[${random(2)}]`,
    (d) => `pow(${expr("int", d)}, ${random(4)}, ${expr("int", d)})`,
    (d) => `int.from_bytes(${expr("bytes", d)}, ${pick(["'big'", "'little'"])}, signed=${pick(["True", "False"])})`,
    (d) => `int(${expr("str", d)}, ${pick(["0", "2", "10", "16", "36", "37"])})`,
    (d) => `round(${expr("int", d)}, ${pick(["-1", "0", "2", "-20"])})`,
  ]),
  float: oneOf([
    binary("float", ["+", "-", "*", "/", "//", "%"]),
    binary("int", ["/"]),
    (d) => `(${atom(expr("float", d))} ** ${pick(["2", "0.5", "-1", "0", "3.0"])})`,
    (d) => `float(${expr(pick(["str", "int", "float", "bool"]), d)})`,
    (d) => `round(${expr("float", d)}${chance(60) ? `, ${pick(["0", "1", "2", "-1", "15"])}` : ""})`,
    (d) => `abs(${expr("float", d)})`,
    (d) => `(-${atom(expr("float", d))})`,
    (d) => `float.fromhex(${atom(expr("float", d))}.hex())`,
    (d) => `complex(${expr("float", d)}, ${expr("float", d)}).${pick(["real", "imag", "conjugate()"])}`,
    (d) => `sum([${expr("float", d)}, ${expr("float", d)}, ${expr("int", d)}])`,
    (d) => `divmod(${expr("float", d)}, ${expr("float", d)})`,
  ]),
  str: oneOf([
    binary("str", ["+"]),
    (d) => `(${expr("str", d)} * ${pick(["0", "2", "3", "-1", "k"])})`,
    fstring,
    fstring,
    (d) =>
      `(${`'${times(1 + random(3), () => pick(PERCENTS)).join(" ")}'`} % ${chance(70) ? `(${times(1 + random(3), () => anything(d)).join(", ")},)` : anything(d)})`,
    (d) =>
      `'${pick(["{}", "{0} {0}", "{!r:>9}", "{z}", "{0[0]}", "{0.real}", "{:{}}", "{:d}", "{", "{}{1}"])}'.format(${anything(d)}, ${anything(d)}${chance(40) ? `, z=${anything(d)}` : ""})`,
    (d) => `format(${anything(d)}, '${pick(SPECS)}')`,
    (d) => `${pick(["str", "repr", "ascii"])}(${anything(d)})`,
    (d) => `${pick(["chr", "hex", "oct", "bin"])}(${expr("int", d)})`,
    ...["upper", "lower", "title", "capitalize", "swapcase", "casefold"].map((m) => method("str", m)),
    ...["strip", "lstrip", "rstrip"].map((m) => method("str", m, "str?")),
    method("str", "replace", "str", "str", "int?"),
    method("str", "join", "list"),
    method("str", "center", "=9", "str?"),
    method("str", "zfill", "=6"),
    method("str", "ljust", "=5"),
    method("str", "expandtabs", "=4"),
    method("str", "removeprefix", "str"),
    method("str", "removesuffix", "str"),
    method("str", "translate", "dict"),
    method("bytes", "decode", "=errors='replace'"),
    method("bytes", "hex", "=' '"),
    method("float", "hex"),
    (d) => `${atom(expr("str", d))}[${index(d)}]`,
    (d) => `type(${anything(d)}).__name__`,
    (d) => `''.join(${expr("list", d)})`,
  ]),
  bytes: oneOf([
    binary("bytes", ["+"]),
    (d) => `(${expr("bytes", d)} * ${pick(["0", "2", "3"])})`,
    (d) => `bytes(${expr(pick(["list", "tuple", "bytes"]), d)})`,
    (d) => `bytearray(${expr(pick(["list", "bytes"]), d)})`,
    method("str", "encode", "=errors='replace'"),
    method("bytes", "replace", "bytes", "bytes"),
    method("bytes", "upper"),
    method("bytes", "strip", "bytes?"),
    method("bytes", "join", "list"),
    method("bytes", "ljust", "=4"),
    (d) => `${atom(expr("bytes", d))}[${index(d)}]`,
    (d) => `${atom(expr("int", d))}.to_bytes(${pick(["1", "4", "9"])}, 'big', signed=${pick(["True", "False"])})`,
    (d) => `(b'${pick(["%d", "%s", "%x", "%r", "%c", "%b"])}' % (${anything(d)},))`,
    (d) => `memoryview(${expr("bytes", d)})[${index(d)}]`,
  ]),
  list: oneOf([
    binary("list", ["+"]),
    (d) => `(${expr("list", d)} * ${pick(["0", "2", "-1"])})`,
    (d) =>
      `[${times(random(4), () => (chance(15) ? `*${expr(pick(["list", "tuple", "str"]), d)}` : anything(d))).join(", ")}]`,
    (d) => comprehension("[", "]", () => anything(d), d),
    (d) => `list(${comprehension("(", ")", () => anything(d), d)})`,
    (d) => `list(${expr(pick(["str", "tuple", "dict", "set", "bytes"]), d)})`,
    (d) =>
      `sorted(${expr(pick(["list", "tuple", "str", "set", "dict"]), d)}${chance(30) ? `, key=${pick(["str", "len", "repr", "lambda z: -z", "abs"])}` : ""}${chance(30) ? ", reverse=True" : ""})`,
    (d) => `list(${pick(["enumerate", "reversed", "iter"])}(${expr(pick(["list", "str", "tuple"]), d)}))`,
    (d) => `list(zip(${expr("list", d)}, ${expr("str", d)}${chance(20) ? ", strict=True" : ""}))`,
    (d) =>
      `list(${pick(["map", "filter"])}(${pick(["str", "len", "bool", "int", "lambda z: z * 2", "f0"])}, ${expr("list", d)}))`,
    method("str", "split", "str?", "int?"),
    method("str", "rsplit", "str?", "int?"),
    method("str", "splitlines", "bool?"),
    method("bytes", "split", "bytes?"),
    method("list", "copy"),
    (d) => `${atom(expr("list", d))}[${index(d)}]`,
    () => `list(range(${pick(["i", "3", "0", "-2"])}, ${pick(["5", "j", "-3"])}, ${pick(["1", "2", "-1", "0"])}))`,
    (d) => `list(${atom(expr("dict", d))}.${pick(["items", "keys", "values"])}())`,
    (d) => `list(g${random(2)}(${expr("list", d)}))`,
  ]),
  tuple: oneOf([
    binary("tuple", ["+"]),
    (d) => `(${times(random(4), () => `${anything(d)}, `).join("")})`.replace(/^\(\)$/, "()"),
    (d) => `tuple(${expr(pick(["list", "str", "dict", "set"]), d)})`,
    (d) => `divmod(${expr("int", d)}, ${expr("int", d)})`,
    (d) => `${atom(expr("tuple", d))}[${index(d)}]`,
    method("str", "partition", "str"),
    method("str", "rpartition", "str"),
    method("float", "as_integer_ratio"),
    (d) => `(*${expr("tuple", d)}, ${anything(d)})`,
  ]),
  dict: oneOf([
    binary("dict", ["|"]),
    (d) =>
      `{${times(random(4), () => (chance(12) ? `**${expr("dict", d)}` : `${expr(pick(["int", "str", "tuple", "float"]), d)}: ${anything(d)}`)).join(", ")}}`,
    (d) => comprehension("{", "}", () => `${expr(pick(["int", "str"]), d)}: ${anything(d)}`, d),
    (d) => `dict(${expr(pick(["dict", "list"]), d)}${chance(40) ? `, z=${anything(d)}` : ""})`,
    (d) => `dict.fromkeys(${expr(pick(["list", "str", "tuple"]), d)}, ${anything(d)})`,
    (d) => `dict(zip(${expr("str", d)}, ${expr("list", d)}))`,
    method("dict", "copy"),
  ]),
  set: oneOf([
    binary("set", ["|", "&", "-", "^"]),
    (d) => `{${times(1 + random(3), () => expr(pick(["int", "str", "tuple"]), d)).join(", ")}}`,
    (d) => comprehension("{", "}", () => expr(pick(["int", "str", "float"]), d), d),
    (d) => `${pick(["set", "frozenset"])}(${expr(pick(["list", "str", "dict", "tuple"]), d)})`,
    method("set", "union", "list"),
    method("set", "intersection", "list"),
    method("set", "difference", "set"),
    method("set", "symmetric_difference", "set"),
    (d) => `(${atom(expr("dict", d))}.keys() ${pick(["&", "|", "-", "^"])} ${expr("set", d)})`,
  ]),
  bool: oneOf([
    (d) => {
      const type = pick(types);
      return `(${expr(type, d)} ${pick(["==", "!=", "<", "<=", ">", ">=", "is", "is not"])} ${expr(type === "int" && chance(40) ? "float" : type, d)})`;
    },
    (d) => `(${expr("int", d)} < ${expr("int", d)} <= ${expr("int", d)})`,
    (d) => `(not ${anything(d)})`,
    (d) =>
      `(${anything(d)} ${pick(["in", "not in"])} ${expr(pick(["list", "tuple", "str", "dict", "set", "bytes"]), d)})`,
    (d) => `isinstance(${anything(d)}, ${pick(["int", "(int, str)", "A", "dict | list", "float"])})`,
    (d) => `${pick(["any", "all", "bool"])}(${expr(pick(["list", "tuple"]), d)})`,
    ...["isdigit", "isalpha", "isupper", "isspace", "isidentifier", "isnumeric", "istitle", "isprintable"].map((m) =>
      method("str", m),
    ),
    method("str", "startswith", "str"),
    method("str", "endswith", "tuple"),
    method("set", "issubset", "set"),
    method("set", "isdisjoint", "list"),
    method("float", "is_integer"),
    (d) => `hasattr(${anything(d)}, '${pick(["real", "append", "w", "keys"])}')`,
    (d) => `callable(${anything(d)})`,
  ]),
};

// Statements: a tree of {head, body} and lines, so that a case can be reduced.

const anyType = () => pick(types);
const assignable = () => {
  const type = anyType();
  return [pick(variables[type]), type];
};

function statement(depth, context) {
  const simple = random(100) < 70 || depth <= 0;
  if (simple) return simpleStatement(context);
  const block = (c = context) => statements(1 + random(3), depth - 1, c);
  switch (random(12)) {
    case 0:
    case 1: {
      const parts = [{ head: `if ${expr("bool", 2)}:`, body: block() }];
      if (chance(30)) parts.push({ head: `elif ${expr("bool", 2)}:`, body: block() });
      if (chance(40)) parts.push({ head: "else:", body: block() });
      return { parts };
    }
    case 2:
    case 3: {
      const source = pick([
        () => `range(${random(4)})`,
        () => expr(pick(["list", "str", "tuple", "dict", "set"]), 2),
        () => `enumerate(${expr(pick(["list", "str"]), 2)})`,
        () => `${expr("dict", 1)}.items()`,
        () => `g${random(2)}(${expr("list", 1)})`,
      ])();
      const target = source.startsWith("enum") || source.endsWith("items()") ? "i, z" : pick(["i", "z", "s"]);
      const parts = [
        { head: `for ${target} in ${source}:`, body: ["if tick(): break", ...block({ ...context, loop: true })] },
      ];
      if (chance(20)) parts.push({ head: "else:", body: block() });
      return { parts };
    }
    case 4:
      return {
        parts: [
          { head: `while ${expr("bool", 2)}:`, body: ["if tick(): break", ...block({ ...context, loop: true })] },
        ],
      };
    case 5:
    case 6:
    case 7: {
      const parts = [{ head: "try:", body: block() }];
      const kinds = [
        "ValueError",
        "(TypeError, KeyError)",
        "ZeroDivisionError",
        "IndexError",
        "Exception",
        "LookupError",
      ];
      const star = chance(10) ? "*" : "";
      for (let n = random(3); n > 0; n--) {
        const name = chance(60) ? ` as ${pick(["exc", "z"])}` : "";
        const body = block({
          ...context,
          handler: !star,
          loop: star ? false : context.loop,
          returns: !star && context.returns,
        });
        parts.push({
          head: `except${star} ${pick(kinds)}${name}:`,
          body: [...(name && chance(60) ? [`print(type(${name.slice(4)}).__name__, ${name.slice(4)})`] : []), ...body],
        });
      }
      if (parts.length > 1 && chance(30)) parts.push({ head: "else:", body: block() });
      if (parts.length === 1 || chance(35)) parts.push({ head: "finally:", body: block() });
      return { parts };
    }
    case 8: {
      const manager = () => `C(${expr("str", 1)}, ${pick(["True", "False", "False"])})${chance(50) ? " as z" : ""}`;
      return { parts: [{ head: `with ${times(1 + random(2), manager).join(", ")}:`, body: block() }] };
    }
    case 9: {
      const subject = expr(anyType(), 2);
      const patterns = [
        () => pick(["0", "1", "'a'", "None", "True", "-1", "1.5", "b'a'"]),
        () => `[${pick(["i, *l", "i, j", "", "*_, z", "1, z"])}]`,
        () => `{${pick(["'a': z", "1: z, **e", "'k': [*_, z]", "**e"])}}`,
        () =>
          pick(["int(z)", "str()", "A(w=z)", "A(1, h=z)", "float() | int()", "bool() as z", "(list() | tuple()) as z"]),
        () => "1 | 2 | 'a' as z",
      ];
      const cases = times(1 + random(3), () => ({
        head: `case ${pick(patterns)()}${chance(20) ? ` if ${expr("bool", 1)}` : ""}:`,
        body: block(),
      }));
      if (chance(60)) cases.push({ head: "case _:", body: block() });
      return { parts: [{ head: `match ${subject}:`, body: cases.map((c) => ({ parts: [c] })) }] };
    }
    case 10: {
      const parameters = pick(["", "i", "i, j=2", "*l", "**d", "i, /, s='q', *, k=True", "i, *l, z=1, **d"]);
      const captured = chance(40) && !/\b[ijldk]\b/.test(parameters) ? [`nonlocal ${pick(["x", "t", "n"])}`] : [];
      const body = statements(1 + random(3), depth - 1, { returns: true });
      const kind = random(6);
      if (kind === 0) body.push(`yield ${expr(anyType(), 2)}`);
      const name = pick(["f0", "f1", "f2"]);
      const made = {
        parts: [{ head: `def ${name}(${parameters}):`, body: [...captured, ...body, `return ${expr(anyType(), 2)}`] }],
      };
      return made;
    }
    default: {
      const name = pick(["B0", "B1"]);
      const members = times(1 + random(3), () => {
        const special = pick([
          ["__repr__", "self", "str"],
          ["__eq__", "self, o", "bool"],
          ["__len__", "self", "int"],
          ["__getattr__", "self, name", "str"],
          ["__add__", "self, o", "int"],
          ["__call__", "self, *o", "int"],
          ["__iter__", "self", "list"],
          ["__contains__", "self, o", "bool"],
          ["__getitem__", "self, o", "int"],
          ["__hash__", "self", "int"],
          ["__bool__", "self", "bool"],
          ["__lt__", "self, o", "bool"],
          ["m0", "self, z=1", "int"],
          ["__format__", "self, o", "str"],
          ["__init__", "self, *o", "bool"],
          ["__index__", "self", "int"],
        ]);
        const [method, parameters, type] = special;
        const value = expr(type, 2);
        return {
          parts: [
            {
              head: `def ${method}(${parameters}):`,
              body: [`return ${type === "list" ? `iter(${value})` : method === "__init__" ? "None" : value}`],
            },
          ],
        };
      });
      return {
        parts: [
          {
            head: `class ${name}(${pick(["A", "", "A", "int", "list", "dict"])}):`,
            body: [`w = ${expr("int", 1)}`, ...members],
          },
        ],
      };
    }
  }
}

function simpleStatement(context) {
  const [name, type] = assignable();
  switch (random(24)) {
    case 0:
    case 1:
    case 2:
    case 3:
    case 4:
      return `${name} = ${expr(type, 3)}`;
    case 5:
    case 6:
    case 7:
      return `print(${times(1 + random(2), () => expr(anyType(), 3)).join(", ")}${chance(10) ? `, sep=${expr("str", 1)}` : ""})`;
    case 8:
      return `${pick(["i", "j"])} ${pick(["+=", "-=", "*=", "//=", "%=", "&=", "|=", "^="])} ${expr("int", 2)}`;
    case 9:
      return `${pick(["s +=", "l +=", "p +=", "u |=", "d |=", "x /=", "b +=", "l *=", "u -="])} ${expr(pick(["str", "list", "tuple", "set", "dict", "float", "int"]), 2)}`;
    case 10:
      return `${pick(["l", "m"])}.${pick([() => `append(${expr(anyType(), 2)})`, () => `extend(${expr("list", 2)})`, () => `insert(${expr("int", 1)}, ${expr(anyType(), 1)})`, () => `pop(${index(1)})`.replace(/:.*\)/, ")"), () => "sort()", () => "reverse()", () => `remove(${expr("int", 1)})`, () => "clear()"])()}`;
    case 11:
      return `${pick(["d", "e"])}[${expr(pick(["int", "str"]), 2)}] = ${expr(anyType(), 2)}`;
    case 12:
      return `${pick(["l", "m", "l"])}[${index(1)}] = ${expr(pick(["list", "int"]), 2)}`;
    case 13:
      return `del ${pick([`l[${index(1)}]`, `d[${expr("str", 1)}]`, "z", "s", `m[${index(1)}]`, "a0.w"])}`;
    case 14:
      return `${pick(["u", "v"])}.${pick([() => `add(${expr(anyType(), 1)})`, () => `discard(${expr("int", 1)})`, () => `update(${expr("list", 1)})`, () => "pop()", () => `remove(${expr("int", 1)})`])()}`;
    case 15:
      return `${pick(["d", "e"])}.${pick([() => `update(${expr("dict", 1)})`, () => `setdefault(${expr("str", 1)}, ${expr(anyType(), 1)})`, () => `pop(${expr("str", 1)})`, () => "popitem()", () => "clear()"])()}`;
    case 16:
      return `${pick(["i, j", "i, *l", "*l, i", "(i, s), x", "[i, j, n]", "p, *l, q"])} = ${expr(pick(["tuple", "list", "str", "dict"]), 3)}`;
    case 17:
      return `raise ${pick(["ValueError", "KeyError", "TypeError", "RuntimeError", "E", "IndexError", "StopIteration", "OSError"])}(${expr(anyType(), 2)})${chance(25) ? ` from ${pick(["None", "ValueError('cause')", "exc", "E(1)"])}` : ""}`;
    case 18:
      return context.handler && chance(60)
        ? "raise"
        : `assert ${expr("bool", 2)}${chance(50) ? `, ${expr("str", 1)}` : ""}`;
    case 19:
      if (context.loop) return pick(["break", "continue"]);
      return context.returns ? `return ${expr(anyType(), 2)}` : expr(anyType(), 3);
    case 20:
      return `a0.${pick(["w", "h", "z"])} = ${expr(anyType(), 2)}`;
    case 21:
      return `a${random(2)} = ${pick(["A", "B0", "B1"])}(${callArguments(2)})`;
    case 22:
      return `print(${pick(["a0", "a1"])} ${pick(["+", "==", "<", "in", "*"])} ${expr(anyType(), 2)})`;
    default:
      return expr(anyType(), 3);
  }
}

const statements = (n, depth, context) => times(n, () => statement(depth, context));

/** The lines of statements. */
function lines(body, indent) {
  const out = [];
  for (const s of body) {
    if (typeof s === "string") out.push(indent + s);
    else
      for (const { head, body: inner } of s.parts) {
        out.push(indent + head);
        out.push(...(inner.length > 0 ? lines(inner, `${indent}    `) : [`${indent}    pass`]));
      }
  }
  return out;
}

const PRELUDE = `import sys
class E(Exception):
    def __str__(self): return f'E{self.args}'
class C:
    def __init__(self, name, swallow): self.name, self.swallow = name, swallow
    def __enter__(self): print('enter', self.name); return self
    def __exit__(self, kind, value, trace):
        print('exit', kind and kind.__name__, value)
        return self.swallow
    def __repr__(self): return f'C({self.name!r})'
class A:
    kind = 'a'
    __match_args__ = ('w', 'h')
    def __init__(self, w=1, h=2): self.w, self.h = w, h
    def __repr__(self): return f'{type(self).__name__}({self.w}, {self.h})'
    def __eq__(self, o): return isinstance(o, A) and (self.w, self.h) == (o.w, o.h)
    def __hash__(self): return hash((self.w, self.h))
    def __lt__(self, o): return self.w < o.w
    def __add__(self, o): return A(self.w + o.w, self.h + o.h)
    @property
    def area(self): return self.w * self.h
    def m0(self, z=0, *rest, key=None): return self.w, z, rest, key
    @classmethod
    def m1(cls, *a, **k): return cls.kind, a, k
B0 = B1 = A
count = 0
def tick():
    global count
    count += 1
    return count > 60
def g0(z):
    for i in z:
        got = yield i
    return 'end'
def g1(z):
    try:
        got = yield from g0(z)
        yield got
    finally:
        print('closed')
def f0(*a, **k): return a[0] if a else k
def f1(z=3, *, w=4): return z, w
def f2(z, /, w, key=None): return [z, w, key]
def run(i, case):
    global count
    count = 0
    print('=== case', i)
    print('=== case', i, file=sys.stderr)
    try:
        case()
    except BaseException as e:
        sys.excepthook(type(e), e, e.__traceback__)
`;

function program(cases) {
  const out = [PRELUDE];
  for (const [i, body] of cases) {
    out.push(`def case${i}():`);
    out.push("    i, j, n, x, y, s, t, b, c = 5, -3, 2, 1.5, 0.25, 'spam', 'Eggs', b'ham', b''");
    out.push("    l, m, p, q, d, e, u, v, k = [4, 2], [], (7, 8), ('z',), {'a': 1}, {2: 'b'}, {1, 5}, set(), True");
    out.push("    a0, a1, B0, B1, f0, f1, f2 = A(), A(3), A, A, globals()['f0'], globals()['f1'], globals()['f2']");
    out.push(...lines(body, "    "));
    out.push("    print(i, j, n, x, y, s, t, b, c, l, m, p, q, d, e, u, v, k, a0, a1)");
    out.push(`run(${i}, case${i})`);
  }
  return `${out.join("\n")}\n`;
}

const folder = mkdtempSync(join(tmpdir(), "fuzz-programs-"));
const file = join(folder, "case.py");

/** What each case printed, by its number; and how the process ended. */
function answers(executable, args) {
  const env = { ...process.env, PYTHONHASHSEED: "0" };
  const options = { encoding: "utf8", env, maxBuffer: 1 << 28, timeout: 120_000, input: "" };
  const { stdout, stderr, status } = spawnSync(executable, [...args, file], options);
  const found = new Map([["status", String(status)]]);
  for (const [name, text] of [
    ["output", stdout ?? ""],
    ["errors", stderr ?? ""],
  ]) {
    for (const part of text.replace(/0x[0-9a-f]+/g, "0x…").split(/^=== case /m)) {
      const end = part.indexOf("\n");
      const key = /^\d+$/.test(part.slice(0, end)) ? part.slice(0, end) : "";
      found.set(key, `${found.get(key) ?? ""}${name}:\n${part}`);
    }
  }
  return found;
}

/** The case that the line of a syntax error belongs to. */
function brokenCase(errors) {
  const line = Number(/, line (\d+)\n/.exec(errors)[1]);
  const before = readFileSync(file, "utf8").split("\n").slice(0, line).join("\n");
  const i = [...before.matchAll(/^def case(\d+)/gm)].at(-1)?.[1];
  return i === undefined ? null : { i: Number(i) };
}

function ask(cases) {
  writeFileSync(file, program(cases));
  return [answers(process.execPath, [command]), answers(oracle, ["-S"])];
}

/** The cases that differ. One that does not compile is compared alone, and the rest without it. */
function differing(cases) {
  const [ours, theirs] = ask(cases);
  const broken = /^(?:Syntax|Indentation)Error/m.test(theirs.get("") ?? "") && brokenCase(theirs.get(""));
  if (broken && cases.length > 1) {
    return [...differing(cases.filter(([i]) => i === broken.i)), ...differing(cases.filter(([i]) => i !== broken.i))];
  }
  const numbers = cases.filter(([i]) => ours.get(String(i)) !== theirs.get(String(i)));
  const same = ours.get("status") === theirs.get("status") && ours.get("") === theirs.get("");
  return numbers.length === 0 && !same ? cases : numbers;
}

/** Every way to leave something out of a body, the largest first. */
function* smaller(body) {
  for (let size = body.length; size > 0; size = size >> 1) {
    for (let at = 0; at + size <= body.length; at += size) yield [...body.slice(0, at), ...body.slice(at + size)];
  }
  for (let at = 0; at < body.length; at++) {
    const s = body[at];
    if (typeof s === "string") continue;
    const replace = (...by) => [...body.slice(0, at), ...by, ...body.slice(at + 1)];
    for (const part of s.parts) if (part.body.length > 0) yield replace(...part.body);
    for (let i = 1; i < s.parts.length; i++) yield replace({ parts: s.parts.toSpliced(i, 1) });
    for (let i = 0; i < s.parts.length; i++) {
      for (const inner of smaller(s.parts[i].body)) {
        yield replace({ parts: s.parts.with(i, { ...s.parts[i], body: inner }) });
      }
    }
  }
}

function reduce(body) {
  let tries = 0;
  for (let found = true; found && tries < 150; ) {
    found = false;
    for (const candidate of smaller(body)) {
      if (++tries > 150) break;
      if (differing([[0, candidate]]).length > 0) {
        body = candidate;
        found = true;
        break;
      }
    }
  }
  return body;
}

let failures = 0;
for (let batch = 0; batch < batches; batch++) {
  const start = numbers.state;
  const cases = times(CASES, (_, i) => [i, statements(3 + random(5), 3, {})]);
  for (const [i, whole] of differing(cases)) {
    if (differing([[i, whole]]).length === 0) continue;
    failures++;
    const body = reduce(whole);
    const [ours, theirs] = ask([[0, body]]);
    console.log(`--- batch ${batch} (seed ${start}), case ${i}\n${lines(body, "").join("\n")}`);
    console.log(
      `--- ours, status ${ours.get("status")}\n${ours.get("0")}--- CPython's, status ${theirs.get("status")}\n${theirs.get("0")}`,
    );
  }
}
rmSync(folder, { recursive: true });
console.log(`${batches * CASES} cases, ${failures} differ`);
process.exitCode = failures > 0 ? 1 : 0;
