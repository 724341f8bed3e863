/** The front end against what CPython 3.13.0 said: goldens/ holds its recorded answers. */

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { PyCompileError, PySyntaxError } from "../../src/compiler/errors/errors.ts";
import { type ParseOptions, parse, parseByGrammar, tokenize } from "../../src/compiler/parser/parse.ts";
import { readSource } from "../../src/compiler/tokenizer/source.ts";
import { dumpNode } from "../../tools/compare/dump-ast.ts";
import { differences, type ErrorRecord, ourError, sourceOf } from "../../tools/compare/error-record.ts";
import { readZip } from "../../tools/record/read-zip.ts";
import { snippetRecords } from "./snippets.ts";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const golden = (name: string) => JSON.parse(readFileSync(here(`goldens/${name}`), "utf8"));
const sha1 = (value: unknown) => createHash("sha1").update(JSON.stringify(value)).digest("hex");
const exec: ParseOptions = { filename: "<string>", mode: "exec" };

/** The tree that the grammar's own parser makes, without the fast one. */
function parseSlowly(source: string | Uint8Array): unknown {
  return parseByGrammar(readSource(source, { filename: "<string>", appendNewline: true, ignoreCookie: false }), exec);
}

test("every construct has the tree that CPython makes, from both parsers", () => {
  for (const [name, tree] of Object.entries(golden("sources.json"))) {
    const source = readFileSync(here(`sources/${name}`));
    assert.deepEqual(dumpNode(parse(source, exec)), tree, name);
    assert.deepEqual(dumpNode(parseSlowly(source)), tree, `${name}, by the grammar`);
  }
});

test("the standard library has CPython's trees and tokens", () => {
  const zip = readZip(readFileSync(here("../../node_modules/pyodide/python_stdlib.zip")));
  const wrong: string[] = [];
  let count = 0;
  for (const [name, hashes] of Object.entries(golden("stdlib.json") as Record<string, Record<string, string>>)) {
    const source = zip.get(name);
    assert.ok(source, `${name} is in the archive: if it changed, record again`);
    if (sha1(dumpNode(parse(source, exec))) !== hashes["tree"]) wrong.push(`${name}: tree`);
    const tokens = [...tokenize(source)].map((t) => [t.type, t.string, t.start, t.end, t.line]);
    if (sha1(tokens) !== hashes["tokens"]) wrong.push(`${name}: tokens`);
    if (count++ % 20 === 0 && sha1(dumpNode(parseSlowly(source))) !== hashes["tree"])
      wrong.push(`${name}: by the grammar`);
  }
  assert.deepEqual(wrong, []);
});

test("what CPython's tests hold to be wrong has CPython's error", () => {
  const records = golden("errors.json") as ErrorRecord[];
  const wrong = records.filter((record) => {
    const theirs = record.stage === "parser" ? record.error : null;
    return differences(ourError(record), theirs).length > 0;
  });
  assert.deepEqual(
    wrong.map((record) => ({ ...record, ours: ourError(record) })),
    [],
  );
});

interface Answer {
  tree?: string | null;
  error?: Record<string, unknown>;
  warnings: [string, string, number][];
  strict?: Record<string, unknown>;
}

test("warnings, encodings, limits and mistakes are CPython's", () => {
  const answers = golden("snippets.json") as Answer[];
  const records = snippetRecords();
  assert.equal(answers.length, records.length, "record again");
  records.forEach((record, i) => {
    const { tree, error, warnings, strict } = answers[i];
    const what = JSON.stringify(record).slice(0, 200);
    const source = sourceOf(record);
    assert.deepEqual(differences(ourError(record), error), [], what);
    const caught: unknown[] = [];
    const collect = () =>
      parse(source, {
        filename: "<string>",
        mode: record.mode,
        warn: (w) => caught.push([w.category, w.message, w.lineno]),
      });
    if (error) {
      assert.throws(collect);
    } else {
      const parsed = collect();
      if (!record.quiet) assert.equal(sha1(dumpNode(parsed)), tree, what);
    }
    assert.deepEqual(caught, warnings, what);
    // With warnings turned into errors.
    let raised: unknown = null;
    try {
      parse(source, {
        filename: "<string>",
        mode: record.mode,
        warn: (w) => {
          throw new PySyntaxError("SyntaxError", w.message, w.filename, w.lineno, null);
        },
      });
    } catch (e) {
      if (!(e instanceof PySyntaxError) && !(e instanceof PyCompileError)) throw e;
      raised = e.msg;
    }
    assert.equal(raised, strict?.["msg"] ?? null, what);
  });
});

test("a full stack of JavaScript's is no reason to fail", () => {
  const source = `x = ${"(".repeat(90)}1${")".repeat(90)}`;
  let reached = 0;
  const descend = (depth: number): void => {
    reached = depth;
    try {
      parse(source, exec);
    } catch (e) {
      assert.ok(e instanceof PyCompileError && e.type === "MemoryError", String(e));
      throw new RangeError("deep enough");
    }
    descend(depth + 1);
  };
  assert.throws(() => descend(0), RangeError);
  assert.ok(reached > 100);
});

test("a sink's own exception comes through", () => {
  const boom = new Error("boom");
  for (const source of ["'\\d'", "1if x else y", "f'\\{x}'"]) {
    assert.throws(
      () =>
        parse(source, {
          ...exec,
          warn: () => {
            throw boom;
          },
        }),
      boom,
    );
  }
});

test("modes and flags", () => {
  const rejects = (source: string, options: Partial<ParseOptions>, msg: string) =>
    assert.throws(() => parse(source, { ...exec, ...options }), { msg });
  const barry = 0x400000;
  parse("1 <> 2", { ...exec, flags: barry });
  rejects("1 != 2", { flags: barry }, "with Barry as BDFL, use '<>' instead of '!='");
  rejects("1 <> 2", {}, "invalid syntax");
  rejects("if x:", { flags: 0x4000 }, "incomplete input");
  rejects("a; b\nc", { mode: "single" }, "multiple statements found while compiling a single statement");
  const type = parse("(int, *str, **bool) -> list[int]", { ...exec, mode: "func_type" });
  assert.equal((dumpNode(type) as unknown[])[0], "FunctionType");
  assert.throws(() => parse("'\ud800'", exec), { type: "UnicodeEncodeError" });
});
