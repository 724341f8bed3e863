// The verifier of bytecode: what compilers make passes, what is damaged at random does no harm.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { compileService } from "../../src/kernel/compile.ts";
import { loadLibrary } from "../../src/process/load.ts";
import type { Process } from "../../src/process/process.ts";
import { damage } from "../../tools/fuzz/bytecode.ts";
import { findOracle } from "../../tools/oracle/oracle.ts";
import { stdlibRequests } from "../compiler/stdlib.ts";
import { leftovers, startProcess } from "../process/support.ts";

/** Reads marshalled code, verified; the error where it is refused. */
function refused(process: Process, code: Uint8Array): boolean {
  const o = process.withBytes(code, (p, n) => process.runtime.PyMarshal_ReadObjectFromString(p, n, 1))!;
  if (o === 0) {
    process.runtime.release(process.runtime.takeException());
    return true;
  }
  process.runtime.release(o);
  return false;
}

test("what our compiler makes of the library passes", () => {
  const process = startProcess("debug", { text: "", errors: "" });
  const problems: string[] = [];
  let n = 0;
  for (const { name, request } of stdlibRequests()) {
    if (n++ % 8 !== 0) continue;
    const source = Buffer.from(request.base64!, "base64");
    const answer = compileService(source, Buffer.from(name), "exec", 0, 0);
    if (refused(process, answer)) problems.push(name);
  }
  assert.deepEqual(problems, []);
  process.runtime.finalize();
  assert.equal(leftovers(process).blocks, 0);
});

const python = findOracle();
test("what CPython makes of its library passes", { skip: python === null && "no CPython 3.13" }, () => {
  const program = `
import marshal, os, struct, sys, sysconfig
for folder, _, names in os.walk(sysconfig.get_paths()["stdlib"]):
    for name in sorted(names):
        if not name.endswith(".py"): continue
        try: code = marshal.dumps(compile(open(os.path.join(folder, name), "rb").read(), name, "exec"))
        except Exception: continue
        sys.stdout.buffer.write(struct.pack("<I", len(code)) + code)
`;
  const data = execFileSync(python!, ["-W", "ignore", "-c", program], { maxBuffer: 1 << 30 });
  const process = startProcess("debug", { text: "", errors: "" });
  let count = 0;
  let bad = 0;
  for (let at = 0; at < data.length; count++) {
    const n = data.readUInt32LE(at);
    if (refused(process, data.subarray(at + 4, at + 4 + n))) bad++;
    at += 4 + n;
  }
  assert.equal(bad, 0);
  assert.ok(count > 500, `only ${count} files`);
});

test("what except* has collected is looked at before it is raised", () => {
  const program = `
import opcode
def groups():
    try: raise ExceptionGroup("g", [ValueError(1), TypeError(2)])
    except* ValueError: pass
    except* TypeError: r = 2
code = bytearray(groups.__code__.co_code)
at = max(i for i in range(0, len(code), 2) if code[i] == opcode.opmap["CHECK_EG_MATCH"])
code[at:at + 2] = opcode.opmap["SWAP"], 2
groups.__code__ = groups.__code__.replace(co_code=bytes(code))
try: groups()
except SystemError as e: print(e)
`;
  const output = { text: "", errors: "" };
  const process = startProcess("debug", output, { library: loadLibrary() });
  process.runMain(new TextEncoder().encode(program), "program.py", true);
  assert.equal(output.text, "bad argument to internal function\n", output.errors);
  process.runtime.finalize();
  assert.equal(leftovers(process).blocks, 0);
});

test("damaged bytecode raises or runs", () => {
  const { found, accepted } = damage(3000, 1);
  assert.deepEqual([...found.keys()], []);
  assert.ok(accepted > 100, `only ${accepted} were accepted`);
});
