/**
 * What an embedder may catch. Names are set here, because bundles shorten those of classes.
 */

/** Gives a class, and its instances, their name. */
function named<T extends { prototype: Error }>(type: T, name: string): T {
  Object.defineProperty(type, "name", { value: name, configurable: true });
  Object.defineProperty(type.prototype, "name", { value: name, configurable: true, writable: true });
  return type;
}

/** An exception that the program did not catch; thrown in a function of the host, it is raised in the program. */
export class PythonError extends Error {
  constructor(
    /** The exception's class: "ZeroDivisionError", "json.decoder.JSONDecodeError". */
    readonly type: string,
    /** str() of it. */
    message = "",
    /** What python3 would print. */
    readonly traceback = `${type}${message && ": "}${message}\n`,
    /** What a function of the host has thrown, where the exception comes from that. */
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}
named(PythonError, "PythonError");

/** Which limits of the host's there are, besides memory, whose crossing is a MemoryError of the program. */
export type Limit = "time" | "output" | "values";

/** The program has crossed a limit. The interpreter goes on. */
export class LimitError extends PythonError {
  constructor(
    readonly limit: Limit,
    type: string,
    message: string,
    traceback?: string,
  ) {
    super(type, message, traceback);
  }
}
named(LimitError, "LimitError");

/** The interpreter cannot be used so: it was disposed of or stopped, or is at something that does not let others in. */
export class InterpreterError extends Error {}
named(InterpreterError, "InterpreterError");

/** A snapshot that this build cannot read. */
export class SnapshotError extends Error {}
named(SnapshotError, "SnapshotError");

/** The runtime could not be started; the message is empty where the runtime has said why. */
export class StartError extends Error {}
named(StartError, "StartError");
