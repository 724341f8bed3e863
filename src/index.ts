/// <reference lib="esnext.disposable" preserve="true" />
/**
 * The package in Node: the interpreter of src/api, with Node as its host.
 */
import { setHost } from "./api/host.ts";
import { nodeHost } from "./api/node.ts";

setHost(nodeHost);

/** Loads what interpreters need. In Node nothing has to be: what is needed is read when it is. */
export function load(): Promise<void> {
  return Promise.resolve();
}

export * from "./api/index.ts";
