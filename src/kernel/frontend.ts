/**
 * What the kernel asks of the compiler. Bundled, this is a script of its own, loaded when it is first asked for.
 */
export { compileService } from "./compile.ts";
export { tokenizeService } from "./tokenize.ts";
