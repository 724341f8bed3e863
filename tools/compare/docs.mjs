#!/usr/bin/env node
// Compares the declarations above native functions, and spec/docs.txt, with a CPython 3.13: signatures, and which things
// have a text, must be the same. Texts are our own, so that a str of one may take another size class than CPython's: those
// are counted, and listed with --classes.
//
//   node tools/compare/docs.mjs [--classes]
//   node tools/compare/docs.mjs OWNER ...
//
// With owners (a type or a module, as "list" or "math") it prints what CPython has there and no declaration yet: for each
// the lines of a declaration, with the lengths of text that take the size class of CPython's.
import { readFileSync } from "node:fs";
import { parseDocs } from "../build/generate/docs.mjs";
import { nativeDocs } from "../build/generate/natives.mjs";
import { askOracle } from "../oracle/oracle.ts";

const root = new URL("../../", import.meta.url).pathname;
const keyOf = (owner) => (owner.name ? `${owner.kind} ${owner.name}` : owner.kind);
const owners = [
  { kind: "shared", name: "", entries: parseDocs(readFileSync(`${root}spec/docs.txt`, "utf8")) },
  ...nativeDocs(root),
];
const asked = process.argv.slice(2).filter((a) => !a.startsWith("--"));

/** Rows of JSON: owner, name, kind, ... */
const rows = (text) =>
  text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
const modules = owners.filter((o) => o.kind === "module").map((o) => o.name);
modules.push(...asked.map((a) => a.split(".")[0]).filter((a) => !modules.includes(a)));
const facts = new Map();
for (const [owner, name, kind, signature, length] of rows(
  askOracle(["-I", "-S", `${root}tools/oracle/doc_facts.py`, ...modules]),
)) {
  const shared = kind === "wrapper_descriptor" || (owner === "type object" && name === "__new__");
  facts.set(`${shared ? "shared" : owner}\t${name}`, { owner, name, kind, signature, length });
}

/** The size class of a str of so many ASCII characters; 0 above the largest. */
const sizeClass = (length) => (length > 471 ? 0 : Math.ceil((length + 41) / 16));
const range = (length) => {
  const top = sizeClass(length) * 16 - 41;
  return length > 471 ? "472 or more" : `${Math.max(top - 15, 1)} to ${top}`;
};

let wrong = 0;
let compared = 0;
const classes = [];
const known = new Set();
for (const owner of owners) {
  for (const { name, signature, text } of owner.entries) {
    const key = `${keyOf(owner)}\t${name}`;
    known.add(key);
    const fact = facts.get(key);
    const where = key.replace("\t", name && ".");
    if (!fact) {
      if (text !== null) console.log(`${where}: a text, and CPython has no such thing`);
      continue;
    }
    compared++;
    const problem =
      signature !== fact.signature
        ? `the signature is ${fact.signature}`
        : (text === null) !== !fact.length
          ? `CPython has ${fact.length ? `a text, ${range(fact.length)}` : "no text"}`
          : null;
    if (problem) {
      wrong++;
      console.log(`${where}: ${problem}`);
    } else if (text !== null && sizeClass(text.length) !== sizeClass(fact.length)) {
      classes.push(`${where}: ${text.length} characters, not ${range(fact.length)}`);
    }
  }
}
const TAGS = { getset_descriptor: "getter", member_descriptor: "member", classmethod_descriptor: "classmethod" };
for (const [key, { owner, name, kind, signature, length }] of facts) {
  const bare = owner.slice(owner.indexOf(" ") + 1);
  if (known.has(key) || kind === "wrapper_descriptor" || !asked.includes(bare)) continue;
  const tag = name ? (TAGS[kind] ?? (kind === "staticmethod" ? kind : "native")) : owner.split(" ")[0];
  console.log(
    ` * @${tag} ${bare}${name && `.${name}`}${signature ?? ""}${length ? `\n *\n * (${range(length)})` : ""}`,
  );
}
if (process.argv.includes("--classes")) for (const line of classes) console.log(line);
console.log(`${compared} compared, ${wrong} wrong, ${classes.length} of another size class`);
process.exitCode = wrong ? 1 : 0;
