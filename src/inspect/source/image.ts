/**
 * A process's memory in a file.
 *
 *   ┌────────────┬──────────────────┬───────────┬─────────────────────┬─────┬──────────────────────────────
 *   │ "VITRHEAP" │ header's length 4│ format 4  │ header: JSON, UTF-8 │ pad │ the bytes of each run in turn
 *   └────────────┴──────────────────┴───────────┴─────────────────────┴─────┴──────────────────────────────
 *
 * The header says which runs of memory follow; all other memory is zero. Of a process of ours it says how long the
 * memory is, and with which tables of structures it was written: a reader with other tables refuses it. Of a CPython it
 * has the mappings as they were, and which of their pages were resident. Runs may be compressed, each by itself; those
 * that are not begin at a multiple of 8, and are read where they are.
 */
import { closeSync, fstatSync, openSync, readFileSync, readSync } from "node:fs";
import { deflateRawSync, inflateRawSync } from "node:zlib";
import { fingerprint } from "../../generated/memory.ts";
import { type Capture, type Mapping, PAGE } from "./capture.ts";
import { CHUNK, Memory } from "./memory.ts";
import { encode, FORMAT, type ImageHeader, MAGIC, PREFIX, type Run } from "./saved.ts";

const COMPRESSION_LEVEL = 3;
/** No more is read than a process of 64 GiB can have. */
const END_MAX = 2 ** 47;

/** Why bytes are not an image that can be read. */
export class ImageError extends Error {}

/** An image that was opened. */
interface Image {
  header: ImageHeader;
  memory: Memory;
  /** The process that it is of, where that is a CPython. */
  capture?: Capture;
}

/** What was read of a CPython as the bytes of an image, compressed. */
export function saveCapture({ memory, mappings, program, ...known }: Capture): Uint8Array {
  const runs: Run[] = [];
  const bytes: Uint8Array[] = [];
  for (let i = 0; i < memory.size; i++) {
    const words = memory.words(i);
    const chunk = new Uint8Array(words.buffer, words.byteOffset, words.length * 4);
    const packed = deflateRawSync(chunk, { level: COMPRESSION_LEVEL });
    runs.push([memory.base(i), chunk.length, packed.length]);
    bytes.push(packed);
  }
  const maps = mappings.map(({ present, ...mapping }) => ({
    ...mapping,
    ...(present && { pages: deflateRawSync(present).toString("base64") }),
  }));
  const header: ImageHeader = {
    kind: "cpython",
    fingerprint: "",
    end: memory.end,
    runs,
    program,
    capture: { ...known, mappings: maps },
  };
  return encode(header, bytes);
}

/** Whether the bytes begin as an image does. */
function isImage(image: Uint8Array): boolean {
  return new TextDecoder("latin1").decode(image.subarray(0, 8)) === MAGIC;
}

/** Opens an image. Throws ImageError where the bytes are not one that these tables can read. */
export function openImage(image: Uint8Array): Image {
  const { header, end } = readHeader(image.length, (at, length) => image.subarray(at, at + length));
  return opened(header, readRuns(header, image, end));
}

/**
 * Opens the image in a file. What is not compressed is read when it is asked for: the file stays open, and must not
 * change. Throws ImageError, or what the system says.
 */
export function openImageFile(path: string): Image {
  const file = openSync(path, "r");
  const { size } = fstatSync(file);
  const read = (at: number, length: number) => {
    const bytes = new Uint8Array(Math.min(length, Math.max(0, size - at)));
    return bytes.subarray(0, readSync(file, bytes, 0, bytes.length, at));
  };
  try {
    const { header, end } = readHeader(size, read);
    if (!header.runs.some(([, , packed]) => packed !== undefined)) return opened(header, laterRuns(header, file, end));
  } catch (error) {
    closeSync(file);
    throw error;
  }
  closeSync(file);
  return openImage(readFileSync(path));
}

/** The header of an image of `size` bytes, and where it ends. */
function readHeader(size: number, read: (at: number, length: number) => Uint8Array) {
  const prefix = read(0, PREFIX);
  if (prefix.length < PREFIX || !isImage(prefix)) throw new ImageError("not a heap image");
  const view = new DataView(prefix.buffer, prefix.byteOffset, PREFIX);
  const format = view.getUint32(12, true);
  if (format !== FORMAT) throw new ImageError(`a heap image of format ${format}; this version reads format ${FORMAT}`);
  const end = PREFIX + view.getUint32(8, true);
  if (end > size) throw new ImageError("it ends too early");
  const header = parseHeader(read(PREFIX, end - PREFIX));
  if (header.kind === "vitrine" && header.fingerprint !== fingerprint) {
    throw new ImageError("written by a version with other structures; this one cannot read it");
  }
  const total = header.runs.reduce((sum, [, length, packed]) => sum + (packed ?? length), end);
  if (total > size) throw new ImageError("it ends too early");
  return { header, end };
}

function opened(header: ImageHeader, memory: Memory): Image {
  if (!header.capture) return { header, memory };
  const { mappings, ...known } = header.capture;
  const maps = mappings.map(({ pages, ...mapping }): Mapping => {
    const size = Math.ceil((mapping.end - mapping.start) / PAGE / 8);
    return pages === undefined ? mapping : { ...mapping, present: inflate(Buffer.from(pages, "base64"), size) };
  });
  return { header, memory, capture: { ...known, mappings: maps, memory, program: header.program } };
}

/** Unpacks to exactly `size` bytes; throws ImageError where it are not so many. */
function inflate(bytes: Uint8Array, size: number): Uint8Array {
  let unpacked: Uint8Array;
  try {
    unpacked = inflateRawSync(bytes, { maxOutputLength: Math.max(size, 1) });
  } catch {
    throw new ImageError("its bytes are damaged");
  }
  if (unpacked.length !== size) throw new ImageError("its bytes are damaged");
  return unpacked;
}

const isCount = (n: unknown): n is number => Number.isSafeInteger(n) && Number(n) >= 0;
const isText = (text: unknown): text is string => typeof text === "string";
const isOptional = (is: (value: unknown) => boolean, value: unknown) => value === undefined || is(value);

/** Reads the header; throws ImageError where it has not the fields that a header has, or not their kinds. */
function parseHeader(bytes: Uint8Array): ImageHeader {
  let header: Partial<ImageHeader> | null;
  try {
    header = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    throw new ImageError("its header is damaged");
  }
  const whole =
    (header?.kind === "vitrine" || header?.kind === "cpython") &&
    isText(header.fingerprint) &&
    isCount(header.end) &&
    header.end <= END_MAX &&
    Array.isArray(header.runs) &&
    header.runs.every(
      (run, i) =>
        Array.isArray(run) &&
        isCount(run[0]) &&
        isCount(run[1]) &&
        isOptional((n) => isCount(n), run[2]) &&
        run[0] % PAGE === 0 &&
        run[1] % 4 === 0 &&
        (i === 0 || run[0] >= header!.runs![i - 1]![0] + header!.runs![i - 1]![1]) &&
        run[0] + run[1] <= header!.end!,
    ) &&
    Array.isArray(header.program) &&
    header.program.every(isText) &&
    (header.kind === "cpython") === (header.capture !== undefined) &&
    isOptional(isCapture, header.capture);
  if (!whole) throw new ImageError("its header is damaged");
  return header as ImageHeader;
}

function isCapture(value: unknown): boolean {
  const capture = value as Partial<NonNullable<ImageHeader["capture"]>> | null;
  return (
    typeof capture === "object" &&
    isCount(capture?.pid) &&
    isCount(capture.tasks) &&
    isOptional(isCount, capture.resident) &&
    isOptional((n) => typeof n === "number", capture.stopped) &&
    Array.isArray(capture.stackPointers) &&
    capture.stackPointers.every(isCount) &&
    Array.isArray(capture.notes) &&
    capture.notes.every(isText) &&
    Array.isArray(capture.mappings) &&
    capture.mappings.every(
      (m, i, all) =>
        typeof m === "object" &&
        isCount(m?.start) &&
        isCount(m.end) &&
        m.start % PAGE === 0 &&
        m.end % PAGE === 0 &&
        m.start < m.end &&
        m.end <= END_MAX &&
        (i === 0 || m.start >= all[i - 1]!.end) &&
        isText(m.access) &&
        m.access.length === 4 &&
        isText(m.path) &&
        isCount(m.offset) &&
        isOptional(isText, m.pages) &&
        isOptional(isCount, m.resident) &&
        isOptional(isCount, m.anonymous),
    )
  );
}

/** How many bytes the chunk at `base` has: the last one of ours ends where the memory does. */
const chunkLength = ({ kind, end }: ImageHeader, base: number) =>
  Math.min(CHUNK, kind === "vitrine" ? end - base : CHUNK);

/** Calls `found` with each piece of a run that lies in one chunk: the chunk's address, where in it, from where in the run. */
function eachPiece(
  [address, length]: Run,
  found: (base: number, inChunk: number, done: number, size: number) => void,
): void {
  for (let done = 0; done < length; ) {
    const inChunk = (address + done) % CHUNK;
    const size = Math.min(CHUNK - inChunk, length - done);
    found(address + done - inChunk, inChunk, done, size);
    done += size;
  }
}

/** The memory that the runs of a file are of, none of them compressed; each chunk is read when it is asked for. */
function laterRuns(header: ImageHeader, file: number, begin: number): Memory {
  const memory = new Memory();
  let pieces: { at: number; inChunk: number; size: number }[] = [];
  let current = -1;
  const flush = () => {
    if (current < 0) return;
    const mine = pieces;
    memory.addLater(current, chunkLength(header, current), (words) => {
      for (const { at, inChunk, size } of mine)
        readSync(file, new Uint8Array(words.buffer, inChunk, size), 0, size, at);
    });
  };
  let at = begin;
  for (const run of header.runs) {
    eachPiece(run, (base, inChunk, done, size) => {
      if (base !== current) {
        flush();
        current = base;
        pieces = [];
      }
      pieces.push({ at: at + done, inChunk, size });
    });
    at += run[1];
  }
  flush();
  memory.end = Math.max(memory.end, header.end);
  return memory;
}

/** The memory that the runs are of. Whole chunks that are not compressed stay where they are. */
function readRuns(header: ImageHeader, image: Uint8Array, begin: number): Memory {
  const memory = new Memory();
  let words: Uint32Array | undefined;
  let current = -1;
  const flush = () => {
    if (words) memory.add(current, words);
    words = undefined;
  };
  let at = begin;
  for (const run of header.runs) {
    const [, length, packed] = run;
    if (packed !== undefined && length > CHUNK) throw new ImageError("its header is damaged");
    const bytes =
      packed === undefined ? image.subarray(at, at + length) : inflate(image.subarray(at, at + packed), length);
    at += packed ?? length;
    eachPiece(run, (base, inChunk, done, size) => {
      if (base !== current) {
        flush();
        current = base;
        if (size === CHUNK && (bytes.byteOffset + done) % 4 === 0) {
          memory.add(base, new Uint32Array(bytes.buffer, bytes.byteOffset + done, CHUNK / 4));
          return;
        }
        words = new Uint32Array(chunkLength(header, base) / 4);
      }
      new Uint8Array(words!.buffer).set(bytes.subarray(done, done + size), inChunk);
    });
  }
  flush();
  memory.end = Math.max(memory.end, header.end);
  return memory;
}
