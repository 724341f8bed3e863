/**
 * What the package exports, in Node and in browsers.
 */
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
export { Interpreter } from "./interpreter.ts";
export { PythonAwaitable, PythonObject, type PythonValue } from "./object.ts";
export type { CallOptions, HostFunction, InterpreterOptions, RunOptions } from "./options.ts";
export { InterpreterPool, type PoolOptions } from "./pool.ts";
export { RemoteAwaitable, RemoteInterpreter, RemoteObject, type RemoteValue, type StartOptions } from "./remote.ts";
