/**
 * Failures of system calls: errors by the names that Node uses, numbers as Linux has them, whatever the host is.
 */
import { errno, grant } from "../generated/constants.ts";

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

/** The service, where it is granted; otherwise the call fails with the number by which a program is told what grants it. */
export function granted<T>(service: T | undefined, name: keyof typeof grant): T {
  if (service === undefined) throw new NotGranted(grant[name]);
  return service;
}

/** The number of whatever was thrown; EIO for what has no name here, or throws when it is looked at. */
export function errorNumber(thrown: unknown): number {
  try {
    if (thrown instanceof NotGranted) return thrown.number;
    const code = (thrown as { code?: unknown } | null | undefined)?.code;
    return typeof code === "string" && Object.hasOwn(errno, code) ? errno[code as keyof typeof errno] : errno.EIO;
  } catch {
    return errno.EIO;
  }
}
