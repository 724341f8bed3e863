// An interpreter as bytes, and a second one of the same state.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Interpreter, type PythonObject, SnapshotError } from "../../src/index.ts";

test("an interpreter goes on from a snapshot", () => {
  const first = new Interpreter({ functions: { double: (n: number) => 2 * n, other: () => 1 } });
  first.run(
    "import json, re\nstate = {'a': [1, 2]}\ndef f(x): return double(x) + len(state)\npattern = re.compile('a+')",
  );
  const held = first.evaluate("object()") as PythonObject;
  const bytes = first.snapshot();
  first.run("state['b'] = 1");
  const second = Interpreter.restore(bytes, { functions: { double: (n: number) => 3 * n, fresh: () => "fresh" } });
  assert.equal(second.evaluate("f(5)"), 16);
  assert.equal(second.evaluate("json.dumps(state)"), '{"a": [1, 2]}');
  assert.equal(second.evaluate("pattern.match('aab').group()"), "aa");
  assert.equal(second.evaluate("fresh()"), "fresh");
  assert.throws(() => second.run("other()"), { type: "RuntimeError", message: /'other' was not given/ });
  second.run("print('on')\nimport csv");
  assert.equal(second.output, "on\n");
  assert.equal(second.dispose(), 0);
  const limited = Interpreter.restore(bytes, { memoryLimit: "16M", timeLimit: 100 });
  assert.throws(() => limited.run("'x' * 10**8"), { type: "MemoryError" });
  assert.throws(() => limited.run("while True: pass"), { limit: "time" });
  assert.equal(limited.dispose(), 0);
  assert.equal(first.evaluate("f(5)"), 12);
  held.release();
  assert.equal(first.dispose(), 0);
});

test("fork makes two of one", () => {
  const first = new Interpreter({ functions: { f: () => 7 } });
  first.run("x = [1]");
  const second = first.fork();
  second.run("x.append(f())");
  first.run("x.append(3)");
  assert.deepEqual(first.get("x"), [1, 3]);
  assert.deepEqual(second.get("x"), [1, 7]);
  assert.equal(first.dispose(), 0);
  assert.equal(second.fork().evaluate("x[1]"), 7);
  assert.equal(second.dispose(), 0);
});

test("bytes that are no snapshot of this build are refused", () => {
  const python = new Interpreter();
  const bytes = python.snapshot();
  assert.throws(() => Interpreter.restore(new Uint8Array(100)), SnapshotError);
  assert.throws(() => Interpreter.restore("x" as unknown as Uint8Array), TypeError);
  assert.throws(() => Interpreter.restore(bytes.subarray(0, bytes.length - 1)), /cut short/);
  // What another build has written, whose hash is right.
  const view = new DataView(bytes.buffer);
  const other = bytes.slice();
  const text = new TextDecoder().decode(bytes.subarray(16, 16 + view.getUint32(8, true)));
  const json = new TextEncoder().encode(text.replace(/"build":"../, '"build":"zz'));
  other.set(json, 16);
  let hash = 0x811c9dc5;
  for (const byte of json) hash = Math.imul(hash ^ byte, 0x01000193);
  new DataView(other.buffer).setUint32(12, hash >>> 0, true);
  assert.throws(() => Interpreter.restore(other), /taken by another build of Vitrine \(zz/);
  const header = view.getUint32(8, true);
  for (let i = 8; i < 16 + header; i += 3) {
    const damaged = bytes.slice();
    damaged[i]! ^= 0x80;
    assert.throws(() => Interpreter.restore(damaged), SnapshotError);
  }
  python.dispose();
});
