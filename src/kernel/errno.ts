/**
 * Failures of system calls: errors by the names that Node uses, numbers as Linux has them, whatever the host is.
 */
import { errno } from "../generated/constants.ts";

/** A system call that failed. */
export class SystemError extends Error {
  constructor(readonly code: keyof typeof errno) {
    super(code);
  }
}

/** The number of whatever was thrown; EIO for what has no name here, or throws when it is looked at. */
export function errorNumber(thrown: unknown): number {
  try {
    const code = (thrown as { code?: unknown } | null | undefined)?.code;
    return typeof code === "string" && Object.hasOwn(errno, code) ? errno[code as keyof typeof errno] : errno.EIO;
  } catch {
    return errno.EIO;
  }
}
