// `.pyc` files are read and written, and disassembly prints what `python3.13 -m dis` prints.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import {
  compile,
  disassemble,
  fromPyc,
  MarshalError,
  marshalCode,
  sourceHash,
  toPyc,
  unmarshal,
} from "../../src/compiler/index.ts";
import { describeCode } from "../../tools/compare/describe-code.ts";

const goldens = JSON.parse(readFileSync(new URL("./goldens/sample.json", import.meta.url), "utf8"));
const source = readFileSync(new URL("./sample.py", import.meta.url));
const code = compile(source, "sample.py", "exec");
const bytes = (name: string) => new Uint8Array(Buffer.from(goldens[name], "base64"));

test("reads what CPython wrote", () => {
  const { header, code: theirs } = fromPyc(bytes("timestamp pyc"));
  assert.deepEqual(header, { mtime: 1700000000, size: source.length });
  assert.equal(describeCode(theirs), describeCode(code));
  const hashed = fromPyc(bytes("hash pyc"));
  assert.deepEqual(hashed.header, { hash: sourceHash(source), checkSource: true });
  assert.equal(describeCode(hashed.code), describeCode(code));
});

test("writes CPython's headers", () => {
  const timestamp = toPyc(code, { mtime: 1700000000, size: source.length });
  assert.deepEqual(timestamp.subarray(0, 16), bytes("timestamp pyc").subarray(0, 16));
  const hashed = toPyc(code, { hash: sourceHash(source), checkSource: true });
  assert.deepEqual(hashed.subarray(0, 16), bytes("hash pyc").subarray(0, 16));
});

test("hashes sources of every length as CPython does", () => {
  goldens["source hashes"].forEach((hash: string, n: number) => {
    const data = Uint8Array.from({ length: n }, (_, i) => i);
    assert.equal(Buffer.from(sourceHash(data)).toString("hex"), hash);
  });
});

test("what is written reads back", () => {
  const data = marshalCode(code);
  const again = unmarshal(data) as typeof code;
  assert.equal(describeCode(again), describeCode(code));
  assert.deepEqual(marshalCode(again), data);
});

test("damaged files are errors", () => {
  const data = toPyc(code, { mtime: 0, size: 0 });
  for (let n = 0; n < data.length; n += 7) assert.throws(() => fromPyc(data.subarray(0, n)), MarshalError);
  assert.throws(() => fromPyc(data.with(0, 1)), /bad magic number/);
  assert.throws(() => fromPyc(data.with(4, 8)), /invalid flags/);
});

test("disassembly", () => {
  const read = compile(source, "<stdin>", "exec");
  assert.equal(disassemble(read), goldens["dis"]);
  assert.equal(disassemble(read, { showCaches: true, showOffsets: true }), goldens["dis -C -O"]);
});
