/**
 * What the package exports, in Node and in browsers.
 */
import { hostRequest } from "../generated/constants.ts";
import { request } from "./core.ts";
import { Interpreter } from "./interpreter.ts";
import { PythonAwaitable, PythonObject } from "./object.ts";
import { InterpreterPool } from "./pool.ts";
import { RemoteAwaitable, RemoteInterpreter, RemoteObject } from "./remote.ts";

export type { Survey, Total } from "../inspect/survey.ts";
export type {
  Clock,
  DirectoryEntry,
  FileStatus,
  FileSystemStatus,
  Files,
  LocalZone,
  OpenFile,
} from "../kernel/services.ts";
export type { Geometry } from "../process/allocator.ts";
export { InterpreterError, type Limit, LimitError, PythonError, SnapshotError, StartError } from "../process/errors.ts";
export { awaitable } from "./awaitable.ts";
export type { LoadOptions } from "./host.ts";
export type { PythonValue } from "./object.ts";
export type { CallOptions, HostFunction, InterpreterOptions, RunOptions } from "./options.ts";
export type { PoolOptions } from "./pool.ts";
export type { RemoteValue, StartOptions } from "./remote.ts";

/**
 * Raises KeyboardInterrupt in the program that runs in a memory, from whichever thread: `python.memory` of an interpreter that
 * was made with `shared: true`, as it was posted there.
 */
export function interrupt({ buffer }: { readonly buffer: ArrayBufferLike }): void {
  request(buffer, hostRequest.HOST_REQUEST_INTERRUPT);
}

const classes = {
  Interpreter,
  InterpreterPool,
  PythonAwaitable,
  PythonObject,
  RemoteAwaitable,
  RemoteInterpreter,
  RemoteObject,
};
// Bundles shorten the names of classes, which people see where values are printed.
for (const [name, type] of Object.entries(classes)) Object.defineProperty(type, "name", { value: name });

export {
  Interpreter,
  InterpreterPool,
  PythonAwaitable,
  PythonObject,
  RemoteAwaitable,
  RemoteInterpreter,
  RemoteObject,
};
