/** What the command and the library show of a process of ours. */
import { inspect } from "../inspect/findings.ts";
import { memorySource } from "../inspect/source/memory.ts";
import { page } from "./page.ts";
import { type ReportOptions, report } from "./report.ts";

export { saveImage } from "../inspect/source/saved.ts";

/** The report on the process that lives in `memory`. `program`: its command line. */
export function heapReport(memory: ArrayBufferLike, program: readonly string[], options: ReportOptions): string {
  return report(inspect(memorySource(memory), program), options);
}

/** The same as a page that stands by itself: HTML. */
export function heapPage(memory: ArrayBufferLike): string {
  return page(inspect(memorySource(memory), ["<interpreter>"]));
}
