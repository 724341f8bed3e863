/**
 * Where the parts of the package are found at run time: the runtime's module in build/, and the compiler. Bundled, the
 * compiler is a script of its own with V8's code cache beside it (tools/build/build.mjs), loaded when first asked for.
 */
import { existsSync, openSync, readFileSync, readSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { setFlagsFromString } from "node:v8";
import { inflateRawSync } from "node:zlib";
import { compileService, tokenizeService } from "../kernel/frontend.ts";
import { libraryOf } from "../kernel/library.ts";
import type { Library } from "../kernel/services.ts";
import { LibraryArchive } from "../library/archive.ts";

declare const VITRINE_ROOT: string | undefined;

/** The package's directory. */
export function packageRoot(): string {
  return typeof VITRINE_ROOT === "undefined" ? fileURLToPath(new URL("../../", import.meta.url)) : VITRINE_ROOT;
}

const modules = new Map<string, WebAssembly.Module>();

interface ModuleChoice {
  /** For a memory that several instances share. */
  shared?: boolean;
  /** With assertions. */
  debug?: boolean;
}

/** The runtime's module, compiled once. */
export function loadModule({ shared = false, debug = false }: ModuleChoice = {}): WebAssembly.Module {
  const name = `${debug ? "debug" : "vitrine"}${shared ? ".shared" : ""}.wasm`;
  let module = modules.get(name);
  if (!module) {
    const file = `${packageRoot()}/build/${name}`;
    if (!existsSync(file)) throw new Error(`${file} is missing: npm run build makes it`);
    // Functions are compiled when they are first called: most never are.
    setFlagsFromString("--wasm-lazy-compilation");
    setFlagsFromString("--wasm-lazy-validation");
    module = new WebAssembly.Module(readFileSync(file));
    modules.set(name, module);
  }
  return module;
}

let library: Library | undefined;

/** The standard library, in a folder of the package's that programs alone see. Of its archive is read what is used. */
export function loadLibrary(): Library {
  if (library === undefined) {
    let archive: LibraryArchive | undefined;
    const get = () => (archive ??= openArchive(`${packageRoot()}/build/library.bin`));
    library = libraryOf(get, `${packageRoot().replace(/\/+$/, "")}/lib/python3.13`);
  }
  return library;
}

function openArchive(path: string): LibraryArchive {
  const file = openSync(path, "r");
  const piece = (start: number, length: number) => {
    const bytes = new Uint8Array(length);
    return bytes.subarray(0, readSync(file, bytes, 0, length, start));
  };
  return new LibraryArchive(piece, (packed) => inflateRawSync(packed));
}

export { compileService, tokenizeService };
