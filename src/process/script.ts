/**
 * A bundle beside this one, run as a script from V8's code cache where the cache fits this engine: parsing and compiling
 * it anew costs more than everything else at the start. Only for bundles in the CommonJS form. A cache that is missing, or
 * that another engine has made, is written when the process ends, if the folder can be written to.
 */
import { accessSync, constants, readFileSync, renameSync, writeFileSync } from "node:fs";
import * as v8 from "node:v8";
import { Script } from "node:vm";

/**
 * V8 takes a cache only under the flags that it was made with. What differs between processes is the size of the stack,
 * which is told anew for as long as V8 compares; that of a thread that runs stays as it is.
 */
const DEFAULT_STACK = "--stack-size=984";
const STACK_OPTION = /^--stack[-_]size=/;
const VALIDATION = "--wasm-lazy-validation";
const NO_VALIDATION = "--no-wasm-lazy-validation";

/** Set in the command's scripts. */
declare const VITRINE_ROOT: string | undefined;
const isCommand = typeof VITRINE_ROOT !== "undefined";

const OURS = ["--wasm-lazy-compilation", VALIDATION];
// The evaluation loop is not compiled a second time while a program starts: that alone would take 25 ms of a processor.
if (isCommand) OURS.push("--wasm-tiering-budget=60000000");

/**
 * Sets a flag of V8's. node:v8 brings Node's streams along, which take longer to load than all that is loaded here; the
 * binding that it sets flags by does not, where there is that binding.
 */
export function setFlag(flag: string): void {
  const { noDeprecation } = process;
  // Node warns of its bindings.
  process.noDeprecation = true;
  try {
    (process as unknown as { binding(name: "v8"): typeof v8 }).binding("v8").setFlagsFromString(flag);
  } catch {
    v8.setFlagsFromString(flag);
  } finally {
    process.noDeprecation = noDeprecation!;
  }
}

const loaded = new Map<string, unknown>();

/** What the bundle `name` in `directory` exports. It is run once. */
export function loadScript(directory: string, name: string): unknown {
  if (loaded.has(name)) return loaded.get(name);
  const filename = `${directory}/${name}.js`;
  let cachedData: Buffer | undefined;
  try {
    cachedData = readFileSync(`${directory}/${name}.cache`);
  } catch {
    // Without a cache it only takes longer.
  }
  // The build writes nothing but ASCII, as a function (tools/build/build.mjs): the text is not decoded, and not copied.
  const script = underFlags(() => new Script(readFileSync(filename, "latin1"), { filename, cachedData }));
  // Under options that somebody tries once, V8 takes no cache of the usual ones; that one is to stay.
  const usual = process.execArgv.every((option) => STACK_OPTION.test(option));
  if (isCommand && usual && (cachedData === undefined || script.cachedDataRejected))
    process.once("exit", () => keepCache(script, directory, name));
  const module = { exports: {} };
  script.runInThisContext()(module, module.exports, require, directory);
  loaded.set(name, module.exports);
  return module.exports;
}

/** Writes the cache of a script, with all of it that this process has compiled. */
function keepCache(script: Script, directory: string, name: string): void {
  const file = `${directory}/${name}.cache`;
  try {
    accessSync(directory, constants.W_OK);
    // Whole, or not at all: another process may be reading it.
    const own = `${file}.${process.pid}`;
    writeFileSync(
      own,
      underFlags(() => script.createCachedData()),
    );
    renameSync(own, file);
  } catch {
    // Without a cache it only takes longer.
  }
}

/**
 * Functions of WebAssembly are compiled when they are first called, as most never are: while `run` compiles a module, and
 * in the command in all that it loads. A program that uses the package as a library is not to notice: what tells by a module
 * that it cannot have what an engine knows, has to be told at once.
 */
export function compileLazily<T>(run: () => T): T {
  for (const flag of OURS) setFlag(flag);
  try {
    return run();
  } finally {
    if (!isCommand && !process.execArgv.includes(VALIDATION)) setFlag(NO_VALIDATION);
  }
}

/** Under the flags of every cache. */
export function underFlags<T>(run: () => T): T {
  return compileLazily(() => {
    const stack = process.execArgv.findLast((option) => STACK_OPTION.test(option));
    if (stack === undefined) return run();
    setFlag(DEFAULT_STACK);
    try {
      return run();
    } finally {
      setFlag(stack);
    }
  });
}
