/**
 * Error numbers of Linux, which the runtime speaks whatever the host is, by the names that Node uses.
 */
export const errno = {
  EPERM: 1,
  ENOENT: 2,
  EINTR: 4,
  EIO: 5,
  EBADF: 9,
  EAGAIN: 11,
  ENOMEM: 12,
  EACCES: 13,
  EEXIST: 17,
  ENOTDIR: 20,
  EISDIR: 21,
  EINVAL: 22,
  EMFILE: 24,
  EFBIG: 27,
  ENOSPC: 28,
  ESPIPE: 29,
  EROFS: 30,
  EPIPE: 32,
  ENAMETOOLONG: 36,
  ENOSYS: 38,
  ENOTEMPTY: 39,
  ELOOP: 40,
} as const;

/** A system call that failed. */
export class SystemError extends Error {
  constructor(readonly code: keyof typeof errno) {
    super(code);
  }
}

/** The number of whatever a service threw; EIO for what has no name here. */
export function errorNumber(thrown: unknown): number {
  const code = (thrown as { code?: string }).code;
  return code !== undefined && Object.hasOwn(errno, code) ? errno[code as keyof typeof errno] : errno.EIO;
}
