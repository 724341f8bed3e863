/**
 * A browser as the host of interpreters: a page, or a worker of one. What is needed is fetched once, by load(), or given to it.
 */
import { inflateRaw } from "pako";
import { compileService, tokenizeService } from "../kernel/frontend.ts";
import { libraryOf } from "../kernel/library.ts";
import type { Clock, Library } from "../kernel/services.ts";
import { LibraryArchive } from "../library/archive.ts";
import { InterpreterError } from "../process/errors.ts";
import { adoptRuntime, compileRuntimeAsync, readerOf } from "../snapshot/startimage.ts";
import type { Host, HostWorker, LoadOptions, Source } from "./host.ts";

/** Where programs find the library. */
const LIBRARY_FOLDER = "/lib/python3.13";
/** What crypto gives at once. */
const RANDOM_BYTES = 65536;

/** What a worker gets of who has started it. */
export interface BrowserWorkerData {
  runtime: Uint8Array<ArrayBuffer>;
  library: Uint8Array<ArrayBuffer>;
  module: WebAssembly.Module;
  shared: WebAssembly.Module | undefined;
  /** Where the clock of who has started it begins, in milliseconds since 1970. */
  origin: number;
}

let runtime: Uint8Array<ArrayBuffer> | undefined;
let module: WebAssembly.Module | undefined;
let shared: WebAssembly.Module | undefined;
let archive: Uint8Array<ArrayBuffer> | undefined;
let library: Library | undefined;
let workerScript: string | URL | undefined;
let loading: Promise<void> | undefined;
/** Where the clock of all workers begins that one thread has started, which each has from its own start on. */
let origin = performance.timeOrigin;

/** The same bytes where all workers see them, if that is possible: each of a program's threads has one. */
function forAll(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  if (!shares()) return bytes;
  const shared = new Uint8Array(new SharedArrayBuffer(bytes.length));
  shared.set(bytes);
  // What reads it copies (readerOf).
  return shared as unknown as Uint8Array<ArrayBuffer>;
}

/** The bytes of what is given, or of what a URL leads to. */
async function bytesOf(source: Source): Promise<Uint8Array<ArrayBuffer>> {
  const given = await source;
  if (given instanceof ArrayBuffer) return new Uint8Array(given);
  if (ArrayBuffer.isView(given)) return Uint8Array.from(given as Uint8Array);
  const response = given instanceof Response ? given : await fetch(given);
  if (!response.ok) throw new InterpreterError(`${response.url} cannot be loaded: ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}

// Bundlers look for these expressions, and take the files along.
const defaultRuntime = () => new URL("../../build/vitrine.wasm", import.meta.url);
const defaultLibrary = () => new URL("../../build/library.bin", import.meta.url);

async function loadAll(options: LoadOptions): Promise<void> {
  workerScript = options.worker ?? workerScript;
  [runtime, archive] = await Promise.all([
    bytesOf(options.runtime ?? defaultRuntime()).then(forAll),
    bytesOf(options.library ?? defaultLibrary()).then(forAll),
  ]);
  module = await compileRuntimeAsync(readerOf(runtime), false);
  if (shares()) shared = await compileRuntimeAsync(readerOf(runtime), true);
}

/** Loads the runtime and the library, once. */
export function load(options: LoadOptions = {}): Promise<void> {
  loading ??= loadAll(options).catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

/** In a worker: takes what was loaded by who has started it. */
export function adopt(data: BrowserWorkerData): void {
  ({ runtime, module, shared, origin } = data);
  archive = data.library;
  adoptRuntime(readerOf(runtime), module);
  if (shared) adoptRuntime(readerOf(runtime), shared);
}

function shares(): boolean {
  return typeof SharedArrayBuffer === "function" && globalThis.crossOriginIsolated === true;
}

const sleeper = shares() ? new Int32Array(new SharedArrayBuffer(4)) : undefined;

const clock: Clock = {
  time: () => Date.now() / 1000,
  performance: () => (performance.timeOrigin - origin + performance.now()) / 1000,
  sleep(seconds) {
    const end = performance.now() + seconds * 1000;
    // A page's own thread may not wait.
    const waits = sleeper !== undefined && typeof document === "undefined";
    for (let left = seconds * 1000; left > 0; left = end - performance.now()) {
      if (waits) Atomics.wait(sleeper, 0, 0, Math.min(left, 1e9));
    }
  },
  zone(seconds, zone) {
    if (zone !== undefined) return { offset: 0, daylight: false, name: "UTC" };
    const date = new Date(seconds * 1000);
    const offset = -60 * date.getTimezoneOffset();
    const january = -60 * new Date(date.getFullYear(), 0, 1).getTimezoneOffset();
    const july = -60 * new Date(date.getFullYear(), 6, 1).getTimezoneOffset();
    const parts = new Intl.DateTimeFormat("en-US", { timeZoneName: "short" }).formatToParts(date);
    const name = parts.find(({ type }) => type === "timeZoneName")?.value ?? "UTC";
    return { offset, daylight: january !== july && offset === Math.max(january, july), name };
  },
};

function loaded<T>(part: T | undefined): T {
  if (part === undefined) throw new InterpreterError("nothing is loaded yet: await load() comes first");
  return part;
}

export const browserHost: Host = {
  module(debug, wantsShared) {
    if (debug) throw new InterpreterError("the debug runtime is not a part of the package");
    if (wantsShared && module !== undefined && shared === undefined)
      throw new InterpreterError("memory can be shared in a page that is cross-origin isolated only");
    return loaded(wantsShared ? shared : module);
  },
  library() {
    const bytes = loaded(archive);
    library ??= libraryOf(
      () =>
        (opened ??= new LibraryArchive(
          readerOf(bytes).read,
          (packed, dictionary) => inflateRaw(packed, { dictionary }) as Uint8Array,
        )),
      LIBRARY_FOLDER,
    );
    return library;
  },
  compile: compileService,
  tokenize: tokenizeService,
  entropy(into) {
    for (let i = 0; i < into.length; i += RANDOM_BYTES) {
      crypto.getRandomValues(into.subarray(i, i + RANDOM_BYTES) as Uint8Array<ArrayBuffer>);
    }
  },
  now: () => performance.now(),
  clock,
  shares,
  load,
  async forWorker() {
    await load();
    const data: BrowserWorkerData = { runtime: runtime!, library: archive!, module: module!, shared, origin };
    return data;
  },
  startWorker(): HostWorker {
    const worker =
      workerScript === undefined
        ? new Worker(new URL("../browserworker.mjs", import.meta.url), { type: "module" })
        : new Worker(workerScript, { type: "module" });
    return {
      post: (message) => worker.postMessage(message),
      onMessage: (handle) => worker.addEventListener("message", ({ data }) => handle(data)),
      onError: (handle) => worker.addEventListener("error", (event) => handle(new Error(event.message))),
      hold: () => {},
      terminate: () => Promise.resolve(worker.terminate()),
    };
  },
};

let opened: LibraryArchive | undefined;
