/**
 * Machine code of those of the runtime's functions that every start of the command calls, as V8's optimising compiler has made
 * it when the package was built (tools/build/machine-code.ts). To have them compiled at each start, even by the baseline
 * compiler, takes a third of it. V8 reads and writes such code for those who embed it, and lets scripts call the functions
 * that do so only under a flag. Where it has none, or the code is of another engine, under other flags, or of another build,
 * the module is compiled as ever.
 *
 *   ┌──────────┬──────────┬─────────────────────
 *   │ build 16 │ length 4 │ what V8 has written
 *   └──────────┴──────────┴─────────────────────
 */
import { closeSync, fstatSync, openSync, readSync, renameSync, writeFileSync } from "node:fs";
import { setFlag, underFlags } from "./script.ts";

const BUILD_BYTES = 16;
const HEAD_BYTES = BUILD_BYTES + 4;

/** One of V8's own functions, with so many parameters; undefined where this engine has none of that name. */
function native(name: string, ...parameters: string[]): ((...args: unknown[]) => unknown) | undefined {
  setFlag("--allow-natives-syntax");
  try {
    return new Function(...parameters, `return %${name}(${parameters})`) as (...args: unknown[]) => unknown;
  } catch {
    return undefined;
  } finally {
    setFlag("--no-allow-natives-syntax");
  }
}

/** What V8 has written; undefined where there is no such file, or it is of another build, or not whole. */
function contents(file: string, build: string): ArrayBuffer | undefined {
  let fd: number;
  try {
    fd = openSync(file, "r");
  } catch {
    return undefined;
  }
  try {
    const head = Buffer.alloc(HEAD_BYTES);
    readSync(fd, head);
    const length = fstatSync(fd).size - HEAD_BYTES;
    if (head.toString("latin1", 0, BUILD_BYTES) !== build || head.readUInt32LE(BUILD_BYTES) !== length)
      return undefined;
    const code = new Uint8Array(length);
    return readSync(fd, code) === length ? code.buffer : undefined;
  } finally {
    closeSync(fd);
  }
}

/** The module of these bytes, which are of the build `build`, with the machine code in `file`; undefined where that does not fit. */
export function takeMachineCode(
  file: string,
  build: string,
  bytes: Uint8Array<ArrayBuffer>,
): WebAssembly.Module | undefined {
  const code = contents(file, build);
  const deserialize = code && native("DeserializeWasmModule", "code", "bytes");
  return deserialize && (underFlags(() => deserialize(code, bytes)) as WebAssembly.Module | undefined);
}

/** Keeps in `file` the machine code that a module of the build `build` has from the optimising compiler. Some there must be. */
export function keepMachineCode(file: string, build: string, module: WebAssembly.Module): void {
  const serialize = native("SerializeWasmModule", "module");
  if (serialize === undefined) return;
  const code = new Uint8Array(underFlags(() => serialize(module)) as ArrayBuffer);
  // Whole, or not at all: another process may be reading it.
  const own = `${file}.${process.pid}`;
  const head = Buffer.alloc(HEAD_BYTES);
  head.write(build, "latin1");
  head.writeUInt32LE(code.length, BUILD_BYTES);
  writeFileSync(own, Buffer.concat([head, code]));
  renameSync(own, file);
}
