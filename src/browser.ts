/// <reference lib="esnext.disposable" preserve="true" />
/**
 * The package in browsers: the interpreter of src/api, with the page, or the worker that this runs in, as its host.
 */
import { browserHost } from "./api/browser.ts";
import { setHost } from "./api/host.ts";

setHost(browserHost);

export { load } from "./api/browser.ts";
export * from "./api/index.ts";
