// The CPythons on this machine that the reader knows, newest first; and a process of one, whose heap is known.
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { cpythonVersions } from "../../src/layouts/cpython.ts";

function find(minor: number): string | undefined {
  const name = `python3.${minor}`;
  const pyenv = join(process.env.PYENV_ROOT ?? join(homedir(), ".pyenv"), "versions");
  const folders = existsSync(pyenv) ? readdirSync(pyenv).filter((v) => v.startsWith(`3.${minor}.`)) : [];
  const candidates = [...folders.map((v) => join(pyenv, v, "bin", name)), `/usr/bin/${name}`, name];
  return candidates.find((path) => {
    const run = spawnSync(path, ["-c", "import sys; print('%d' % sys.version_info[1])"], { encoding: "utf8" });
    return run.status === 0 && run.stdout.trim() === String(minor);
  });
}

const QUIET_MS = 700;

export interface Python {
  minor: number;
  path: string;
}

/** Only where processes can be looked at: Linux on x86-64. */
export const pythons: Python[] =
  process.platform === "linux" && process.arch === "x64"
    ? [...cpythonVersions].reverse().flatMap((minor) => {
        const path = find(minor);
        return path ? [{ minor, path }] : [];
      })
    : [];

export interface Scene {
  child: ChildProcess;
  pid: number;
  counts: Record<string, number>;
  kept: number[];
  ways: Record<string, number>;
  /** What sys._debugmallocstats() wrote. */
  figures: string;
  /** Has the process drop what it kept; resolves when it has. */
  drop(): Promise<void>;
  end(): void;
}

/** Starts the scene; it waits to be looked at. `cores`: the folder for its core, should it die of a signal. */
export async function startScene(python: string, env: NodeJS.ProcessEnv = {}, cores?: string): Promise<Scene> {
  const script = fileURLToPath(new URL("scene.py", import.meta.url));
  const limit = cores === undefined ? "" : "ulimit -c unlimited; ";
  const child = spawn("/bin/sh", ["-c", `${limit}exec "$0" "$1"`, python, script], {
    stdio: ["pipe", "pipe", "pipe"],
    env: { ...process.env, ...env },
    cwd: cores,
  });
  const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
  let figures = "";
  // The figures are whole when nothing more has come for a while.
  const whole = new Promise<void>((resolve, reject) => {
    child.on("exit", (status) => reject(new Error(`the scene ended with ${status}: ${figures}`)));
    let timer: NodeJS.Timeout;
    child.stderr!.on("data", (bytes: Buffer) => {
      figures += bytes;
      clearTimeout(timer);
      timer = setTimeout(resolve, QUIET_MS);
    });
  });
  const [first] = await Promise.all([lines.next(), whole]);
  return {
    child,
    ...JSON.parse(first.value),
    figures,
    async drop() {
      child.kill("SIGUSR1");
      await lines.next();
    },
    end() {
      child.removeAllListeners("exit");
      child.kill("SIGKILL");
    },
  };
}
