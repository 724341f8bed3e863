/**
 * A live process, read through /proc: stopped, its resident pages copied, and continued. Nothing runs in it, nothing in
 * it changes.
 *
 * Reading a page that is not resident would make it so: absent pages of files are read from the files, other absent
 * pages hold zeros. The process is continued whatever happens: by us, and, should we be killed meanwhile, by a shell that
 * waits for our end of a pipe to close. One that was stopped before stays so.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync, readdirSync, readFileSync, readlinkSync, readSync } from "node:fs";
import { type Capture, ChunkWriter, isPresent, type Mapping, PAGE } from "./capture.ts";
import { CHUNK, DamageError, Memory } from "./memory.ts";
import { PagedMemory, type PageReader } from "./paged.ts";

/** Why a process cannot be looked at, in a sentence that says what to do. */
export class LookError extends Error {}

const STOP_WAIT_MS = 5;
const STOP_TRIES = 1000;
const ADDRESS_MAX = 2 ** 47;

const sleep = (ms: number) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);

/** A line of /proc/PID/status. */
function statusField(pid: number, name: string): string | undefined {
  const text = readFileSync(`/proc/${pid}/status`, "utf8");
  return new RegExp(`^${name}:\\s*(.*)$`, "m").exec(text)?.[1];
}

/** What the failure to read a file of /proc/PID says about the process. */
function explain(pid: number, error: unknown): LookError {
  const code = (error as NodeJS.ErrnoException).code;
  let state: string | undefined;
  let owner: number | undefined;
  try {
    state = statusField(pid, "State");
    owner = Number(statusField(pid, "Uid")?.split(/\s+/)[0]);
  } catch {
    return new LookError(`there is no process ${pid}, or it has ended`);
  }
  if (state?.startsWith("Z")) return new LookError(`process ${pid} has ended and waits for its parent (a zombie)`);
  if (code === "EACCES" || code === "EPERM") {
    const me = process.getuid?.();
    if (owner !== me)
      return new LookError(`process ${pid} belongs to ${userName(owner)}: run this as that user, or with sudo`);
    const scope = yamaScope();
    if (scope === 1) {
      return new LookError(
        "this system lets a process be looked at only by its parent (kernel.yama.ptrace_scope = 1): use sudo, or start the program with vitrine look -- COMMAND",
      );
    }
    if (scope > 1) {
      return new LookError(
        `this system does not let processes be looked at (kernel.yama.ptrace_scope = ${scope})${scope === 2 ? ": use sudo" : ""}`,
      );
    }
    return new LookError(`process ${pid} is protected (not dumpable): only root may look`);
  }
  if (code === "ESRCH" || code === "ENOENT") return new LookError(`process ${pid} has ended`);
  return new LookError(`process ${pid} cannot be read: ${(error as Error).message}`);
}

function userName(uid: number | undefined): string {
  try {
    const line = readFileSync("/etc/passwd", "utf8")
      .split("\n")
      .find((l) => l.split(":")[2] === String(uid));
    if (line) return `${line.split(":")[0]} (uid ${uid})`;
  } catch {}
  return `uid ${uid}`;
}

function yamaScope(): number {
  try {
    return Number(readFileSync("/proc/sys/kernel/yama/ptrace_scope", "utf8"));
  } catch {
    return 0;
  }
}

/** The letter of the process's state: R, S, T, Z, … */
function stateOf(pid: number): string {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  return stat.slice(stat.lastIndexOf(")") + 2, stat.lastIndexOf(")") + 3);
}

/** Stops the process, if it is not stopped already. Returns what continues it again. */
export function stopProcess(pid: number): () => void {
  const before = stateOf(pid);
  if (before === "T" || before === "t") return () => {};
  if (before === "Z" || before === "X")
    throw new LookError(`process ${pid} has ended and waits for its parent (a zombie)`);
  let guard: ChildProcess | undefined;
  try {
    // It outlives us in a session of its own, and is told by the closing of its input that we are gone.
    guard = spawn("/bin/sh", ["-c", `trap '' INT TERM HUP; read done; [ "$done" = ok ] || kill -CONT ${pid}`], {
      stdio: ["pipe", "ignore", "ignore"],
      detached: true,
    });
    guard.on("error", () => {});
    guard.stdin!.on("error", () => {});
    guard.unref();
  } catch {}
  let stopped = true;
  const goOn = () => {
    if (!stopped) return;
    stopped = false;
    process.removeListener("exit", goOn);
    try {
      process.kill(pid, "SIGCONT");
    } catch {}
    guard?.stdin?.end("ok\n");
    // A signal that came meanwhile is told when events are next waited for, between these two: it would be lost.
    setImmediate(() => setImmediate(letGo));
  };
  const letGo = () => {
    for (const signal of signals) process.removeListener(signal, interrupted);
  };
  const interrupted = (signal: NodeJS.Signals) => {
    goOn();
    letGo();
    process.kill(process.pid, signal);
  };
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  process.on("exit", goOn);
  for (const signal of signals) process.on(signal, interrupted);
  try {
    process.kill(pid, "SIGSTOP");
    for (let i = 0; ; i++) {
      const state = stateOf(pid);
      if (state === "T" || state === "t") break;
      if (state === "Z" || state === "X" || i === STOP_TRIES)
        throw new LookError(`process ${pid} has ended, or does not stop`);
      sleep(STOP_WAIT_MS);
    }
  } catch (error) {
    goOn();
    throw error instanceof LookError ? error : explain(pid, error);
  }
  return goOn;
}

/** The lines of /proc/PID/maps or smaps. */
function parseMappings(text: string): Mapping[] {
  const mappings: Mapping[] = [];
  for (const line of text.split("\n")) {
    const head = /^([0-9a-f]+)-([0-9a-f]+) (\S+) ([0-9a-f]+) \S+ \d+\s*(.*)$/.exec(line);
    if (head) {
      const [start, end, offset] = [head[1]!, head[2]!, head[4]!].map((s) => Number.parseInt(s, 16));
      mappings.push({ start: start!, end: end!, access: head[3]!, offset: offset!, path: head[5]! });
      continue;
    }
    const field = /^(Rss|Anonymous):\s+(\d+) kB$/.exec(line);
    const last = mappings.at(-1);
    if (!field || !last) continue;
    if (field[1] === "Rss") last.resident = Number(field[2]) * 1024;
    else last.anonymous = Number(field[2]) * 1024;
  }
  // The vsyscall page lies beyond what a program can have.
  return mappings.filter((m) => m.end <= ADDRESS_MAX);
}

/** Whether the bytes of a mapping are worth having: what a program writes, and the constants of its modules. */
export function isWanted({ access, path }: Mapping): boolean {
  if (access[0] !== "r" || path.startsWith("[v")) return false;
  if (access[1] === "w") return access[3] === "p";
  return access[2] !== "x" && isModule(path);
}

/** Whether a file is a program or a library, by its name. */
export function isModule(path: string): boolean {
  return /\.so\b|\/[^/]*python[^/]*$|\/bin\//.test(path) && !path.startsWith("[");
}

/** What can be told of a process before it is stopped: its command line, and how many bytes are resident. */
function begin(pid: number): { program: string[]; expected: number } {
  if (process.platform !== "linux")
    throw new LookError("processes can be looked at on Linux only; a core or an image can be read anywhere");
  try {
    const program = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0").slice(0, -1);
    const expected = Number(readFileSync(`/proc/${pid}/statm`, "utf8").split(" ")[1]) * PAGE;
    if (stateOf(pid) === "Z") throw new LookError(`process ${pid} has ended and waits for its parent (a zombie)`);
    if (readFileSync(`/proc/${pid}/maps`, "utf8") === "")
      throw new LookError(`process ${pid} is not a program, or has ended`);
    closeSync(openSync(`/proc/${pid}/mem`, "r"));
    return { program, expected };
  } catch (error) {
    throw error instanceof LookError ? error : explain(pid, error);
  }
}

/** Reads the process with this id. `stopIt`: false to read it as it runs, with what that costs. */
export function captureProcess(pid: number, { stopIt = true }: { stopIt?: boolean } = {}): Capture {
  const { program, expected } = begin(pid);
  // What the copy goes to is there before the process stops: it waits for the copying alone.
  const spare: Uint32Array[] = [];
  for (let bytes = 0; bytes < expected * 1.1 + 16 * CHUNK; bytes += CHUNK)
    spare.push(new Uint32Array(CHUNK / 4).fill(0));
  const { capture } = whileStopped(pid, stopIt, (reader) => {
    const memory = new Memory();
    const writer = new ChunkWriter(memory, () => spare.pop() ?? new Uint32Array(CHUNK / 4));
    for (const mapping of reader.mappings) {
      if (!isWanted(mapping)) continue;
      reader.eachRun(mapping, mapping.start, mapping.end, (start, end, from) => {
        writer.write(start, end, (bytes, address) => reader.read(from, mapping, bytes, address));
      });
    }
    writer.flush();
    return { capture: reader.capture(memory, program) };
  });
  if (!stopIt)
    capture.notes.push("the process ran while it was read: what changed meanwhile is not as it was at any one time");
  return capture;
}

/**
 * Calls `work` with the process as it is now, of which only what `work` asks for is read; it is stopped all the time, and
 * nothing of its memory is there afterwards.
 */
export function withProcess<T extends { capture: Capture }>(pid: number, work: (capture: Capture) => T): T {
  const { program } = begin(pid);
  return whileStopped(pid, true, (reader) => work(reader.capture(new PagedMemory(reader, isWanted), program)));
}

/** Does what reads the process while it is stopped. */
function whileStopped<T extends { capture: Capture }>(
  pid: number,
  stopIt: boolean,
  work: (reader: ProcessReader) => T,
): T {
  const began = performance.now();
  const goOn = stopIt ? stopProcess(pid) : () => {};
  try {
    const reader = new ProcessReader(pid);
    let found: T;
    try {
      found = work(reader);
      found.capture.notes.push(...reader.notes);
    } finally {
      reader.close();
    }
    goOn();
    if (stopIt) found.capture.stopped = (performance.now() - began) / 1000;
    return found;
  } catch (error) {
    if (error instanceof LookError || error instanceof DamageError) throw error;
    throw (error as NodeJS.ErrnoException).code === undefined ? error : explain(pid, error);
  } finally {
    goOn();
  }
}

/** Reads a process that is stopped: its mappings first, since reading its memory must not count, then bytes of it. */
class ProcessReader implements PageReader {
  readonly mappings: Mapping[];
  private readonly resident: number;
  private readonly mem: number;
  private readonly files = new Map<string, number>();
  /** Of mappings of which pages are swapped out: the pages that are in memory or there. */
  private readonly swapped = new Map<Mapping, Uint8Array>();
  private swappedPages = 0;
  private unreadable = 0;

  constructor(private readonly pid: number) {
    const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, "utf8");
    this.resident = Number(/^Rss:\s+(\d+) kB$/m.exec(rollup)?.[1]) * 1024;
    this.mappings = parseMappings(readFileSync(`/proc/${pid}/smaps`, "utf8"));
    this.mem = openSync(`/proc/${pid}/mem`, "r");
    const pagemap = openSync(`/proc/${pid}/pagemap`, "r");
    for (const mapping of this.mappings) this.readPages(pagemap, mapping);
    closeSync(pagemap);
  }

  /** Reads which pages of a mapping are in memory, those left out that the kernel does not count, and which are swapped out. */
  private readPages(pagemap: number, mapping: Mapping): void {
    const size = Math.ceil((mapping.end - mapping.start) / PAGE / 8);
    const present = new Uint8Array(size);
    let all: Uint8Array | undefined;
    let count = 0;
    eachPage(pagemap, mapping, (page, flags) => {
      if (flags & IN_MEMORY) {
        count++;
        present[page >> 3]! |= 1 << (page & 7);
      }
      if (flags & SWAPPED) {
        this.swappedPages++;
        all ??= new Uint8Array(size);
        all[page >> 3]! |= 1 << (page & 7);
      }
    });
    mapping.present = present;
    if (all) {
      present.forEach((bits, i) => {
        all![i]! |= bits;
      });
      this.swapped.set(mapping, all);
    }
    const more = count - mapping.resident! / PAGE;
    if (more === count) present.fill(0);
    else if (more > 0) {
      for (const page of this.zeroPages(pagemap, mapping, more)) present[page >> 3]! &= ~(1 << (page & 7));
    }
  }

  /**
   * The pages of a mapping that are the kernel's page of zeros, `count` of them: what was read and never written. None
   * where there are more that could be, as in the child of a fork.
   */
  private zeroPages(pagemap: number, mapping: Mapping, count: number): number[] {
    const found: number[] = [];
    const bytes = new Uint8Array(PAGE);
    let asked = 0;
    eachPage(pagemap, mapping, (page, flags) => {
      // It is no file's, and no mapping's own.
      if (!(flags & IN_MEMORY) || flags & (OF_FILE | EXCLUSIVE) || ++asked > ZEROS_ASKED_MAX || found.length > count)
        return;
      this.read(this.mem, mapping, bytes, mapping.start + page * PAGE);
      if (bytes.every((byte) => byte === 0)) found.push(page);
    });
    return found.length === count && asked <= ZEROS_ASKED_MAX ? found : [];
  }

  eachRun(mapping: Mapping, start: number, end: number, run: (start: number, end: number, from: number) => void): void {
    const file = mapping.path.startsWith("/") ? openModule(this.pid, mapping, this.files) : -1;
    const all = this.swapped.get(mapping);
    const readable = all ? { start: mapping.start, present: all } : mapping;
    for (let at = start; at < end; ) {
      const first = at;
      const present = isPresent(readable, at);
      at += PAGE;
      while (at < end && isPresent(readable, at) === present) at += PAGE;
      if (present) run(first, at, this.mem);
      else if (file >= 0) run(first, at, file);
    }
  }

  read(from: number, mapping: Mapping, bytes: Uint8Array, address: number): void {
    try {
      readSync(from, bytes, 0, bytes.length, from === this.mem ? address : mapping.offset + address - mapping.start);
    } catch {
      this.unreadable += bytes.length;
    }
  }

  /** What could not be read, and what reading may have changed. */
  get notes(): string[] {
    const notes: string[] = [];
    const number = (n: number) => n.toLocaleString("en-US");
    if (this.swappedPages > 0)
      notes.push(
        `${number(this.swappedPages * PAGE)} bytes were swapped out; what of them was read is in memory again`,
      );
    if (this.unreadable > 0) notes.push(`${number(this.unreadable)} bytes could not be read`);
    return notes;
  }

  /** What is known of the process, with its memory. */
  capture(memory: Memory, program: string[]): Capture {
    return {
      memory,
      mappings: this.mappings,
      pid: this.pid,
      program,
      resident: this.resident,
      stackPointers: [],
      tasks: readdirSync(`/proc/${this.pid}/task`).length,
      notes: [],
    };
  }

  close(): void {
    closeSync(this.mem);
    for (const file of this.files.values()) if (file >= 0) closeSync(file);
  }
}

/** Opens the file of a mapping, however it can be reached; -1 where it cannot. */
function openModule(pid: number, mapping: Mapping, files: Map<string, number>): number {
  const known = files.get(mapping.path);
  if (known !== undefined) return known;
  let file = -1;
  const range = `${mapping.start.toString(16)}-${mapping.end.toString(16)}`;
  const ways = [`/proc/${pid}/map_files/${range}`];
  if (!mapping.path.endsWith(" (deleted)")) ways.push(`/proc/${pid}/root${mapping.path}`);
  try {
    if (readlinkSync(`/proc/${pid}/exe`) === mapping.path) ways.push(`/proc/${pid}/exe`);
  } catch {}
  for (const way of ways) {
    try {
      file = openSync(way, "r");
      break;
    } catch {}
  }
  files.set(mapping.path, file);
  return file;
}

// What pagemap says of a page, of the upper 32 bits.
const IN_MEMORY = 1 << 31;
const SWAPPED = 1 << 30;
const OF_FILE = 1 << 29;
const EXCLUSIVE = 1 << 24;
const ZEROS_ASKED_MAX = 4096;

/** Calls `found` with each page of a mapping that is somewhere, and its flags. */
function eachPage(pagemap: number, mapping: Mapping, found: (page: number, flags: number) => void): void {
  const pages = (mapping.end - mapping.start) / PAGE;
  const step = Math.min(pages, 1 << 16);
  const words = new Uint32Array(step * 2);
  const bytes = new Uint8Array(words.buffer);
  for (let page = 0; page < pages; page += step) {
    const wanted = Math.min(step, pages - page) * 8;
    let have = 0;
    try {
      have = readSync(pagemap, bytes, 0, wanted, (mapping.start / PAGE + page) * 8);
    } catch {}
    for (let i = 0; i < have / 8; i++) {
      const flags = words[2 * i + 1]!;
      if (flags >>> 30 !== 0) found(page + i, flags);
    }
  }
}
