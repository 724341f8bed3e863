/**
 * `vitrine look PID`: where the memory of a running CPython is, and why it does not come back. Reads the process through
 * /proc; nothing runs in it.
 */

import { look, statistics } from "../inspect/look.ts";
import { DamageError } from "../inspect/source/memory.ts";
import { LookError } from "../inspect/source/process.ts";
import { statisticsJson } from "../view/json.ts";
import { statisticsReport } from "../view/report.ts";
import { imageProblem, readImage } from "./heap.ts";
import { launch, type Moment, moments } from "./launch.ts";
import { isPlain, isShowable, type ShowOptions, show, showHelp, showUsage, takeShowOption } from "./show.ts";

const usage = `usage: vitrine look PID | CORE | [--at WHEN | --every S] -- COMMAND...
       [--no-stop] [--statistics] [--save FILE] ${showUsage}`;

const help = `${usage}

Reads the memory of a running CPython (3.8 to 3.13, Linux, x86-64) and says which objects
keep memory from being returned, and how they are reached; what retains most; what each
resident byte is for. The process is stopped while its memory is copied, about half a
second for each GiB, and nothing in it is changed. A core (gcore's or the kernel's) or a
saved image is read alike.

With -- COMMAND it starts the program, and looks when it ends, or at another moment; and
whenever it gets SIGUSR1.

  --at WHEN      end (the default), peak (where it was largest), memoryerror (when it dies
                 of one: what its traceback holds is still there), signal (only then)
  --every S      every S seconds; files that are written at each look are numbered from the
                 second on: heap.image, heap-2.image
  --statistics   only what each resident byte is for, and pools by size class: of a process
                 of a gigabyte in less than a second, and with little memory
  --save FILE    keep what was read: "vitrine heap FILE" shows it again
  --no-stop      do not stop the process: figures may then not fit together
${showHelp}`;

const FAILED = 2;

/** Runs the command. Returns the exit status: 0, or 2 for wrong usage and for what cannot be read. */
export function run(argv: readonly string[]): number | Promise<number> {
  let moment: Moment = "end";
  let every: number | undefined;
  let command: readonly string[] | undefined;
  let target: string | undefined;
  let stopIt = true;
  let onlyFigures = false;
  const options: ShowOptions = { json: false, garbage: false };
  for (let i = 0; i < argv.length; i++) {
    const argument = argv[i]!;
    if (argument === "--help" || argument === "-h") {
      process.stdout.write(help);
      return 0;
    }
    if (argument === "--") {
      command = argv.slice(i + 1);
      break;
    }
    if (argument === "--statistics") {
      onlyFigures = true;
      continue;
    }
    const taken = takeShowOption(argv, i, options);
    if (taken >= 0) i = taken;
    else if (argument === "--no-stop") stopIt = false;
    else if (argument === "--at" && moments.includes(argv[i + 1] as Moment)) moment = argv[++i] as Moment;
    else if (argument === "--every" && /^[1-9]\d{0,5}$/.test(argv[i + 1] ?? "")) every = Number(argv[++i]);
    else if (argument === "--save" && i + 1 < argv.length) options.save = argv[++i];
    else if (!argument.startsWith("-") && target === undefined) target = argument;
    else return complain(usage);
  }
  if (!isShowable(options)) return complain(usage);
  if (command !== undefined) {
    if (target !== undefined || command.length === 0) return complain(usage);
    // Where it is looked at every so often, or on a signal, the end is not asked for.
    return launch(command, every === undefined ? moment : "signal", every, options);
  }
  if (target === undefined) return complain(usage);
  const isProcess = /^[1-9]\d{0,9}$/.test(target);
  if (onlyFigures && (!isProcess || !isPlain(options) || !stopIt)) return complain(usage);
  try {
    if (onlyFigures) {
      const found = statistics(Number(target));
      process.stdout.write(
        options.json ? `${JSON.stringify(statisticsJson(found), null, 1)}\n` : statisticsReport(found),
      );
      return 0;
    }
    const looked = isProcess ? look(Number(target), { stopIt }) : readImage(target);
    const wrong = show(looked, options, looked.capture);
    return wrong === undefined ? 0 : complain(`vitrine look: ${wrong}`);
  } catch (error) {
    if (!isProcess) return complain(`vitrine look: ${imageProblem(target, error)}`);
    const { message, code } = error as NodeJS.ErrnoException;
    if (error instanceof LookError || code !== undefined) return complain(`vitrine look: ${message}`);
    if (error instanceof DamageError) return complain(`vitrine look: process ${target} cannot be read: ${message}`);
    throw error;
  }
}

function complain(text: string): number {
  process.stderr.write(`${text}\n`);
  return FAILED;
}
