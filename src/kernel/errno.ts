/**
 * Failures of system calls: errors by the names that Node uses, numbers as Linux has them, whatever the host is.
 */
import { errno, grant, waitingCall } from "../generated/constants.ts";

/** A system call that failed. */
export class SystemError extends Error {
  constructor(readonly code: keyof typeof errno) {
    super(code);
  }
}

/** A system call that needs a service which is not granted. */
class NotGranted extends Error {
  constructor(readonly number: number) {
    super("not granted");
  }
}

/** A call that has nothing to give yet, on a descriptor that blocks: the program waits, and calls again. */
export class WouldWait extends Error {
  readonly number = waitingCall.WOULD_WAIT;
}

/** A name that is not found: `code` is one of EAI_, negated. */
export class LookupFailure extends Error {
  readonly number: number;
  constructor(code: number) {
    super("look-up");
    this.number = waitingCall.LOOKUP_ERRORS + code;
  }
}

/** The service, where it is granted; otherwise the call fails with the number by which a program is told what grants it. */
export function granted<T>(service: T | undefined, name: keyof typeof grant): T {
  if (service === undefined) throw new NotGranted(grant[name]);
  return service;
}

/** A method of a service or of a file, where it is there. */
export function provided<T>(method: T | undefined): T {
  if (method === undefined) throw new SystemError("ENOSYS");
  return method;
}

/** A method of a service, where it is there. */
export const methodOf = <T extends object, K extends keyof T>(service: T, name: K) =>
  (provided(service[name]) as (...args: never) => unknown).bind(service) as NonNullable<T[K]>;

/** Whether the runtime itself has ended within the call: a service had entered it again. */
function isTrap(thrown: unknown): boolean {
  try {
    return thrown instanceof WebAssembly.RuntimeError;
  } catch {
    return false;
  }
}

/** What errors mean that Node, not a system call, has made. */
const NODE_ERRORS: readonly [code: RegExp, name: keyof typeof errno][] = [
  [/^ERR_ACCESS_DENIED$/, "EACCES"],
  [/^ERR_(INVALID_ARG|INVALID_ADDRESS|INVALID_FD_TYPE|OUT_OF_RANGE|SOCKET_BAD)|^EFTYPE$/, "EINVAL"],
  [/^ERR_(SERVER|SOCKET_DGRAM)_NOT_RUNNING$|^ERR_(INVALID_FD|SOCKET_CLOSED)/, "EBADF"],
  [/^ERR_STREAM_(DESTROYED|WRITE_AFTER_END)$|^EOF$/, "EPIPE"],
  [/^ERR_(BUFFER_TOO_LARGE|MEMORY_ALLOCATION_FAILED|STRING_TOO_LONG|WORKER_OUT_OF_MEMORY)$/, "ENOMEM"],
  [/^ERR_FS_FILE_TOO_LARGE$/, "EFBIG"],
  [/^ERR_WORKER_INIT_FAILED$/, "EAGAIN"],
  [/^ECHARSET$/, "EILSEQ"],
];

/** The name of whatever was thrown; EIO for what has no name here, or throws when it is looked at. */
export function errorName(thrown: unknown): keyof typeof errno {
  try {
    const { code, message } = (thrown ?? {}) as { code?: unknown; message?: unknown };
    if (typeof code === "string") {
      if (Object.hasOwn(errno, code)) return code as keyof typeof errno;
      return NODE_ERRORS.find(([known]) => known.test(code))?.[1] ?? "EIO";
    }
    // What there is no memory for, or cannot be copied to another thread for want of it, has no code.
    return /allocation failed|could not be cloned: out of memory/i.test(String(message)) ? "ENOMEM" : "EIO";
  } catch {
    return "EIO";
  }
}

/** The number of whatever was thrown. The end of the runtime is no failure of the call: it is thrown on. */
export function errorNumber(thrown: unknown): number {
  if (isTrap(thrown)) throw thrown;
  try {
    if (thrown instanceof NotGranted || thrown instanceof WouldWait || thrown instanceof LookupFailure)
      return thrown.number;
  } catch {
    return errno.EIO;
  }
  return errno[errorName(thrown)];
}
