/**
 * The `vitrine` command. What runs a program is here; the compiler, the heap's reader and the other commands are loaded
 * when they are needed.
 */
import { readFileSync } from "node:fs";
import { exitStatus } from "../generated/constants.ts";
import { packageRoot } from "../process/load.ts";
import * as compile from "./compile.ts";
import * as diff from "./diff.ts";
import * as dis from "./dis.ts";
import * as heap from "./heap.ts";
import * as look from "./look.ts";
import { help, parseArguments, UsageError, usage } from "./options.ts";
import { run } from "./run.ts";

/**
 * How deep native code may recurse on the stack that this process has, in levels of the runtime's count. Measured with
 * the deepest users of the stack (__next__, __add__ and keys of map written in Python): 800 levels fit the 984 KiB that
 * Node has. Where node was started with a larger stack there is more room, up to what the runtime's scratch memory is
 * made for.
 */
const DEFAULT_STACK_KIB = 984;
const KIB_PER_LEVEL = 2.5;
const LEVELS_MAX = 1500;

function nativeDepth(): number {
  const given = process.execArgv.map((a) => /^--stack[-_]size=([0-9]+)$/.exec(a)?.[1]).find(Boolean);
  const kib = given === undefined ? DEFAULT_STACK_KIB : Number(given);
  return Math.max(100, Math.min(LEVELS_MAX, Math.floor(kib / KIB_PER_LEVEL)));
}

function version(): string {
  const { version } = JSON.parse(readFileSync(`${packageRoot()}/package.json`, "utf8")) as { version: string };
  return `Vitrine ${version} (Python 3.13.0)\n`;
}

function main(args: readonly string[]): number | Promise<number> {
  const [command, ...rest] = args;
  if (command === "heap") return heap.run(rest);
  if (command === "look") return look.run(rest);
  if (command === "diff") return diff.run(rest);
  if (command === "compile") return compile.run(rest);
  if (command === "dis") return dis.run(rest);
  let options: ReturnType<typeof parseArguments>;
  try {
    options = parseArguments(args);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`vitrine: ${error.message}\n${usage}\nTry "vitrine --help".\n`);
    return 2;
  }
  if (options === "help") process.stdout.write(help);
  else if (options === "version") process.stdout.write(version());
  else return run(options, nativeDepth());
  return 0;
}

/** Ends with the status of the command. */
function end(status: number): void {
  // By the signal, if it ends the process; the status says the same where it does not.
  if (status === exitStatus.EXIT_INTERRUPTED) process.kill(process.pid, "SIGINT");
  process.exitCode = status === exitStatus.EXIT_INTERRUPTED ? 130 : status;
}

const status = main(process.argv.slice(2));
if (typeof status === "number") end(status);
else void status.then(end);
