/// <reference lib="esnext.disposable" preserve="true" />
/**
 * The package in Node: the interpreter of src/api, with Node as its host.
 */
import { type LoadOptions, setHost } from "./api/host.ts";
import { nodeHost } from "./api/node.ts";

setHost(nodeHost);

/** Loads what interpreters need, in browsers. In Node it is read when it is needed, and nothing has to be told. */
export function load(options?: LoadOptions): Promise<void> {
  return nodeHost.load(options);
}

export * from "./api/index.ts";
