/**
 * The system calls about the process itself and its clock.
 *
 * A process that is granted nothing is alone: number 1, of a user without rights. Its environment is its own in any case:
 * what it changes there, nobody else sees.
 */
import { granted, methodOf, SystemError } from "./errno.ts";
import type { SystemCalls } from "./generated/dispatch.ts";
import type { Clock, ProcessIdentity, ProcessService, Services } from "./services.ts";

/** A user and a group without rights, as Linux systems call them nobody. */
const NOBODY = 65534;
const ALONE: ProcessIdentity = { pid: 1, ppid: 0, uid: NOBODY, euid: NOBODY, gid: NOBODY, egid: NOBODY };
const ALONE_NAME = ["Linux", "localhost", "6.1.0", "#1 SMP", "x86_64"];

const EQUALS = 61;
const encoder = new TextEncoder();

/** Texts with a NUL after each. */
function listed(texts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(texts.reduce((n, text) => n + text.length + 1, 0));
  let at = 0;
  for (const text of texts) {
    out.set(text, at);
    at += text.length + 1;
  }
  return out;
}

/** Bytes as a key. */
const key = (bytes: Uint8Array) => String.fromCharCode(...bytes);

type ProcessCalls = Pick<
  SystemCalls,
  | "umask"
  | "getpid"
  | "identity"
  | "cpus"
  | "environment"
  | "setenv"
  | "unsetenv"
  | "uname"
  | "groups"
  | "setid"
  | "setgroups"
  | "setpriority"
  | "setaffinity"
  | "loadavg"
  | "sethostname"
  | "rusage"
  | "kill"
  | "raise"
  | "sigaction"
  | "setitimer"
  | "timerclock"
  | "exit"
>;

interface ProcessPart {
  calls: ProcessCalls;
  /** The permission bits that a new file gets of those asked for. */
  permitted(mode: number): number;
  /** A variable of the environment. */
  variable(name: string): Uint8Array | undefined;
  /** All of them, NAME=VALUE each. */
  variables(): Uint8Array[];
}

export function processCalls({ process, signals, environment = [] }: Services): ProcessPart {
  const variables = new Map<string, Uint8Array>();
  for (const text of environment) {
    // A name may begin with an equals sign, but not be empty.
    const end = text.indexOf(EQUALS, 1);
    if (end > 0) variables.set(key(text.subarray(0, end)), text);
  }
  let mask = 0o022;
  let pid: number | undefined;
  const grantedProcess = () => granted(process, "GRANT_PROCESS");
  const method = <K extends keyof ProcessService>(name: K) => methodOf(grantedProcess(), name);
  return {
    permitted: (mode) => (process?.umask ? mode : mode & ~mask),
    variable: (name) => variables.get(name)?.subarray(name.length + 1),
    variables: () => [...variables.values()],
    calls: {
      umask(to) {
        if (process?.umask) return process.umask(to & 0o777);
        const was = mask;
        mask = to & 0o777;
        return was;
      },
      getpid() {
        pid ??= (process?.identity() ?? ALONE).pid;
        return pid;
      },
      identity: () => process?.identity() ?? ALONE,
      cpus: () => process?.cpus() ?? 1,
      environment: () => listed([...variables.values()]),
      setenv(name, value) {
        if (name.length === 0 || name.includes(EQUALS)) throw new SystemError("EINVAL");
        const text = new Uint8Array(name.length + 1 + value.length);
        text.set(name);
        text[name.length] = EQUALS;
        text.set(value, name.length + 1);
        variables.set(key(name), text);
      },
      unsetenv(name) {
        if (name.length === 0 || name.includes(EQUALS)) throw new SystemError("EINVAL");
        variables.delete(key(name));
      },
      uname: () => listed((process?.systemName() ?? ALONE_NAME).map((text) => encoder.encode(text))),
      groups: () => new Uint8Array(Uint32Array.from(process?.groups?.() ?? []).buffer),
      setid: (which, id) => method("setId")(which, id),
      setgroups: (groups) => method("setGroups")([...new Uint32Array(groups.slice().buffer)]),
      setpriority: (pid, priority) => method("setPriority")(pid, priority),
      setaffinity: (pid, processors) => method("setAffinity")(pid, new TextDecoder().decode(processors.slice())),
      loadavg(into) {
        const averages = method("loadAverage")();
        const three = new Uint8Array(Float64Array.from(averages).buffer);
        if (three.length > into.length) throw new SystemError("EINVAL");
        into.set(three);
        return three.length;
      },
      sethostname: (name) => method("setHostName")(name.slice()),
      rusage: () => method("usage")(),
      kill: (pid, signal) => method("kill")(pid, signal),
      raise: (signal) => method("kill")(grantedProcess().identity().pid, signal),
      // Where nobody sends signals, whatever is done upon them is never done.
      sigaction: (signal, disposition) => signals?.action(signal, disposition),
      setitimer(which, seconds, interval) {
        if (signals === undefined) throw new SystemError("ENOSYS");
        signals.setTimer(which, seconds, interval);
      },
      timerclock: (which) => signals?.timerClock(which) ?? 0,
      exit: (status) => method("exit")(status),
    },
  };
}

type ClockCalls = Pick<SystemCalls, "time" | "monotonic" | "sleep" | "zone">;

/** What an instant that is looked at takes of a clock that stands still. */
const LOOK = 1e-6;

/**
 * The clock of a program that is granted none: it begins at 0 and tells how long the program has slept, which takes no time,
 * and how often it has looked, so that waiting by looking ends.
 */
function clockOfOnesOwn(): Clock {
  let now = 0;
  const look = () => {
    now += LOOK;
    return now;
  };
  return {
    time: look,
    performance: look,
    sleep: (seconds) => {
      now += seconds;
    },
  };
}

const DAY = 24 * 60 * 60;

/** For how long a clock that is waited for may stand still, in milliseconds. */
const STILL_MOST = 1000;

/** Looks at a clock until so many seconds are over. */
function watchClock(clock: Clock, seconds: number): void {
  let now = clock.performance();
  const end = now + seconds;
  for (let moved = Date.now(); !(now >= end); ) {
    const next = clock.performance();
    if (next > now) moved = Date.now();
    else if (Date.now() - moved > STILL_MOST) throw new SystemError("EIO");
    now = next;
  }
}

/** `variable`: the environment, in which TZ may name a time zone. */
export function clockCalls(
  { clock: given, embedder }: Services,
  variable: (name: string) => Uint8Array | undefined,
): ClockCalls {
  const clock = given ?? clockOfOnesOwn();
  const wait = clock.sleep?.bind(clock) ?? ((seconds: number) => watchClock(clock, seconds));
  return {
    time: () => clock.time(),
    monotonic: () => clock.performance(),
    sleep(seconds) {
      const piece = Math.min(seconds, embedder?.patience() ?? seconds);
      const began = Date.now();
      wait(piece);
      const left = seconds - piece;
      // A clock on which to wait takes no time has nobody wait for it.
      if (left === 0 || Date.now() - began > 500 * piece) return left;
      wait(left);
      return 0;
    },
    zone(seconds) {
      const tz = variable("TZ");
      const named = tz === undefined ? undefined : new TextDecoder().decode(tz.slice());
      const { offset, daylight, name } = clock.zone?.(seconds, named) ?? { offset: 0, daylight: false, name: "UTC" };
      if (!Number.isInteger(offset) || Math.abs(offset) >= DAY || typeof name !== "string")
        throw new SystemError("EIO");
      const text = encoder.encode(name);
      const out = new Uint8Array(5 + text.length);
      new DataView(out.buffer).setInt32(0, offset, true);
      out[4] = daylight ? 1 : 0;
      out.set(text, 5);
      return out;
    },
  };
}
