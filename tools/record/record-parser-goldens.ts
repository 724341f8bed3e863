/**
 * Asks CPython again for the recorded answers that test/parser compares with: `node --import tsx tools/record/record-parser-goldens.ts`. Writes
 * test/parser/goldens/.
 */

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { snippetRecords } from "../../test/parser/snippets.ts";
import { askOracle } from "../oracle/oracle.ts";
import { readZip } from "./read-zip.ts";

const root = new URL("../../", import.meta.url);
const path = (relative: string) => fileURLToPath(new URL(relative, root));

function ask(requests: readonly object[]): Record<string, unknown>[] {
  const input = requests.map((request) => JSON.stringify(request)).join("\n") + "\n";
  const output = askOracle([path("tools/oracle/dump_ast.py")], input) as string;
  return output
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

function write(name: string, value: unknown): void {
  writeFileSync(path(`test/parser/goldens/${name}`), JSON.stringify(value, null, 1) + "\n");
}

writeFileSync(path("test/parser/goldens/errors.json"), askOracle([path("tools/oracle/collect_errors.py")]) as string);

const snippets = snippetRecords();
const answers = ask(snippets.map((record) => ({ ...record, warnings: true, hash: true })));
write(
  "snippets.json",
  answers.map(({ tree, error, warnings, strict }) => ({ tree, error, warnings, strict })),
);

const zip = path("node_modules/pyodide/python_stdlib.zip");
const members = [...readZip(readFileSync(zip)).keys()].filter((name) => name.endsWith(".py")).sort();
const hashes = ask(members.map((member) => ({ zip, member, hash: true, tokens: true })));
write(
  "stdlib.json",
  Object.fromEntries(members.map((member, i) => [member, { tree: hashes[i]["tree"], tokens: hashes[i]["tokens"] }])),
);

const sources = readdirSync(path("test/parser/sources")).sort();
write(
  "sources.json",
  Object.fromEntries(
    ask(sources.map((name) => ({ path: path(`test/parser/sources/${name}`) }))).map((answer, i) => {
      if (!answer["tree"]) throw new Error(`${sources[i]}: ${JSON.stringify(answer["error"])}`);
      return [sources[i], answer["tree"]];
    }),
  ),
);
