/**
 * The static memory of a process's modules: what their files have of it, and what follows these without a file (.bss).
 *
 * The kernel joins what a program maps right behind a module with its .bss: where that ends, the module's own program
 * headers say, which lie at its beginning. What begins there, arenas often, is not the module's.
 */
import type { Mapping } from "../source/capture.ts";
import { PAGE } from "../source/capture.ts";
import type { Memory } from "../source/memory.ts";
import { isModule } from "../source/process.ts";

const MAGIC = 0x464c457f;
const PT_LOAD = 1;
const ET_EXEC = 2;
const HEADERS_MAX = 64;

/** The mappings that hold modules' static data, cut to it. */
export function staticMappings(memory: Memory, mappings: readonly Mapping[]): Mapping[] {
  const found: Mapping[] = [];
  mappings.forEach((m, i) => {
    if (m.access[1] !== "w" || m.access[3] !== "p") return;
    if (m.path.startsWith("/")) {
      if (isModule(m.path)) found.push(m);
      return;
    }
    const before = mappings[i - 1];
    if (m.path !== "" || before?.end !== m.start || !isModule(before.path)) return;
    const end = Math.min(m.end, endOf(memory, mappings, i - 1) ?? m.end);
    if (end > m.start) found.push({ ...m, end });
  });
  // A core without names: anything that is written may be static data.
  return found.length > 0 ? found : mappings.filter((m) => m.access.startsWith("rw") && m.path === "");
}

/** Where the memory of the module that mapping `last` is of ends; undefined where its headers cannot be read. */
function endOf(memory: Memory, mappings: readonly Mapping[], last: number): number | undefined {
  const { path } = mappings[last]!;
  let first = last;
  while (mappings[first]!.offset !== 0 && mappings[first - 1]?.path === path) first--;
  const base = mappings[first]!.start;
  if (mappings[first]!.offset !== 0 || memory.u32(base) !== MAGIC) return undefined;
  const count = memory.u16(base + 56);
  if (count > HEADERS_MAX || memory.u16(base + 54) !== 56) return undefined;
  const bias = memory.u16(base + 16) === ET_EXEC ? 0 : base;
  let end: number | undefined;
  for (let at = base + memory.u64(base + 32), i = 0; i < count; i++, at += 56) {
    if (memory.u32(at) !== PT_LOAD) continue;
    const past = bias + memory.u64(at + 16) + memory.u64(at + 40);
    if (end === undefined || past > end) end = past;
  }
  return end === undefined ? undefined : Math.ceil(end / PAGE) * PAGE;
}
