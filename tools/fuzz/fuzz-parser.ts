/**
 * Mutated pieces of the standard library and random bytes, parsed here and by CPython:
 * `node --import tsx tools/fuzz/fuzz-parser.ts [CASES] [SEED]`. What must hold: the same sources are accepted with the same
 * tree, the others have the same error, and nothing else is ever thrown. Prints the differences as JSON lines and a
 * closing line with the counts.
 */

import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "../../src/compiler/parser/parse.ts";
import { dumpNode } from "../compare/dump-ast.ts";
import { differences, type ErrorRecord, ourError, sourceOf } from "../compare/error-record.ts";
import { askOracle, findOracle } from "../oracle/oracle.ts";
import { Random } from "./random.ts";

const dump = fileURLToPath(new URL("../oracle/dump_ast.py", import.meta.url));

const cases = Number(process.argv[2] ?? 10000);
const numbers = new Random(Number(process.argv[3] ?? 1));

const random = (n: number): number => numbers.below(n);
const pick = <V>(items: readonly V[]): V => numbers.pick(items);

const lib = (askOracle(["-c", "import sysconfig; print(sysconfig.get_path('stdlib'))"]) as string).trim();
const files = [...readdirSync(lib), ...readdirSync(join(lib, "test")).map((name) => `test/${name}`)]
  .filter((name) => name.endsWith(".py") && statSync(join(lib, name)).size < 200_000)
  .map((name) => join(lib, name));

/** The tests of the language itself have more of it in a line. */
const dense = [
  "fstring",
  "syntax",
  "patma",
  "grammar",
  "type_params",
  "named_expressions",
  "exceptions",
  "unparse",
  "ast",
]
  .map((name) => files.find((file) => file.endsWith(`/test_${name}.py`)))
  .filter((file) => file !== undefined);

const pieces = (
  "( ) [ ] { } : , ; + - * / | & < > = . % == != <= >= ~ ^ << >> ** += -= := -> ... @ ! ? $ ` \\ \\\n ' \" ''' \"\"\" f' f\" " +
  "rb' {{ }} {x} {x!r:>{y}} # if else elif for in while with as def class lambda async await yield return import from " +
  "try: except finally: except* raise del global nonlocal not and or is pass break None True 1 0x 0b1 1e5 1_0 0777 1.5j " +
  "match case type _ print exec *a **k a=1 x:=1 é \u200b € \\N{BULLET} \\x4 \t \f"
).split(" ");

function mutate(text: string): string {
  const at = random(text.length + 1);
  switch (random(9)) {
    case 0:
      return text.slice(0, at) + pick(pieces) + text.slice(at);
    case 1:
      return text.slice(0, at) + " " + pick(pieces) + " " + text.slice(at);
    case 2:
      return text.slice(0, at) + text.slice(at + 1 + random(3));
    case 3: {
      // Without one word or operator.
      const words = [...text.matchAll(/\w+|[^\w\s]|\n[ \t]*/g)];
      if (!words.length) return text;
      const word = pick(words);
      return text.slice(0, word.index) + text.slice(word.index! + word[0].length);
    }
    case 4: {
      const words = [...text.matchAll(/\w+|[^\w\s]+/g)];
      if (!words.length) return text;
      const word = pick(words);
      return text.slice(0, word.index) + pick(pieces) + text.slice(word.index! + word[0].length);
    }
    case 5: {
      const words = [...text.matchAll(/\w+|[^\w\s]+/g)];
      if (!words.length) return text;
      const word = pick(words);
      const other = pick(words)[0];
      return text.slice(0, word.index) + other + text.slice(word.index! + word[0].length);
    }
    case 6:
      return text.slice(0, at);
    case 7: {
      const lines = text.split("\n");
      const i = random(lines.length);
      lines[i] = pick(["", " ", "    ", "\t"]) + lines[i].trimStart();
      return lines.join("\n");
    }
    default: {
      const lines = text.split("\n");
      const [line] = lines.splice(random(lines.length), 1);
      lines.splice(random(lines.length + 1), 0, line);
      return lines.join("\n");
    }
  }
}

/** Words and operators without order, or an f-string of them. */
function soup(): string {
  const words = Array.from({ length: 1 + random(12) }, () =>
    pick([...pieces, "a", "b", "f", "x.y", "'s'", "\n", "\n  "]),
  );
  const text = words.join(pick([" ", " ", ""]));
  if (random(2)) return text;
  const inside = Array.from({ length: 1 + random(8) }, () =>
    pick([
      "a",
      "{",
      "}",
      "{{",
      "}}",
      "{x}",
      "{x!r",
      ":",
      "=",
      "!",
      ":>{y}",
      "'",
      '"',
      "\\",
      "\\N{DASH}",
      "\\x41",
      "#",
      "\n",
      "lambda x:",
      "\u00e9",
      ...words,
    ]),
  ).join("");
  const quote = pick(["'", '"', "'''", '"""']);
  return pick(["f", "rf", "F", "fR"]) + quote + inside + quote + (random(3) ? "" : text);
}

function makeCase(): ErrorRecord {
  const mode = pick(["exec", "exec", "exec", "exec", "exec", "eval", "single"] as const);
  if (random(20) === 0) {
    const bytes = Array.from({ length: 1 + random(40) }, () => (random(3) ? 32 + random(96) : 1 + random(255)));
    return { mode, base64: Buffer.from(bytes).toString("base64") };
  }
  if (random(6) === 0) return { mode, source: soup() };
  const lines = readFileSync(pick(dense.length && random(3) === 0 ? dense : files), "utf8").split("\n");
  const start = random(lines.length);
  let text = lines.slice(start, start + 1 + random(12)).join("\n");
  const indent = /^[ \t]*/.exec(text)![0];
  if (indent && random(8)) text = text.replaceAll(new RegExp(`^${indent}`, "gm"), "");
  for (let n = random(4); n > 0; n--) text = mutate(text);
  return { mode, source: text.replaceAll("\0", "") };
}

let done = 0;
let same = 0;
let accepted = 0;
let crashed = 0;
while (done < cases) {
  const batch = Array.from({ length: Math.min(2000, cases - done) }, makeCase);
  const python = spawnSync(findOracle() as string, [dump], {
    input: batch.map((record) => JSON.stringify(record)).join("\n") + "\n",
    encoding: "utf8",
    maxBuffer: 1 << 30,
  });
  const answers = python.stdout.split("\n");
  batch.forEach((record, i) => {
    const theirs = JSON.parse(answers[i]) as { tree?: unknown; error?: Record<string, unknown> };
    const started = performance.now();
    let diff: string[];
    let ours: unknown;
    try {
      ours = ourError(record);
      diff = differences(ours as Record<string, unknown>, theirs.error);
      if (!diff.length && theirs.tree) {
        accepted++;
        const tree = dumpNode(parse(sourceOf(record), { filename: "<string>", mode: record.mode }));
        if (JSON.stringify(tree) !== JSON.stringify(theirs.tree)) diff = ["tree"];
      }
    } catch (e) {
      crashed++;
      diff = ["crash"];
      ours = (e as Error).stack;
    }
    if (performance.now() - started > 1000) diff = [...diff, "slow"];
    if (diff.length) console.log(JSON.stringify({ diff, ...record, ours, theirs: theirs.error ?? "accepted" }));
    else same++;
  });
  done += batch.length;
}
console.log(`${same} of ${cases} the same, ${accepted} accepted, ${crashed} other exceptions`);
