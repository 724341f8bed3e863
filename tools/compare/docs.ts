// Compares spec/docs.txt with a CPython 3.13: signatures, and which things have a text, must be the same. Texts are our
// own, so that a str of one may take another size class than CPython's: those are counted, and listed with --classes.
//
//   node --import tsx tools/compare/docs.ts [--classes] [--update]
//
// What the runtime (the debug one: node tools/build/build.mjs --debug) has and the table lacks is printed, with the lengths of
// text that take the size class of CPython's. --update puts it in the table, each entry in its place, with its signature
// and without a text, and takes out what the runtime no longer has.
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { type DocOwner, formatDocs, parseDocs } from "../build/generate/docs.ts";
import { askOracle } from "../oracle/oracle.ts";

const root = new URL("../../", import.meta.url).pathname;
const keyOf = (owner: DocOwner) => (owner.name ? `${owner.kind} ${owner.name}` : owner.kind);
const owners = parseDocs(readFileSync(`${root}spec/docs.txt`, "utf8"));

type Row = [owner: string, name: string, kind: string, signature: string | null, length: number];

/** Rows of JSON. */
const rows = (text: string): Row[] =>
  text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
const natives = rows(
  execFileSync(process.execPath, ["tools/run/run.mjs", "test/docs/natives.py"], {
    cwd: root,
    encoding: "utf8",
  }),
).filter(([, name, kind]) => kind !== "wrapper_descriptor" && (name !== "__new__" || kind === "method_descriptor"));
const modules = [...new Set(natives.map(([owner]) => owner))].flatMap((o) =>
  o.startsWith("module ") ? [o.slice(7)] : [],
);
const facts = new Map<string, { signature: string | null; length: number }>();
for (const [owner, name, kind, signature, length] of rows(
  askOracle(["-I", "-S", `${root}tools/oracle/doc_facts.py`, ...modules]),
)) {
  const shared = kind === "wrapper_descriptor" || (owner === "type object" && name === "__new__");
  facts.set(`${shared ? "shared" : owner}\t${name}`, { signature, length });
}

/** The size class of a str of so many ASCII characters; 0 above the largest. */
const sizeClass = (length: number) => (length > 471 ? 0 : Math.ceil((length + 41) / 16));
const range = (length: number) => {
  const top = sizeClass(length) * 16 - 41;
  return length > 471 ? "472 or more" : `${Math.max(top - 15, 1)} to ${top}`;
};

let wrong = 0;
let compared = 0;
const classes: string[] = [];
const known = new Set<string>();
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
for (const [owner, name] of natives) {
  const fact = facts.get(`${owner}\t${name}`);
  if (known.has(`${owner}\t${name}`)) continue;
  wrong++;
  const head = name ? `-- ${name}` : `== ${owner}`;
  console.log(`${owner} lacks:\n${head}${fact?.signature ?? ""}${fact?.length ? `\n(${range(fact.length)})` : ""}`);
}
if (process.argv.includes("--update")) {
  const old = new Map(owners.map((owner) => [keyOf(owner), owner]));
  const updated = owners.filter((owner) => owner.kind === "shared");
  for (const [key, name] of natives) {
    if (name === "")
      updated.push({ kind: key.split(" ")[0] as DocOwner["kind"], name: key.slice(key.indexOf(" ") + 1), entries: [] });
    const signature = facts.get(`${key}\t${name}`)?.signature ?? null;
    const entry = old.get(key)?.entries.find((e) => e.name === name);
    updated.at(-1)!.entries.push(entry ?? { name, signature, text: null });
  }
  const source = readFileSync(`${root}spec/docs.txt`, "utf8");
  writeFileSync(`${root}spec/docs.txt`, source.slice(0, source.indexOf("\n==") + 1) + formatDocs(updated));
}
if (process.argv.includes("--classes")) for (const line of classes) console.log(line);
console.log(`${compared} compared, ${wrong} wrong, ${classes.length} of another size class`);
process.exitCode = wrong ? 1 : 0;
