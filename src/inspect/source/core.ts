/**
 * An ELF core of a process on x86-64, gcore's or the kernel's.
 *
 * Its segments are the process's mappings; what of them is not in the core is zero, or, in mappings of files, what the
 * file has, if that is still the same one: the beginning of it that the core has must be equal. A core does not tell
 * which mappings were heap and stack, nor what was resident.
 */
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { type Capture, ChunkWriter, type Mapping, mappingOf, PAGE } from "./capture.ts";
import { Memory } from "./memory.ts";
import { isWanted, LookError } from "./process.ts";

const PT_LOAD = 1;
const PT_NOTE = 4;
const PN_XNUM = 0xffff;
const NT_PRSTATUS = 1;
const NT_PRPSINFO = 3;
const NT_FILE = 0x46494c45;
const ET_CORE = 4;
const EM_X86_64 = 62;
const SEGMENTS_MAX = 1 << 20;
const NOTES_MAX = 1 << 26;
const ADDRESS_MAX = 2 ** 47;
const READ_MAX = 2 ** 36;

interface Segment {
  start: number;
  size: number;
  inFile: number;
  offset: number;
  access: string;
}

/** Whether the bytes begin as an ELF file does. */
export const isElf = (head: Uint8Array): boolean =>
  head[0] === 0x7f && head[1] === 0x45 && head[2] === 0x4c && head[3] === 0x46;

/** Reads a core. Throws LookError where the file is none, or one of another machine. */
export function captureCore(path: string): Capture {
  const file = openSync(path, "r");
  try {
    return read(file);
  } finally {
    closeSync(file);
  }
}

/** Reads what there is at `offset`; how many bytes that were. */
function readAt(file: number, bytes: Uint8Array, offset: number): number {
  return Number.isSafeInteger(offset) && offset >= 0 ? readSync(file, bytes, 0, bytes.length, offset) : 0;
}

/** How many bytes a file has from `offset` on. */
const bytesFrom = (file: number, offset: number) => Math.max(0, fstatSync(file).size - offset);

function bytesAt(file: number, offset: number, length: number): DataView {
  const bytes = new Uint8Array(length);
  const have = readAt(file, bytes, offset);
  if (have < length) throw new LookError("the core ends too early");
  return new DataView(bytes.buffer);
}

const u64 = (view: DataView, at: number) => view.getUint32(at, true) + view.getUint32(at + 4, true) * 2 ** 32;

function read(file: number): Capture {
  const head = bytesAt(file, 0, 64);
  if (!isElf(new Uint8Array(head.buffer))) throw new LookError("not a core: no ELF file");
  if (head.getUint8(4) !== 2 || head.getUint16(18, true) !== EM_X86_64)
    throw new LookError("a core of another machine: only x86-64 is known");
  if (head.getUint16(16, true) !== ET_CORE) throw new LookError("an ELF file, but no core");
  const segments: Segment[] = [];
  const notes: Notes = { files: [], stackPointers: [], pid: 0, program: [] };
  const table = u64(head, 32);
  const entry = head.getUint16(54, true);
  let count = head.getUint16(56, true);
  // More than fit there: the first section says how many.
  if (count === PN_XNUM) count = bytesAt(file, u64(head, 40), 64).getUint32(44, true);
  if (count > SEGMENTS_MAX || entry < 56) throw new LookError("the core is damaged");
  const headers = bytesAt(file, table, count * entry);
  for (let i = 0; i < count; i++) {
    const at = i * entry;
    const kind = headers.getUint32(at, true);
    const flags = headers.getUint32(at + 4, true);
    const [offset, start, inFile, size] = [8, 16, 32, 40].map((field) => u64(headers, at + field)) as [
      number,
      number,
      number,
      number,
    ];
    if (kind === PT_NOTE && inFile > 0) {
      if (inFile > NOTES_MAX) throw new LookError("the core is damaged");
      readNotes(bytesAt(file, offset, inFile), notes);
    }
    if (kind !== PT_LOAD || size === 0 || start % PAGE !== 0 || start + size > ADDRESS_MAX) continue;
    const access = `${flags & 4 ? "r" : "-"}${flags & 2 ? "w" : "-"}${flags & 1 ? "x" : "-"}p`;
    segments.push({ start, size, inFile: Math.min(inFile, size), offset, access });
  }
  if (segments.length === 0) throw new LookError("the core has no memory in it");
  return assemble(file, segments, notes);
}

interface Notes {
  files: Mapping[];
  stackPointers: number[];
  pid: number;
  program: string[];
}

function readNotes(view: DataView, notes: Notes): void {
  for (let at = 0; at + 12 <= view.byteLength; ) {
    const [nameSize, size, kind] = [0, 4, 8].map((i) => view.getUint32(at + i, true)) as [number, number, number];
    const begin = at + 12 + Math.ceil(nameSize / 4) * 4;
    const end = begin + size;
    if (end > view.byteLength) return;
    const note = new DataView(view.buffer, view.byteOffset + begin, size);
    if (kind === NT_PRSTATUS && size >= 272) {
      if (notes.pid === 0) notes.pid = note.getUint32(32, true);
      // Registers begin at 112; rsp is the twentieth.
      notes.stackPointers.push(u64(note, 112 + 19 * 8));
    } else if (kind === NT_PRPSINFO && size >= 136) {
      const text = new TextDecoder()
        .decode(new Uint8Array(note.buffer, note.byteOffset + 56, 80))
        .replace(/\0.*$/s, "");
      notes.program = text.trim() ? text.trim().split(" ") : [];
      notes.pid = note.getUint32(24, true) || notes.pid;
    } else if (kind === NT_FILE) readFiles(note, notes);
    at = begin + Math.ceil(size / 4) * 4;
  }
}

function readFiles(note: DataView, notes: Notes): void {
  if (note.byteLength < 16) return;
  const count = u64(note, 0);
  const unit = u64(note, 8);
  if (count > SEGMENTS_MAX || 16 + count * 24 > note.byteLength) return;
  const names = new TextDecoder().decode(new Uint8Array(note.buffer, note.byteOffset + 16 + count * 24)).split("\0");
  for (let i = 0; i < count; i++) {
    const [start, end, offset] = [0, 8, 16].map((field) => u64(note, 16 + i * 24 + field)) as [number, number, number];
    if (start >= end || end > ADDRESS_MAX || start % PAGE !== 0 || end % PAGE !== 0) continue;
    notes.files.push({ start, end, access: "r--p", offset: offset * unit, path: names[i] ?? "" });
  }
}

/** The mappings: the segments, and those of files that the core leaves out; and their bytes. */
function assemble(core: number, segments: Segment[], { files, stackPointers, pid, program }: Notes): Capture {
  const pieces: (Mapping & { segment?: Segment })[] = [];
  files.sort((a, b) => a.start - b.start);
  for (const segment of segments) {
    const { start, size, access } = segment;
    const file = mappingOf(files, start);
    const end = start + Math.ceil(size / PAGE) * PAGE;
    pieces.push({
      start,
      end,
      access,
      offset: file ? file.offset + start - file.start : 0,
      path: file?.path ?? "",
      segment,
    });
  }
  pieces.sort((a, b) => a.start - b.start);
  for (const file of files) if (!mappingOf(pieces, file.start)) pieces.push({ ...file });
  pieces.sort((a, b) => a.start - b.start);
  const mappings = pieces.filter((m, i) => i === 0 || m.start >= pieces[i - 1]!.end);
  const memory = new Memory();
  const writer = new ChunkWriter(memory);
  const open = new Map<string, number>();
  const firstPages = new Map<string, Uint8Array>();
  for (const { segment, path, offset } of mappings) {
    if (!segment || !path || offset !== 0 || segment.inFile < PAGE) continue;
    firstPages.set(path, new Uint8Array(bytesAt(core, segment.offset, PAGE).buffer));
  }
  let missing = 0;
  let total = 0;
  for (const mapping of mappings) {
    const { segment } = mapping;
    if (!isWanted(mapping)) continue;
    total += mapping.end - mapping.start;
    if (total > READ_MAX) throw new LookError("the core has more than 64 GiB of memory");
    const there = segment ? Math.min(segment.inFile, bytesFrom(core, segment.offset)) : 0;
    missing += (segment?.inFile ?? 0) - there;
    const inCore = mapping.start + there;
    if (segment && inCore > mapping.start) {
      writer.write(mapping.start, inCore, (bytes, address) => {
        readAt(core, bytes, segment.offset + address - mapping.start);
      });
    }
    if (!mapping.path) continue;
    const file = sameFile(mapping.path, firstPages.get(mapping.path), open);
    if (file < 0) continue;
    const end = mapping.start + Math.min(mapping.end - mapping.start, bytesFrom(file, mapping.offset));
    writer.write(Math.ceil(inCore / PAGE) * PAGE, end, (bytes, address) => {
      readAt(file, bytes, mapping.offset + address - mapping.start);
    });
  }
  writer.flush();
  for (const file of open.values()) if (file >= 0) closeSync(file);
  const gone = [...open].filter(([, file]) => file < 0).map(([path]) => path.replace(/^.*\//, ""));
  const said: string[] = [];
  if (missing > 0) said.push(`the core ends too early: ${missing} bytes of it are missing`);
  if (gone.length > 0)
    said.push(
      `${gone.slice(0, 3).join(", ")}${gone.length > 3 ? ` and ${gone.length - 3} more files` : ""}: not there, or changed since`,
    );
  return {
    memory,
    mappings: mappings.map(({ segment: _, ...m }) => m),
    pid,
    program,
    stackPointers,
    tasks: stackPointers.length,
    notes: said,
  };
}

/** Opens the file that a mapping is of, if it still begins as it did; -1 if not. */
function sameFile(path: string, first: Uint8Array | undefined, open: Map<string, number>): number {
  const known = open.get(path);
  if (known !== undefined) return known;
  let file = -1;
  try {
    file = openSync(path, "r");
    const now = new Uint8Array(first?.length ?? 0);
    readAt(file, now, 0);
    if (first && now.some((byte, i) => byte !== first[i])) {
      closeSync(file);
      file = -1;
    }
  } catch {}
  open.set(path, file);
  return file;
}
