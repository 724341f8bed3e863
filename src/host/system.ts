/**
 * The host's half of the system calls (assembly/host.ts, spec/syscalls.txt): from numbers and addresses to services and
 * bytes. Knows no Node.
 */
import { errno, errorNumber, SystemError } from "./errno.ts";
import { floatToText, textToFloat } from "./floattext.ts";
import type { Services } from "./services.ts";

const MODES = ["exec", "eval", "single"] as const;
// Descriptions of the standard streams: a character device, readable and writable.
const CHARACTER_DEVICE = 0o020600;
const FILE_TYPE = 0o170000;
const REGULAR_FILE = 0o100000;

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

/** The imports under "host" of one instance of the runtime. */
export function systemCalls(memory: WebAssembly.Memory, services: Services): Record<string, WebAssembly.ImportValue> {
  const { streams = {}, files, clock, entropy, compile } = services;
  let compiled: Uint8Array = new Uint8Array(0);

  const bytes = (p: number, n: number) => new Uint8Array(memory.buffer, p, n);
  /** Runs a call; what it throws becomes a negative error number. */
  const guard = (call: () => number): number => {
    try {
      return call();
    } catch (thrown) {
      return -errorNumber(thrown);
    }
  };
  const granted = <T>(service: T | undefined): T => {
    if (service === undefined) throw new SystemError("EPERM");
    return service;
  };
  /** The contents of a file; null where it cannot be read. */
  const contents = (path: Uint8Array): Uint8Array | null => {
    try {
      const { mode, size } = granted(files).describePath(path);
      if ((mode & FILE_TYPE) !== REGULAR_FILE) return null;
      const fd = granted(files).open(path, 0, 0);
      const whole = new Uint8Array(size);
      try {
        let at = 0;
        while (at < size) {
          const n = granted(files).read(fd, whole.subarray(at));
          if (n === 0) break;
          at += n;
        }
        return whole.subarray(0, at);
      } finally {
        granted(files).close(fd);
      }
    } catch {
      return null;
    }
  };
  const describe = (out: number, mode: number, blockSize: number, size: number, modified: number) => {
    const view = new DataView(memory.buffer, out, 24);
    view.setUint32(0, mode, true);
    view.setUint32(4, blockSize, true);
    view.setBigInt64(8, BigInt(size), true);
    view.setFloat64(16, modified, true);
    return 0;
  };

  return {
    float_to_text(value: number, code: number, precision: number, flags: number, buffer: number, size: number) {
      const text = floatToText(value, String.fromCharCode(code), precision, flags);
      if (text.length <= size) {
        const to = bytes(buffer, text.length);
        for (let i = 0; i < text.length; i++) to[i] = text.charCodeAt(i);
      }
      return text.length;
    },
    float_from_text(p: number, n: number) {
      return textToFloat(bytes(p, n));
    },
    sys_write: (fd: number, p: number, n: number) =>
      guard(() => {
        if (fd === 1 || fd === 2) return granted(streams.output).call(streams, fd, bytes(p, n));
        if (fd === 0) throw new SystemError("EBADF");
        return granted(files).write(fd, bytes(p, n));
      }),
    sys_read: (fd: number, p: number, n: number) =>
      guard(() => {
        if (fd === 0) return streams.input === undefined ? 0 : streams.input(bytes(p, n));
        if (fd <= 2) throw new SystemError("EBADF");
        return granted(files).read(fd, bytes(p, n));
      }),
    sys_open: (path: number, length: number, flags: number, mode: number) =>
      guard(() => granted(files).open(bytes(path, length).slice(), flags, mode)),
    sys_close: (fd: number) =>
      guard(() => {
        if (fd > 2) granted(files).close(fd);
        return 0;
      }),
    sys_lseek: (fd: number, offset: bigint, whence: number) =>
      BigInt(
        guard(() => {
          if (fd <= 2) throw new SystemError("ESPIPE");
          return granted(files).seek(fd, Number(offset), whence);
        }),
      ),
    sys_ftruncate: (fd: number, length: bigint) =>
      guard(() => {
        if (fd <= 2) throw new SystemError("EINVAL");
        granted(files).truncate(fd, Number(length));
        return 0;
      }),
    sys_fstat: (fd: number, out: number) =>
      guard(() => {
        if (fd <= 2) return describe(out, CHARACTER_DEVICE, 1024, 0, 0);
        const status = granted(files).describe(fd);
        return describe(out, status.mode, status.blockSize, status.size, status.modified);
      }),
    sys_stat: (path: number, length: number, out: number) =>
      guard(() => {
        const status = granted(files).describePath(bytes(path, length).slice());
        return describe(out, status.mode, status.blockSize, status.size, status.modified);
      }),
    sys_isatty: (fd: number) => (fd <= 2 && streams.isTerminal?.(fd) ? 1 : 0),
    sys_time: () => clock?.time() ?? -1,
    sys_perf_counter: () => clock?.performance() ?? -1,
    sys_random: (p: number, n: number) =>
      guard(() => {
        const fill = granted(entropy);
        // Random sources refuse shared memory.
        const random = new Uint8Array(n);
        fill(random);
        bytes(p, n).set(random);
        return n;
      }),
    sys_compile(
      source: number,
      sourceLength: number,
      filename: number,
      filenameLength: number,
      mode: number,
      flags: number,
      optimize: number,
      memory: number,
      maxStrDigits: number,
    ) {
      const wanted = MODES[mode];
      if (wanted === undefined) return -errno.EINVAL;
      const name = bytes(filename, filenameLength).slice();
      const text = bytes(source, sourceLength).slice();
      const limits = { memory: compilerMemory(memory >>> 0), maxStrDigits };
      compiled = compile(text, name, wanted, flags, optimize, () => contents(name), limits);
      return compiled.length;
    },
    sys_take(p: number, n: number) {
      const taken = Math.min(n, compiled.length);
      bytes(p, taken).set(compiled.subarray(0, taken));
      compiled = new Uint8Array(0);
      return taken;
    },
  };
}
