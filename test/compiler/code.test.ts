// Code objects are equal to CPython 3.13.0's, from recorded answers: small programs for each construct, and the
// standard library inside the npm package `pyodide`.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { ourAnswer } from "../../tools/describe-code.ts";
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
