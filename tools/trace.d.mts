// Types of trace.mjs.
import type { Heap } from "./heap-module.mjs";

export class TraceError extends Error {}
export function readTrace(file: string): string;
export function checkTrace(trace: string): string;
export function inferGeometry(trace: string): "classic" | "radix";
export function replayTrace(trace: string, heap: Heap): string[];
export function eventsOf(trace: string): { bytes: Uint8Array; slots: number };
