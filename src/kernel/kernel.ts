/**
 * The system calls of spec/syscalls.txt, served from what the host grants. Knows no Node.
 */
import { CompileMode, fileType } from "../generated/constants.ts";
import { Descriptors } from "./descriptors.ts";
import { SystemError } from "./errno.ts";
import { floatToText, textToFloat } from "./floattext.ts";
import type { SystemCalls } from "./generated/dispatch.ts";
import { withLibrary } from "./library.ts";
import type { Files, Services } from "./services.ts";

const MODES = { [CompileMode.exec]: "exec", [CompileMode.eval]: "eval", [CompileMode.single]: "single" } as const;

/**
 * What the compiler may take of the host's memory, which is not the process's: as much as the process itself may have, but
 * enough for sources of a usual size where that is little, and an amount that any host has where there is no limit.
 */
const COMPILER_MEMORY_LEAST = 32 << 20;
const COMPILER_MEMORY_MOST = 1 << 30;

function compilerMemory(processLimit: number): number {
  if (processLimit === 0) return COMPILER_MEMORY_MOST;
  return Math.min(Math.max(processLimit, COMPILER_MEMORY_LEAST), COMPILER_MEMORY_MOST);
}

/** The service, where it is granted. */
function granted<T>(service: T | undefined): T {
  if (service === undefined) throw new SystemError("EPERM");
  return service;
}

/** An offset in a file as a number; `code` where it is beyond all files. */
function offsetNumber(offset: bigint, code: "EINVAL" | "EFBIG"): number {
  const n = Number(offset);
  if (!Number.isSafeInteger(n)) throw new SystemError(code);
  return n;
}

/** The contents of a regular file; null where it cannot be read. */
function contents(files: Files | undefined, path: Uint8Array): Uint8Array | null {
  if (files === undefined) return null;
  try {
    const { mode, size } = files.describePath(path);
    if ((mode & fileType.S_IFMT) !== fileType.S_IFREG) return null;
    const file = files.open(path, 0, 0);
    const whole = new Uint8Array(size);
    try {
      let at = 0;
      while (at < size) {
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

/** The system calls of one process. Bytes are copied where they go to who may keep them or refuses shared memory. */
export function systemCalls(services: Services): SystemCalls {
  const { streams = {}, clock, entropy, compile, library } = services;
  const files = library === undefined ? services.files : withLibrary(services.files, library);
  const descriptors = new Descriptors(streams);
  return {
    write: (fd, data) => descriptors.get(fd).write(data),
    read: (fd, into) => descriptors.get(fd).read(into),
    open: (path, flags, mode) => descriptors.open(() => granted(files).open(path.slice(), flags, mode)),
    close: (fd) => descriptors.close(fd),
    lseek: (fd, offset, whence) => BigInt(descriptors.get(fd).seek(offsetNumber(offset, "EINVAL"), whence)),
    ftruncate: (fd, size) => descriptors.get(fd).truncate(offsetNumber(size, "EFBIG")),
    fstat: (fd) => descriptors.get(fd).describe(),
    stat: (path) => granted(files).describePath(path.slice()),
    isatty: (fd) => descriptors.get(fd).isTerminal?.() ?? false,
    time: () => granted(clock).time(),
    monotonic: () => granted(clock).performance(),
    random(into) {
      const fill = granted(entropy);
      const bytes = new Uint8Array(into.length);
      fill(bytes);
      into.set(bytes);
      return bytes.length;
    },
    compile(source, filename, mode, flags, optimize, limit, maxStrDigits) {
      if (!Object.hasOwn(MODES, mode)) throw new SystemError("EINVAL");
      const name = filename.slice();
      const wanted = MODES[mode as CompileMode];
      const limits = { memory: compilerMemory(limit), maxStrDigits };
      return compile(source.slice(), name, wanted, flags, optimize, () => contents(files, name), limits);
    },
    frozen(name) {
      const module = granted(library).frozen(new TextDecoder().decode(name));
      if (module === undefined) throw new SystemError("ENOENT");
      return module;
    },
    floatToText(value, code, precision, flags, into) {
      const text = floatToText(value, String.fromCharCode(code), precision, flags);
      if (text.length <= into.length) for (let i = 0; i < text.length; i++) into[i] = text.charCodeAt(i);
      return text.length;
    },
    floatFromText: textToFloat,
  };
}
