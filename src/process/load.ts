/**
 * Where the parts of the package are found at run time: the runtime's module in build/, and the compiler. Bundled, the
 * compiler is a script of its own with V8's code cache beside it (tools/build/build.mjs), loaded when first asked for.
 */
import { existsSync, openSync, readSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { inflateRawSync } from "node:zlib";
import { compileService, tokenizeService } from "../kernel/frontend.ts";
import { libraryOf } from "../kernel/library.ts";
import type { Library } from "../kernel/services.ts";
import { LibraryArchive } from "../library/archive.ts";
import { adoptRuntime, compileRuntime, type PieceReader } from "../snapshot/startimage.ts";
import { takeMachineCode } from "./machinecode.ts";
import { compileLazily } from "./script.ts";

/** In the command's scripts, the package's directory. */
declare const VITRINE_ROOT: string | undefined;
/** Set in the package's modules. */
declare const VITRINE_MODULES: boolean | undefined;

let root: string | undefined;

/** The package's directory. */
export function packageRoot(): string {
  if (typeof VITRINE_ROOT !== "undefined") return VITRINE_ROOT;
  return (root ??= findRoot());
}

/** Two folders above this one: src/process, or dist/chunks. Where a bundler has moved the code, Node finds the package. */
function findRoot(): string {
  const near = fileURLToPath(new URL("../../", import.meta.url));
  if (!isBundled() || existsSync(`${near}build/library.bin`)) return near;
  return `${dirname(createRequire(import.meta.url).resolve("vitrine/package.json"))}/`;
}

const modules = new Map<string, WebAssembly.Module>();

interface ModuleChoice {
  /** For a memory that several instances share. */
  shared?: boolean;
  /** With assertions. */
  debug?: boolean;
}

/** Whether this is the package, not its sources. */
export function isBundled(): boolean {
  return typeof VITRINE_ROOT !== "undefined" || typeof VITRINE_MODULES !== "undefined";
}

const runtimeFile = (name = "vitrine") => `${packageRoot()}/build/${name}.wasm`;
/** That of the runtime for shared memory, which the command has. */
const machineCodeFile = () => `${packageRoot()}/dist/vitrine.cache`;
const libraryFile = () => `${packageRoot()}/build/library.bin`;

/** Files that are open, as all threads of the process can read them: their numbers, by their names. */
export type PackageFiles = ReadonlyMap<string, number>;

const files = new Map<string, number>();

/** What workers read, which are to take it rather than open it again: nobody closes what a worker has opened that is ended. */
export function packageFiles(): PackageFiles {
  for (const name of [runtimeFile(), libraryFile()]) openFile(name);
  return files;
}

/** Takes files as another thread has opened them. */
export function adoptFiles(open: PackageFiles): void {
  for (const [name, number] of open) files.set(name, number);
}

function openFile(path: string): number {
  let number = files.get(path);
  if (number === undefined) {
    number = openSync(path, "r");
    files.set(path, number);
  }
  return number;
}

/** Takes the module of the release runtime as another thread has compiled it. */
export function adoptModule(shared: boolean, module: WebAssembly.Module): void {
  adoptRuntime(pieces(runtimeFile()), module);
  modules.set(`vitrine ${shared}`, module);
}

/** The runtime's module, compiled once. */
export function loadModule({ shared = false, debug = false }: ModuleChoice = {}): WebAssembly.Module {
  const name = debug ? "debug" : "vitrine";
  let module = modules.get(`${name} ${shared}`);
  if (!module) {
    const file = runtimeFile(name);
    if (!existsSync(file)) throw new Error(`${file} is missing: npm run build makes it`);
    const kept = shared && typeof VITRINE_ROOT !== "undefined" ? machineCodeFile() : undefined;
    module = compileLazily(() =>
      compileRuntime(pieces(file), shared, (code, build) => {
        return (kept && takeMachineCode(kept, build, code)) || new WebAssembly.Module(code);
      }),
    );
    modules.set(`${name} ${shared}`, module);
  }
  return module;
}

let library: Library | undefined;

/** The standard library, in a folder of the package's that programs alone see. Of its archive is read what is used. */
export function loadLibrary(): Library {
  if (library === undefined) {
    let archive: LibraryArchive | undefined;
    const get = () => (archive ??= openArchive(libraryFile()));
    library = libraryOf(get, `${packageRoot().replace(/\/+$/, "")}/lib/python3.13`);
  }
  return library;
}

/** What reads pieces of a file, which stays open. */
function pieces(path: string): PieceReader {
  const file = openFile(path);
  return {
    read(start, length) {
      const bytes = new Uint8Array(length);
      return bytes.subarray(0, readSync(file, bytes, 0, length, start));
    },
    readInto(target, start) {
      for (let at = 0; at < target.length; ) {
        const n = readSync(file, target, at, target.length - at, start + at);
        if (n === 0) throw new Error(`${path} is cut off: npm run build makes it`);
        at += n;
      }
    },
  };
}

function openArchive(path: string): LibraryArchive {
  return new LibraryArchive(pieces(path).read, (packed, dictionary) => inflateRawSync(packed, { dictionary }));
}

export { compileService, tokenizeService };
