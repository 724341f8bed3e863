// Code objects are equal to CPython 3.13.0's, from recorded answers: small programs for each construct, and the
// standard library inside the npm package `pyodide`. Every source that CPython's own tests hold to be wrong has its error.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { compile, PyCompileError, PySyntaxError } from "../../src/compiler/index.ts";
import { ourAnswer } from "../../tools/compare/describe-code.ts";
import { readSnippets, snippetFiles } from "./snippets.ts";
import { stdlibRequests } from "./stdlib.ts";

const goldens = (name: string) => JSON.parse(readFileSync(new URL(`./goldens/${name}`, import.meta.url), "utf8"));

const snippets = goldens("snippets.json");
for (const file of snippetFiles()) {
  test(`snippets: ${file}`, () => {
    readSnippets(file).forEach((request, i) => {
      assert.deepEqual(ourAnswer(request), snippets[`${file} ${i}`], request.source);
    });
  });
}

test("the standard library", () => {
  const recorded = goldens("stdlib.json");
  let n = 0;
  for (const { name, request } of stdlibRequests()) {
    const answer = ourAnswer(request);
    assert.deepEqual(answer.code ?? answer.error, recorded[name], name);
    n++;
  }
  assert.equal(n, Object.keys(recorded).length);
});

test("the errors of CPython's own tests", () => {
  const records = JSON.parse(readFileSync(new URL("../parser/goldens/errors.json", import.meta.url), "utf8"));
  for (const { source, base64, mode, flags, error } of records) {
    let found: Record<string, unknown> | null = null;
    try {
      compile(source ?? new Uint8Array(Buffer.from(base64, "base64")), "<string>", mode, { flags });
    } catch (e) {
      if (e instanceof PySyntaxError) {
        const { type, msg, lineno, offset, endLineno, endOffset, text } = e;
        found = { type, msg, lineno, offset, end_lineno: endLineno, end_offset: endOffset, text };
      } else if (e instanceof PyCompileError) found = { type: e.type, msg: e.msg };
      else throw e;
    }
    const known = (record: object | null) =>
      record && Object.fromEntries(Object.entries(record).filter(([, value]) => value !== null && value !== undefined));
    assert.deepEqual(known(found), known(error ?? null), source);
  }
});
