// An ELF core with the mappings of a process that was read, as the kernel writes it: a segment each, of which pages of
// zeros at the end are left out, and the names of files and the threads in notes.

import { type Capture, type Mapping, PAGE } from "../../src/inspect/source/capture.ts";

const HEADER = 64;
const SEGMENT = 56;

/** A run of bytes of a file that is one structure. */
export interface Part {
  name: string;
  from: number;
  to: number;
}

const pages = (bytes: number) => Math.ceil(bytes / PAGE) * PAGE;

class Bytes {
  private readonly view: DataView;

  constructor(readonly bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer);
  }

  u16(at: number, n: number): void {
    this.view.setUint16(at, n, true);
  }

  u32(at: number, ...numbers: number[]): void {
    numbers.forEach((n, i) => this.view.setUint32(at + 4 * i, n, true));
  }

  u64(at: number, ...numbers: number[]): void {
    numbers.forEach((n, i) => this.u32(at + 8 * i, n % 2 ** 32, Math.floor(n / 2 ** 32)));
  }

  set(at: number, bytes: Uint8Array): void {
    this.bytes.set(bytes, at);
  }
}

const text = (s: string) => new TextEncoder().encode(s);

/** A note of the owner CORE. */
function noteOf(kind: number, contents: Uint8Array): Uint8Array {
  const note = new Bytes(new Uint8Array(20 + Math.ceil(contents.length / 4) * 4));
  note.u32(0, 5, contents.length, kind);
  note.set(12, text("CORE"));
  note.set(20, contents);
  return note.bytes;
}

function filesNote(named: readonly Mapping[]): Uint8Array {
  const names = text(named.map((m) => `${m.path}\0`).join(""));
  const files = new Bytes(new Uint8Array(16 + named.length * 24 + names.length));
  files.u64(0, named.length, PAGE);
  named.forEach((m, i) => files.u64(16 + 24 * i, m.start, m.end, m.offset / PAGE));
  files.set(16 + named.length * 24, names);
  return noteOf(0x46494c45, files.bytes);
}

/** The core's bytes, and where its structures are. */
export function coreOf({ memory, mappings, pid, program }: Capture): { bytes: Uint8Array; parts: Part[] } {
  const kept = mappings.filter((m) => m.access.startsWith("rw") || (m.access[0] === "r" && m.path.startsWith("/")));
  const thread = new Bytes(new Uint8Array(336));
  thread.u32(32, pid);
  const stack = mappings.find((m) => m.path === "[stack]");
  if (stack) thread.u64(112 + 19 * 8, stack.end - 2 * PAGE);
  const info = new Bytes(new Uint8Array(136));
  info.u32(24, pid);
  info.set(56, text(program.join(" ")).subarray(0, 79));
  const notes = [noteOf(1, thread.bytes), noteOf(3, info.bytes), filesNote(kept.filter((m) => m.path.startsWith("/")))];
  const notesSize = notes.reduce((sum, { length }) => sum + length, 0);
  const heads = HEADER + SEGMENT * (kept.length + 1);
  const contents = kept.map((m) => {
    const bytes = memory.bytes(m.start, m.end - m.start);
    let length = bytes.length;
    while (length > 0 && bytes[length - 1] === 0) length--;
    return bytes.subarray(0, pages(length));
  });
  let at = pages(heads + notesSize);
  const core = new Bytes(new Uint8Array(contents.reduce((sum, { length }) => sum + length, at)));
  core.set(0, Uint8Array.of(0x7f, 0x45, 0x4c, 0x46, 2, 1, 1));
  core.u16(16, 4);
  core.u16(18, 62);
  core.u64(32, HEADER);
  core.u16(54, SEGMENT);
  core.u16(56, kept.length + 1);
  const segment = (
    i: number,
    kind: number,
    flags: number,
    offset: number,
    start: number,
    inFile: number,
    size: number,
  ) => {
    core.u32(HEADER + SEGMENT * i, kind, flags);
    core.u64(HEADER + SEGMENT * i + 8, offset, start, 0, inFile, size);
  };
  segment(0, 4, 0, heads, 0, notesSize, 0);
  let note = heads;
  for (const bytes of notes) {
    core.set(note, bytes);
    note += bytes.length;
  }
  const parts: Part[] = [
    { name: "the ELF header", from: 0, to: HEADER },
    { name: "program headers", from: HEADER, to: heads },
    { name: "notes", from: heads, to: heads + notesSize },
  ];
  kept.forEach((m, i) => {
    const bytes = contents[i]!;
    segment(i + 1, 1, 4 + (m.access[1] === "w" ? 2 : 0), at, m.start, bytes.length, m.end - m.start);
    core.set(at, bytes);
    if (bytes.length > 0) parts.push({ name: `what ${m.path || "memory"} has`, from: at, to: at + bytes.length });
    at += bytes.length;
  });
  return { bytes: core.bytes, parts };
}
