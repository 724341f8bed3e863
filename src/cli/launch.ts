/**
 * `vitrine look -- COMMAND …`: starts a program and looks at it when it ends, when it dies of MemoryError, where it was
 * largest, every so often, and whenever we get SIGUSR1.
 *
 * A process that has ended has no memory left. So the program gets a module of ours, `sitecustomize`, that stops it at
 * the end, after its own atexit functions, or before its traceback is printed: then the variables that the traceback
 * leads to are still there (CPython leaves out a frame for which there was no memory). We look, and it goes on. The module gives
 * way to a sitecustomize that the program has, and leaves the environment as it was: programs that it starts know nothing
 * of this.
 */
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { constants, tmpdir } from "node:os";
import { delimiter, join, parse } from "node:path";
import { type Looked, look, lookAt } from "../inspect/look.ts";
import type { Capture } from "../inspect/source/capture.ts";
import { captureProcess, LookError } from "../inspect/source/process.ts";
import { type ShowOptions, show } from "./show.ts";

export type Moment = "end" | "peak" | "memoryerror" | "signal";
export const moments: readonly Moment[] = ["end", "peak", "memoryerror", "signal"];

const POLL_MS = 50;
const PEAK_STEP = 1.2;
const PEAK_MIN = 16 << 20;
const PAGE = 4096;

const script = `import os, sys
def _look():
    import atexit, signal
    here = os.path.dirname(os.path.abspath(__file__))
    moment = os.environ.pop("VITRINE_LOOK", None)
    path = os.environ.pop("VITRINE_PYTHONPATH", None)
    if path:
        os.environ["PYTHONPATH"] = path
    else:
        os.environ.pop("PYTHONPATH", None)
    sys.path[:] = [p for p in sys.path if os.path.abspath(p or ".") != here]
    spec = sys.modules["_frozen_importlib_external"].PathFinder.find_spec("sitecustomize", sys.path)
    if spec is not None and spec.loader is not None:
        spec.loader.exec_module(type(sys)("sitecustomize"))
    if moment is None:
        return
    with open(os.path.join(here, "pid"), "w") as f:
        f.write(str(os.getpid()))
    me = os.getpid()
    kill, write, getpid, number = os.kill, os.write, os.getpid, signal.SIGSTOP
    # Open from the start: where memory is short, nothing can be opened.
    mark = os.open(os.path.join(here, "stopped"), os.O_CREAT | os.O_WRONLY | os.O_APPEND)
    def stop():
        if getpid() == me:
            write(mark, b"1")
            kill(me, number)
    if moment == "end":
        atexit.register(stop)
    elif moment == "memoryerror":
        hook = sys.excepthook
        def excepthook(kind, value, traceback):
            if issubclass(kind, MemoryError):
                stop()
            hook(kind, value, traceback)
        sys.excepthook = excepthook
_look()
del _look
`;

/** The name of a file that is written at each look: `heap.image`, then `heap-2.image`. */
function numbered(file: string | undefined, look: number): string | undefined {
  if (file === undefined || file === "-" || look === 1) return file;
  const { dir, name, ext } = parse(file);
  return join(dir, `${name}-${look}${ext}`);
}

/** Runs the command; its exit status, or 2 where it cannot be started or looked at. */
export function launch(
  command: readonly string[],
  moment: Moment,
  every: number | undefined,
  options: ShowOptions,
): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "vitrine-look-"));
  writeFileSync(join(folder, "sitecustomize.py"), script);
  const { PYTHONPATH: path } = process.env;
  const child = spawn(command[0]!, command.slice(1), {
    stdio: "inherit",
    env: {
      ...process.env,
      VITRINE_LOOK: moment,
      ...(path ? { VITRINE_PYTHONPATH: path } : {}),
      PYTHONPATH: path ? `${folder}${delimiter}${path}` : folder,
    },
  });
  const complain = (text: string) => void process.stderr.write(`vitrine look: ${text}\n`);
  let peak: Capture | undefined;
  let looks = 0;
  const present = (found: Looked) => {
    looks++;
    const file = (name: string | undefined) => numbered(name, looks);
    const { save, html, flame, snapshot } = options;
    const files = { save: file(save), html: file(html), flame: file(flame), snapshot: file(snapshot) };
    const wrong = show(found, { ...options, ...files }, found.capture);
    if (wrong !== undefined) complain(wrong);
  };
  const attempt = (what: () => void) => {
    try {
      what();
    } catch (error) {
      // A program that ends meanwhile is no mistake of anyone's.
      complain(error instanceof LookError ? error.message : `it cannot be read: ${(error as Error).message}`);
    }
  };
  const pid = () => {
    const file = join(folder, "pid");
    return existsSync(file) ? Number(readFileSync(file, "utf8")) || undefined : undefined;
  };
  const lookNow = () => {
    const its = pid();
    if (its !== undefined) attempt(() => present(look(its)));
  };
  const poll = setInterval(() => {
    const its = pid();
    if (its === undefined) return;
    const mark = join(folder, "stopped");
    if (existsSync(mark) && statSync(mark).size > 0) {
      let state = "";
      try {
        state = /^State:\s+(\w)/m.exec(readFileSync(`/proc/${its}/status`, "utf8"))?.[1] ?? "";
      } catch {}
      if (state !== "T") return;
      truncateSync(mark);
      attempt(() => present(look(its)));
      process.kill(its, "SIGCONT");
    } else if (moment === "peak") {
      let resident = 0;
      try {
        resident = Number(readFileSync(`/proc/${its}/statm`, "utf8").split(" ")[1]) * PAGE;
      } catch {}
      const least = peak ? Math.max(peak.resident! * PEAK_STEP, peak.resident! + PEAK_MIN) : PEAK_MIN;
      if (resident < least) return;
      try {
        peak = captureProcess(its);
      } catch {}
    }
  }, POLL_MS);
  const regular = every === undefined ? undefined : setInterval(lookNow, every * 1000);
  process.on("SIGUSR1", lookNow);
  // The terminal sends these to the program too, which decides.
  const ignore = () => {};
  process.on("SIGINT", ignore);
  return new Promise((resolve) => {
    const done = (status: number) => {
      clearInterval(poll);
      clearInterval(regular);
      process.removeListener("SIGUSR1", lookNow);
      process.removeListener("SIGINT", ignore);
      if (peak !== undefined) attempt(() => present(lookAt(peak!)));
      if (looks === 0 && moment !== "signal" && every === undefined) {
        if (pid() === undefined)
          complain("the command ran no Python that could be looked at (python -I and -S leave out what this needs)");
        else if (moment === "memoryerror") complain("it did not die of MemoryError");
        else if (moment === "peak") complain("it ended before it was of any size");
        else complain("it ended before it could be looked at");
      }
      rmSync(folder, { recursive: true, force: true });
      resolve(status);
    };
    child.on("error", (error) => {
      complain(`cannot start ${command[0]}: ${error.message}`);
      done(2);
    });
    child.on("exit", (status, signal) => done(signal ? 128 + (constants.signals[signal] ?? 0) : (status ?? 0)));
  });
}
