// The texts of native things: there is a declaration (or an entry in spec/docs.txt) for each that the runtime has, and no
// other; what the runtime says of it is what that says; each signature can be read as a list of parameters.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { compile } from "../../src/compiler/index.ts";
import { nodeClock } from "../../src/platform/node.ts";
import { nodeFiles } from "../../src/platform/nodefiles.ts";
import { loadLibrary } from "../../src/process/load.ts";
import { type DocEntry, parseDocs } from "../../tools/build/generate/docs.mjs";
import { nativeDocs } from "../../tools/build/generate/natives.mjs";
import { startProcess } from "../process/support.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const owners = [
  { kind: "shared", name: "", entries: parseDocs(readFileSync(`${root}spec/docs.txt`, "utf8")) },
  ...nativeDocs(root),
];
const none = (problems: string[]) => assert.equal(problems.join("\n"), "");

interface Native {
  owner: string;
  name: string;
  kind: string;
  signature: string | null;
  doc: string | null;
}

function natives(): Native[] {
  const output = { text: "", errors: "" };
  const process = startProcess("debug", output, { library: loadLibrary(), files: nodeFiles, clock: nodeClock });
  const source = readFileSync(new URL("natives.py", import.meta.url));
  assert.equal(process.runMain(source, "natives.py", true), 0, output.errors);
  return output.text
    .trim()
    .split("\n")
    .map((line) => {
      const [owner, name, kind, signature, doc] = JSON.parse(line);
      return { owner, name, kind, signature, doc };
    });
}

/** Slot wrappers and __new__ are shared by all types. */
const isShared = (n: Native) =>
  n.kind === "wrapper_descriptor" || (n.name === "__new__" && n.kind === "builtin_function_or_method");

const entries = new Map<string, DocEntry>();
for (const owner of owners) {
  for (const entry of owner.entries) {
    // A name of a type that has a blank is declared with another sign.
    const key = `${owner.kind}${owner.name && ` ${owner.name.replace("~", " ")}`}.${entry.name}`;
    assert.ok(!entries.has(key), `${key} twice`);
    entries.set(key, entry);
  }
}

test("the table has what the runtime has, which says what the table says", () => {
  const problems: string[] = [];
  const seen = new Set(["shared.__dict__", "shared.__weakref__"]);
  for (const native of natives()) {
    const key = `${isShared(native) ? "shared" : native.owner}.${native.name}`;
    const entry = entries.get(key);
    seen.add(key);
    if (!entry) {
      problems.push(`${key}: no entry; node --import tsx tools/compare/docs.ts says what CPython has`);
      continue;
    }
    if (native.doc !== entry.text) problems.push(`${key}: __doc__ is ${JSON.stringify(native.doc)}`);
    if (entry.signature !== null && native.signature !== entry.signature)
      problems.push(`${key}: __text_signature__ is ${JSON.stringify(native.signature)}`);
  }
  // Slot wrappers of slots that no native type fills are made for no one to see.
  for (const key of entries.keys()) {
    if (!seen.has(key) && !key.startsWith("shared.__")) problems.push(`${key}: the runtime has no such thing`);
  }
  none(problems);
});

test("every signature is a list of parameters", () => {
  const problems: string[] = [];
  for (const [key, { signature }] of entries) {
    if (signature === null) continue;
    // Four ways of writing that are no Python: $ before what is bound, a default that cannot be written, brackets around
    // parameters that may be left out, and parentheses around what a tuple must hold.
    const parameters = signature
      .replace("$", "_")
      .replaceAll("<unrepresentable>", "None")
      .replaceAll(/[[\]]/g, "")
      .replace(/, \((\w+, )+\w+\)/, ", args");
    try {
      compile(`def f${parameters}: pass\n`, key, "exec");
    } catch (error) {
      problems.push(`${key}${signature}: ${(error as Error).message}`);
    }
  }
  none(problems);
});

test("texts are ASCII, without blanks at the ends of lines", () => {
  const problems: string[] = [];
  for (const [key, { text }] of entries) {
    if (text === null) continue;
    if (/[^\n -~]/.test(text)) problems.push(`${key}: not ASCII`);
    if (/[ \t]$/m.test(text)) problems.push(`${key}: blanks at the end of a line`);
  }
  none(problems);
});

test("examples give what they say", () => {
  const program = ["from math import *", "from itertools import *", "def check(where, source, expected):"];
  // As an interactive session: a value is shown, what is printed too.
  program.push(
    "    shown = []",
    "    names['print'] = lambda *a: shown.append(' '.join(map(str, a)))",
    "    try: code = compile(source, where, 'eval')",
    "    except SyntaxError: exec(source, names)",
    "    else:",
    "        value = eval(code, names)",
    "        if value is not None: shown.append(repr(value))",
    "    if shown != expected: print(where, source, shown)",
    "names = {}",
    // An example has its module, and what is in it, at hand.
    "def use(module):",
    "    try: names[module] = __import__(module)",
    "    except ImportError: return",
    "    for name, value in vars(names[module]).items(): names.setdefault(name, value)",
  );
  let count = 0;
  for (const [key, { text }] of entries) {
    if (!text?.includes(">>> ")) continue;
    program.push("names = {**globals()}", `use(${JSON.stringify(key.split(/[ .]/)[1])})`);
    for (const [, indent, source, expected] of text.matchAll(
      /^( *)>>> (.*(?:\n *\.\.\. .*)*)\n((?: *(?!>>>)\S.*(?:\n|$))*)/gm,
    )) {
      count++;
      const lines = source!.replaceAll(/\n *\.\.\. /g, "\n");
      const shown = expected!.split("\n").filter(Boolean);
      const given = shown.map((line) => (line.startsWith(indent!) ? line.slice(indent!.length) : line));
      program.push(`check(${JSON.stringify(key)}, ${JSON.stringify(lines)}, ${JSON.stringify(given)})`);
    }
  }
  assert.ok(count > 40, `${count} examples`);
  const output = { text: "", errors: "" };
  const process = startProcess("debug", output, { library: loadLibrary() });
  const status = process.runMain(new TextEncoder().encode(program.join("\n")), "examples.py", true);
  assert.deepEqual([status, output.errors, output.text], [0, "", ""]);
});
