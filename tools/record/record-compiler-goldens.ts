/**
 * Records CPython's answers for the compiler's tests, in `test/compiler/goldens`.
 *
 * usage: node --import tsx tools/record/record-compiler-goldens.ts
 */
import { readFileSync, writeFileSync } from "node:fs";
import { readSnippets, snippetFiles } from "../../test/compiler/snippets.ts";
import { stdlibRequests } from "../../test/compiler/stdlib.ts";
import { type Answer, oracleAnswers, type Request } from "../compare/describe-code.ts";
import { askOracle } from "../oracle/oracle.ts";

const goldens = new URL("../../test/compiler/goldens/", import.meta.url);

async function answersTo(requests: Request[]): Promise<Answer[]> {
  const answers: Answer[] = [];
  for await (const answer of oracleAnswers(requests)) answers.push(answer);
  return answers;
}

/** One line an entry, so that a diff shows what changed. */
function write(name: string, entries: [string, unknown][]): void {
  const lines = entries.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`);
  writeFileSync(new URL(name, goldens), `{\n${lines.join(",\n")}\n}\n`);
}

const snippets: [string, unknown][] = [];
for (const file of snippetFiles()) {
  (await answersTo(readSnippets(file))).forEach((answer, i) => {
    snippets.push([`${file} ${i}`, answer]);
  });
}
write("snippets.json", snippets);

const stdlib = [...stdlibRequests()];
const digests = await answersTo(stdlib.map((s) => s.request));
write(
  "stdlib.json",
  stdlib.map(({ name }, i) => [name, digests[i].code ?? digests[i].error]),
);

const source = readFileSync(new URL("../../test/compiler/sample.py", import.meta.url), "utf8");
const dis = (...options: string[]) =>
  askOracle(["-m", "dis", ...options, "-"], source).replaceAll(/ at 0x[0-9a-f]+/g, "");
const pyc = askOracle(
  [
    "-c",
    `import sys, base64, importlib._bootstrap_external as b, _imp
source = sys.stdin.buffer.read()
code = compile(source, "sample.py", "exec", dont_inherit=True)
h = _imp.source_hash(b._RAW_MAGIC_NUMBER, source)
print(base64.b64encode(b._code_to_timestamp_pyc(code, 1700000000, len(source))).decode())
print(base64.b64encode(b._code_to_hash_pyc(code, h, True)).decode())
print(*[_imp.source_hash(b._RAW_MAGIC_NUMBER, bytes(range(n))).hex() for n in range(20)])`,
  ],
  source,
).split("\n");
write("sample.json", [
  ["timestamp pyc", pyc[0]],
  ["hash pyc", pyc[1]],
  ["source hashes", pyc[2].split(" ")],
  ["dis", dis()],
  ["dis -C -O", dis("-C", "-O")],
]);
