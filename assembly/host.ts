// What the host provides: the text of floats, correctly rounded both ways, which JavaScript's engine has anyway, and the
// system calls. The host's half is src/host.

/**
 * Writes `value` as ASCII to `buffer`, of `size` bytes, and returns its length; where that is greater than `size`,
 * nothing is written. Semantics of CPython's PyOS_double_to_string: `code` is one of the characters e E f F g G r
 * ("r" is the shortest text that reads back as the same value, and takes precision 0); `flags`: 1 sign always, 2 ".0"
 * where the text would look like an int, 4 alternate form (always a point, no stripping of zeros for g), 8 no sign of a
 * negative zero. Infinities and not-a-number are "inf" and "nan" (capitals for E F G).
 */
export declare function float_to_text(
  value: f64,
  code: i32,
  precision: i32,
  flags: i32,
  buffer: usize,
  size: usize,
): isize;

/**
 * The float nearest to the decimal number in the `length` ASCII bytes at `text`: [sign] digits [. digits] [e [sign]
 * digits], at least one digit before the exponent. Infinite where it is out of range.
 */
export declare function float_from_text(text: usize, length: usize): f64;

// The system calls, listed in spec/syscalls.txt: what a kernel provides. Each returns a result that is not negative, or
// an error number of Linux (objects/errors/errno.ts) negated. A service that was not granted fails with EPERM. Whoever makes
// a call counts it (countSystemCall in os/machine.ts).

/** Writes up to `n` bytes to a descriptor; how many were written. */
export declare function sys_write(fd: i32, p: usize, n: usize): isize;

/** Reads up to `n` bytes; how many were read, 0 at the end. */
export declare function sys_read(fd: i32, p: usize, n: usize): isize;

/** Opens the file whose path is the `length` bytes at `path`; a descriptor. `flags`: Linux's O_*. */
export declare function sys_open(path: usize, length: usize, flags: i32, mode: i32): isize;

export declare function sys_close(fd: i32): isize;

/** Moves a descriptor's position: `whence` 0 from the start, 1 from here, 2 from the end; the new position. */
export declare function sys_lseek(fd: i32, offset: i64, whence: i32): i64;

/** Sets the length of a file. */
export declare function sys_ftruncate(fd: i32, length: i64): isize;

/** Describes an open file in the 32 bytes at `out`: mode u32 at 0, block size u32 at 4, size i64 at 8, mtime f64 at 16. */
export declare function sys_fstat(fd: i32, out: usize): isize;

/** Describes the file at a path, as sys_fstat. */
export declare function sys_stat(path: usize, length: usize, out: usize): isize;

/** 1 where the descriptor is a terminal, 0 where it is not. */
export declare function sys_isatty(fd: i32): isize;

/** Seconds since 1970; negative where there is no clock. */
export declare function sys_time(): f64;

/** Seconds of a clock that only goes forward; negative where there is no clock. */
export declare function sys_perf_counter(): f64;

/** Fills `n` bytes at random. */
export declare function sys_random(p: usize, n: usize): isize;

/**
 * Compiles source text (UTF-8 where `flags` has PyCF_IGNORE_COOKIE, otherwise in the encoding that it declares).
 * `mode`: 0 exec, 1 eval, 2 single. The result is the length of a marshalled tuple, which sys_take then copies:
 * ("ok", CODE, WARNINGS) or (EXCEPTION_NAME, ARGUMENTS, WARNINGS), each warning (category, message, filename, lineno).
 * `memory`: the process's limit in bytes, 0 for none, by which the host bounds what it takes itself: beyond that the answer
 * is a MemoryError. `maxDigits`: how many digits a decimal literal may have, 0 for any number.
 */
export declare function sys_compile(
  source: usize,
  sourceLength: usize,
  filename: usize,
  filenameLength: usize,
  mode: i32,
  flags: i32,
  optimize: i32,
  memory: usize,
  maxDigits: i32,
): isize;

/** Copies the result of the last sys_compile to `n` bytes at `p`; the host forgets it. */
export declare function sys_take(p: usize, n: usize): isize;
