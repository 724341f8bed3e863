/**
 * The system calls of spec/syscalls.txt, served from what the host grants. Knows no Node.
 */
import { characterName, charactersNamed } from "../compiler/text/unicode/names.ts";
import { CompileMode, fileType } from "../generated/constants.ts";
import { charsetBlock } from "./charset.ts";
import { coderCalls } from "./coders/table.ts";
import { Descriptors } from "./descriptors.ts";
import { granted, SystemError } from "./errno.ts";
import { CurrentDirectory, fileCalls } from "./files.ts";
import { floatToText, textToFloat } from "./floattext.ts";
import type { SystemCalls } from "./generated/dispatch.ts";
import { withLibrary } from "./library.ts";
import { outsideCalls } from "./outside.ts";
import { clockCalls, processCalls } from "./process.ts";
import type { Files, Services } from "./services.ts";
import { unicodeDatabase } from "./unicodedata.ts";

const MODES = {
  [CompileMode.exec]: "exec",
  [CompileMode.eval]: "eval",
  [CompileMode.single]: "single",
  [CompileMode.func_type]: "func_type",
} as const;

/**
 * What the compiler may take of the host's memory, which is not the process's: as much as the process itself may have, but
 * enough for sources of a usual size where that is little, and an amount that any host has where there is no limit.
 */
const COMPILER_MEMORY_LEAST = 32 << 20;
const COMPILER_MEMORY_MOST = 1 << 30;

export function compilerMemory(processLimit: number): number {
  if (processLimit === 0) return COMPILER_MEMORY_MOST;
  return Math.min(Math.max(processLimit, COMPILER_MEMORY_LEAST), COMPILER_MEMORY_MOST);
}

/** The contents of a regular file; null where it cannot be read. */
function contents(files: Files | undefined, path: Uint8Array): Uint8Array | null {
  if (files === undefined) return null;
  try {
    const { mode, size } = files.describePath(path);
    if ((mode & fileType.S_IFMT) !== fileType.S_IFREG) return null;
    const file = files.open(path, 0, 0);
    const whole = new Uint8Array(Number(size));
    try {
      let at = 0;
      while (at < whole.length) {
        const n = file.read(whole.subarray(at));
        if (n === 0) break;
        at += n;
      }
      return whole.subarray(0, at);
    } finally {
      file.close();
    }
  } catch {
    return null;
  }
}

/** The names in any of several types. */
type KeyOf<T> = T extends unknown ? keyof T : never;

/** The system calls of one process. Bytes are copied where they go to who may keep them or refuses shared memory. */
export function systemCalls(services: Services): SystemCalls {
  const { streams = {}, entropy, compile, tokenize, library, embedder } = services;
  const files = library === undefined ? services.files : withLibrary(services.files, library);
  const descriptors = new Descriptors({ streams, files, outside: services.outside }, services.table);
  const process = processCalls(services);
  const current = new CurrentDirectory(files);
  const parts = [
    fileCalls(files, current, descriptors, process.permitted),
    process.calls,
    outsideCalls(services, descriptors, current, process.variables),
    clockCalls(services, process.variable),
    coderCalls(),
  ] as const;
  const own: Omit<SystemCalls, KeyOf<(typeof parts)[number]>> = {
    random(into) {
      const fill = granted(entropy, "GRANT_ENTROPY");
      const bytes = new Uint8Array(into.length);
      fill(bytes);
      into.set(bytes);
      return bytes.length;
    },
    compile(source, filename, mode, flags, optimize, version, limit, maxStrDigits, fatal) {
      if (!Object.hasOwn(MODES, mode)) throw new SystemError("EINVAL");
      const name = filename.slice();
      const wanted = MODES[mode as CompileMode];
      const limits = { memory: compilerMemory(limit), maxStrDigits };
      const asked = { featureVersion: version < 0 ? undefined : version, fatal: fatal < 0 ? undefined : fatal };
      return compile(source.slice(), name, wanted, flags, optimize, () => contents(files, name), limits, asked);
    },
    tokenize(lines, position, skip, flags) {
      if (tokenize === undefined) throw new SystemError("EPERM");
      return tokenize(lines.slice(), position.slice(), skip, flags);
    },
    logClock: () => services.heapLog?.clock() ?? 0,
    logHeap(events) {
      services.heapLog?.write(events.slice());
    },
    logGil: (event, thread, waiting) => services.gilLog?.note(event, thread, waiting),
    frozen(name) {
      if (library === undefined) throw new SystemError("EPERM");
      const module = library.frozen(new TextDecoder().decode(name.slice()));
      if (module === undefined) throw new SystemError("ENOENT");
      return module;
    },
    compiled: (code) => library?.compiled(code) ?? false,
    floatToText(value, code, precision, flags, into) {
      const text = floatToText(value, String.fromCharCode(code), precision, flags);
      if (text.length <= into.length) for (let i = 0; i < text.length; i++) into[i] = text.charCodeAt(i);
      return text.length;
    },
    floatFromText: textToFloat,
    characterName(code, into) {
      const name = new TextEncoder().encode(characterName(code));
      into.set(name);
      return name.length;
    },
    charactersNamed(name, others, into) {
      const codes = charactersNamed(new TextDecoder("latin1").decode(name.slice()), others !== 0);
      const view = new DataView(into.buffer, into.byteOffset, into.byteLength);
      codes.forEach((code, i) => {
        view.setUint32(4 * i, code, true);
      });
      return 4 * codes.length;
    },
    unicodeDatabase,
    wanted: () => embedder?.wanted() ?? 0,
    callFunction: (number, argv, count, names) => embedder?.callFunction(number, argv, count, names) ?? 0,
    moreLevels: (taken) => services.moreLevels?.(taken) ?? 0,
    dropFunction: (number) => embedder?.dropFunction(number) ?? 0,
    charset(name) {
      if (library === undefined) throw new SystemError("EPERM");
      const block = charsetBlock(new TextDecoder().decode(name.slice()), library);
      if (block === undefined) throw new SystemError("ENOENT");
      return block;
    },
  };
  // Spread in a literal, the parts would take an engine many times as long, at each start.
  return Object.assign(own, ...parts);
}
