// The environment's variables, for modules that look at one of them.

import { host } from "../generated/host";
import { PyMem_RawFree } from "../memory/pymem";
import { PyUnicode_DecodeFSDefaultAndSize } from "../objects/text/codecs/filesystem";
import { cstringLength } from "../objects/text/create";
import { Scratch } from "../thread/scratch";

/** What the block of NAME=VALUE texts has for a name, where that is not empty: a new str; null without, or with MemoryError. */
export function variableOf(block: usize, end: usize, name: string): usize {
  for (let p = block; p < end; p += <usize>cstringLength(p) + 1) {
    let i = 0;
    while (i < name.length && load<u8>(p + i) == name.charCodeAt(i)) i++;
    if (i < name.length || load<u8>(p + i) != 0x3d) continue;
    const value = p + i + 1;
    return load<u8>(value) == 0 ? 0 : PyUnicode_DecodeFSDefaultAndSize(value, cstringLength(value));
  }
  return 0;
}

/** A variable of the environment that is not empty: a new str; null where there is none, or with MemoryError. */
export function environmentVariable(name: string): usize {
  const slot = Scratch.take(1);
  const n = host.environment(slot);
  const block: usize = load<u32>(slot);
  Scratch.give(slot);
  if (n < 0) return 0;
  const r = variableOf(block, block + <usize>n, name);
  PyMem_RawFree(block);
  return r;
}
