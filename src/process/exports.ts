/**
 * What the runtime's module exports (assembly/index.ts), as its host calls it.
 */

/** What assembly/index.ts exports; addresses and references are numbers. */
export interface RuntimeExports {
  initialize(limit: number, geometry: number, flags: number, seed: bigint, seed1: bigint, depth: number): number;
  finalize(): number;
  endProgram(): void;
  resume(limit: number, seed: bigint, seed1: bigint, depth: number, objects: number, count: number): number;
  configure(config: number, length: number): number;
  preloadSite(): number;
  openStreams(): number;
  attach(): void;
  runThread(thread: number, depth: number): void;
  connectErrors(statistics: number): void;
  reportArenas(): void;
  reportFault(): void;
  startTracing(frames: number): number;
  startHeapLog(): void;
  startGilLog(): void;
  dropGil(): void;
  retakeGil(): void;
  endHeapLog(): void;
  prepareMain(): number;
  main(): number;
  runMain(source: number, n: number, name: number, nameLength: number, text: number): number;
  runSource(source: number, n: number, name: number, nameLength: number, mode: number, text: number): number;
  probeStack(frames: number, wide: number): number;
  probesLeft(): number;
  enterLevels(frames: number, levels: number): number;
  leaveLevels(before: number): void;
  flushStreams(): number;
  takeException(): number;
  reprOf(object: number): number;
  release(object: number): void;
  retain(object: number): void;
  awaitObject(object: number): number;
  buildValue(words: number, size: number): number;
  callObject(callable: number, list: number): number;
  callWords(callable: number, n: number): number;
  getAttribute(object: number, name: number): number;
  setAttribute(object: number, name: number, value: number): number;
  getItem(object: number, key: number): number;
  setItem(object: number, key: number, value: number): number;
  sizeOf(object: number): number;
  iterate(object: number): number;
  nextItem(iterator: number): number;
  hasFailed(): number;
  mainDict(): number;
  newConstant(which: number): number;
  newNumber(value: number): number;
  newText(units: number, n: number): number;
  raiseError(name: number, nameUnits: number, message: number, messageUnits: number, number: number): void;
  PyMem_RawMalloc(n: number): number;
  PyMem_RawFree(p: number): void;
  PyMarshal_ReadObjectFromString(p: number, n: number, allowCode: number): number;
  getallocatedblocks(): number;
  checkHeap(): number;
  checkMalloc(): number;
  checkPages(): number;
  setMemoryLimit(bytes: number): void;
  setAllocationFailure(countdown: bigint): void;
  allocationsToFailure(): bigint;
  setAllocationFailureMode(n: bigint, mode: number): void;
}
