/**
 * What an interpreter needs of where it runs, given by the entry of the package for Node or for browsers.
 */
import type { Clock, Files, Library, ProcessService, Services } from "../kernel/services.ts";

// The package's types are checked where those of Node or a page may be missing: then these names stand for anything, and
// otherwise they add nothing.
declare global {
  namespace WebAssembly {
    interface Module {}
    interface Memory {}
  }
  interface URL {}
  interface Response {}
}

/** A worker of the package's own, as both hosts have them. */
export interface HostWorker {
  post(message: unknown): void;
  onMessage(handle: (message: unknown) => void): void;
  onError(handle: (error: Error) => void): void;
  /** Whether the host is to stay because of it. */
  hold(busy: boolean): void;
  /** Ends it; fulfilled when it has ended. */
  terminate(): Promise<unknown>;
}

/** Bytes, or where they are. */
export type Source = string | URL | Response | ArrayBuffer | Uint8Array | Promise<Response | ArrayBuffer | Uint8Array>;

/** Where the parts of the package are that a browser has to fetch. Left out: where they lie beside the script. */
export interface LoadOptions {
  /** vitrine/vitrine.wasm */
  runtime?: Source;
  /** vitrine/library.bin */
  library?: Source;
  /** The script vitrine/worker, for Interpreter.start(). */
  worker?: string | URL;
}

export interface Host {
  /** The runtime. Throws InterpreterError where it has not been loaded yet. */
  module(debug: boolean, shared: boolean): WebAssembly.Module;
  library(): Library;
  compile: Services["compile"];
  tokenize: NonNullable<Services["tokenize"]>;
  entropy(into: Uint8Array): void;
  /** Milliseconds of a clock that only goes forward. */
  now(): number;
  /** Its `performance` is the same in all workers that one thread has started. */
  clock: Clock;
  /** Left out: there are none that could be granted. */
  files?: Files;
  /** Closes files that a program had open when it ended, by their numbers. */
  closeFiles?(numbers: readonly number[]): void;
  process?: ProcessService;
  /** Whether memory can be shared with workers. */
  shares(): boolean;
  /** Loads what `module` and `library` need, where that takes time. */
  load(options?: LoadOptions): Promise<void>;
  /** What a worker needs to be a host as this one is, in a form that can be posted to it. */
  forWorker(): Promise<unknown>;
  startWorker(): HostWorker;
}

let current: Host | undefined;

/** Sets the host, once, by the entry of the package. */
export function setHost(host: Host): void {
  current = host;
}

export function theHost(): Host {
  if (current === undefined) throw new Error("there is no host");
  return current;
}
