/**
 * What reads a heap: of an interpreter of ours, of a live CPython (Linux, x86-64), of a core or of a saved image.
 *
 *     const { ledger, answer } = look(pid);
 *     ledger.parts;        // what each resident byte is for; they add up
 *     answer.pinned;       // what holds arenas that are mostly free, and what would be returned if it went
 *     answer.retained;     // what retains most, with the way to it
 *
 *     statistics(pid)      // ledger and heap alone, in less than a second a gigabyte, and with less than 100 MB
 */
export type { Answer, Held, Pinned, Retained } from "./answer.ts";
export { type About, type Findings, inspect } from "./findings.ts";
export type { Ledger, Part } from "./heap/ledger.ts";
export { type Looked, look, lookAt, type Statistics, statistics } from "./look.ts";
export type { Capture } from "./source/capture.ts";
export { saveCapture } from "./source/image.ts";
export { memorySource } from "./source/memory.ts";
export { captureProcess, LookError } from "./source/process.ts";
export { saveImage } from "./source/saved.ts";
export { type Survey, survey, type Total } from "./survey.ts";
