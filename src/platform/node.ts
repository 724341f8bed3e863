/**
 * The services of a program that runs under Node, but for files (nodefiles.ts): the real streams, clock, random numbers,
 * and the process itself.
 */
import * as fs from "node:fs";
import * as os from "node:os";
import { SystemError } from "../kernel/errno.ts";
import type { Clock, ProcessService, StandardStreams } from "../kernel/services.ts";
import { command, patiently, status, stty, sttySize, writeWhole } from "./nodefiles.ts";
import { localZone } from "./timezone.ts";

export const nodeStreams: StandardStreams = {
  input: (into) => patiently(() => fs.readSync(0, into, 0, into.length, null)),
  output: (fd, bytes) => writeWhole(fd, bytes, null),
  bothWays: true,
  isTerminal: (fd) => fs.fstatSync(fd).isCharacterDevice() && isTerminal(fd),
  terminalSize(fd) {
    const stream = isTerminal(fd) ? [process.stdin, process.stdout, process.stderr][fd] : undefined;
    const size = (stream as { getWindowSize?(): [number, number] } | undefined)?.getWindowSize?.();
    // Node knows it of what is written to.
    return size ?? sttySize(fd);
  },
  stty,
  describe: (fd) => status(fs.fstatSync(fd, { bigint: true })),
};

/** Asks Node's stream, which is slow to make: not for /dev/null, a character device too. */
function isTerminal(fd: number): boolean {
  if (fs.fstatSync(fd).rdev === fs.statSync(os.devNull, { throwIfNoEntry: false })?.rdev) return false;
  const stream = [process.stdin, process.stdout, process.stderr][fd];
  return stream?.isTTY === true;
}

/** Seconds of a clock that only goes forward, and is the same in all threads. */
export const forwardClock = (): number => Number(process.hrtime.bigint()) / 1e9;

const sleeper = new Int32Array(new SharedArrayBuffer(4));

/**
 * The time of day, finer than Date has it: a moment of both clocks, and what the forward one has gone since. Where the time
 * of day has been set meanwhile, the moment is taken anew.
 */
let moment = { time: 0, forward: 0 };
function timeOfDay(): number {
  const coarse = Date.now();
  const fine = forwardClock() * 1000;
  const time = moment.time + (fine - moment.forward);
  if (time >= coarse && time < coarse + 1) return time / 1000;
  // No finer than a millisecond at first, but never before what Date says, nor behind it by more than one.
  moment = { time: coarse, forward: fine };
  return coarse / 1000;
}

export const nodeClock: Clock = {
  time: timeOfDay,
  performance: forwardClock,
  zone: localZone,
  sleep(seconds) {
    // Not longer at once than Atomics.wait takes.
    const end = forwardClock() + seconds;
    for (let left = seconds; left > 0; left = end - forwardClock())
      Atomics.wait(sleeper, 0, 0, Math.min(left * 1000, 1e9));
  },
};

/** The numbers of the signals that have names, and of 0, which asks whether a process is there. */
function signalName(signal: number): NodeJS.Signals | 0 {
  if (signal === 0) return 0;
  for (const [name, number] of Object.entries(os.constants.signals)) {
    if (number === signal) return name as NodeJS.Signals;
  }
  throw new SystemError("EINVAL");
}

export const nodeProcess: ProcessService = {
  identity: () => ({
    pid: process.pid,
    ppid: process.ppid,
    uid: process.getuid?.() ?? 0,
    euid: process.geteuid?.() ?? 0,
    gid: process.getgid?.() ?? 0,
    egid: process.getegid?.() ?? 0,
  }),
  cpus: () => os.availableParallelism(),
  systemName() {
    const machine = os.machine();
    return [os.type(), os.hostname(), os.release(), os.version(), machine];
  },
  groups,
  setId(which, id) {
    const set = [process.setuid, process.setgid, process.seteuid, process.setegid][which];
    if (set === undefined) throw new SystemError("ENOSYS");
    set.call(process, id);
  },
  setGroups(groups) {
    if (process.setgroups === undefined) throw new SystemError("ENOSYS");
    process.setgroups(groups);
  },
  setPriority: (pid, priority) => os.setPriority(pid, priority),
  setAffinity: (pid, processors) =>
    command(
      "taskset",
      ["--all-tasks", "--pid", "--cpu-list", processors, String(pid || process.pid)],
      [
        [/Invalid argument/, "EINVAL"],
        [/No such process/, "ESRCH"],
        [/not permitted/, "EPERM"],
      ],
    ),
  setHostName: (name) =>
    command(
      "hostname",
      ["--", Buffer.from(name)],
      [
        [/must be root|not permitted|denied/, "EPERM"],
        [/invalid|too long/, "EINVAL"],
      ],
    ),
  loadAverage: () => os.loadavg() as [number, number, number],
  usage() {
    const u = process.resourceUsage();
    return {
      user: u.userCPUTime / 1e6,
      system: u.systemCPUTime / 1e6,
      maxrss: u.maxRSS,
      minflt: u.minorPageFault,
      majflt: u.majorPageFault,
      inblock: u.fsRead,
      oublock: u.fsWrite,
      nvcsw: u.voluntaryContextSwitches,
      nivcsw: u.involuntaryContextSwitches,
    };
  },
  kill(pid, signal) {
    process.kill(pid, signalName(signal));
  },
  exit(status) {
    process.exit(status & 0xff);
  },
  umask: (mask) => process.umask(mask),
};

/** By which a process of ours tells another which descriptors it gets. Node's own cannot be told from them otherwise. */
export const INHERITED = "VITRINE_INHERITED";

/** What the environment says of descriptors that the process has found open, which nobody else is to see. */
export function inheritedDescriptors(): number[] {
  const told = process.env[INHERITED];
  if (told === undefined) return [];
  delete process.env[INHERITED];
  return told
    .split(",")
    .map(Number)
    .filter((fd) => {
      try {
        fs.fstatSync(fd);
        return true;
      } catch {
        return false;
      }
    });
}

/** Whether a descriptor of the host is a pipe or a socket. */
export function isPipe(fd: number): boolean {
  const s = fs.fstatSync(fd);
  return s.isFIFO() || s.isSocket();
}

/** The groups that this process is in besides its own, which Node would always add. */
function groups(): number[] {
  try {
    const [, found = ""] = /^Groups:(.*)$/m.exec(fs.readFileSync("/proc/self/status", "latin1"))!;
    return found.split(/\s+/).filter(Boolean).map(Number);
  } catch {
    return process.getgroups?.() ?? [];
  }
}

/** The environment of this process, NAME=VALUE each. */
export function nodeEnvironment(): Uint8Array[] {
  try {
    // As bytes, where the system has them so.
    const bytes = fs.readFileSync("/proc/self/environ");
    const texts: Uint8Array[] = [];
    for (let at = 0; at < bytes.length; ) {
      const end = bytes.indexOf(0, at);
      texts.push(bytes.subarray(at, end < 0 ? bytes.length : end));
      at = end < 0 ? bytes.length : end + 1;
    }
    const own = `${INHERITED}=`;
    return texts.filter((text) => String.fromCharCode(...text.subarray(0, own.length)) !== own);
  } catch {
    return Object.entries(process.env).map(([name, value]) => Buffer.from(`${name}=${value}`));
  }
}

/** Random bytes from the kernel where it has them as a file: Node's own source costs a module that is slow to load. */
export function nodeEntropy(into: Uint8Array): void {
  let fd: number;
  try {
    fd = fs.openSync("/dev/urandom", "r");
  } catch {
    for (let i = 0; i < into.length; i += 65536) {
      crypto.getRandomValues(into.subarray(i, i + 65536) as Uint8Array<ArrayBuffer>);
    }
    return;
  }
  try {
    for (let at = 0; at < into.length; ) at += fs.readSync(fd, into, at, into.length - at, null);
  } finally {
    fs.closeSync(fd);
  }
}
