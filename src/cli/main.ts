/**
 * The `vitrine` command. What runs a program is here; the compiler, the heap's reader and the other commands are loaded
 * when they are needed.
 */
import { readFileSync } from "node:fs";
import { exitStatus } from "../generated/constants.ts";
import { nodeArguments } from "../platform/arguments.ts";
import { loadModule, packageRoot } from "../process/load.ts";
import * as compile from "./compile.ts";
import * as diff from "./diff.ts";
import * as dis from "./dis.ts";
import * as heap from "./heap.ts";
import { help, usage } from "./help.ts";
import * as look from "./look.ts";
import { parseArguments, UsageError } from "./options.ts";
import { run } from "./run.ts";

function version(detailed: boolean): string {
  const { version } = JSON.parse(readFileSync(`${packageRoot()}/package.json`, "utf8")) as { version: string };
  return detailed ? `Python 3.13.0 (Vitrine ${version}) [AssemblyScript]\n` : "Python 3.13.0\n";
}

/** `vitrine heap` and so on. */
const commands = { heap, look, diff, compile, dis } as const;

/** Runs a program, or says how; the exit status. */
function main(args: readonly string[]): number {
  let options: ReturnType<typeof parseArguments>;
  try {
    options = parseArguments(args);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`${error.message}${usage}\nTry \`vitrine -h' for more information.\n`);
    return 2;
  }
  if ("help" in options) process.stdout.write(help(options.help));
  else if ("version" in options) process.stdout.write(version(options.version > 1));
  else
    return run(() => loadModule({ shared: true }), options, {
      executable: process.argv[1]!,
      args,
      environment: process.env,
    });
  return 0;
}

/** Ends with the status of the command, which may still be running. */
function end(status: number): void {
  // By the signal, if it ends the process; the status says the same where it does not.
  if (status === exitStatus.EXIT_INTERRUPTED) process.kill(process.pid, "SIGINT");
  process.exitCode = status === exitStatus.EXIT_INTERRUPTED ? 130 : status;
}

/**
 * Runs the command with the arguments of this process, whose exit status it sets. Whether all is done: what shows a heap may
 * go on.
 */
export function start(): boolean {
  const args = nodeArguments();
  const [command, ...rest] = args;
  if (!(command !== undefined && Object.hasOwn(commands, command))) {
    end(main(args));
    return true;
  }
  // Whoever reads the answer may have read enough.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    process.exit(0);
  });
  const status = commands[command as keyof typeof commands].run(rest);
  if (typeof status === "number") end(status);
  else void status.then(end);
  return false;
}
