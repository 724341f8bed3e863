// The tables of re-entrance against CPython's recorded answers. Where they still differ is listed in differs.txt, with
// "crash" answers of CPython's apart: there anything but a trap is right. What no longer differs must leave the list.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { answers, tables } from "./tables.ts";

const text = (name: string) => readFileSync(new URL(name, import.meta.url), "latin1");
const differs = new Map(
  text("differs.txt")
    .split("\n")
    .filter((line) => line && !line.startsWith("#"))
    .map((line) => [line.split(" ")[0]!, new Set(line.split(" ").slice(1).map(Number))]),
);

for (const table of tables) {
  test(`${table}: what operations answer while Python code acts on the same object`, () => {
    const expected = text(`${table}.out`).trimEnd().split("\n");
    const got = answers(table, expected.length);
    const listed = differs.get(table) ?? new Set();
    const problems: string[] = [];
    for (const [i, line] of expected.entries()) {
      const same = line.endsWith("=> crash") ? !got[i]!.includes("=> trap: ") : got[i] === line;
      if (same && listed.has(i)) problems.push(`agrees now, to be taken out of differs.txt: ${line}`);
      if (!same && !listed.has(i)) problems.push(`- ${line}\n+ ${got[i]}`);
    }
    if (got.length > expected.length && !listed.has(-1)) problems.push(got.at(-1)!);
    assert.equal(problems.join("\n"), "");
  });
}
