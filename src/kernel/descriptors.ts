/**
 * The descriptors of a process: one table, which begins with the standard streams. As on Linux, a file that is opened
 * gets the lowest number that is free, 0 to 2 included once they are closed; several numbers may share one open file,
 * which is closed with the last of them.
 *
 * The table lies in a buffer that the threads of a process can share. A thread that has not opened a file itself makes an
 * object for it from what the table says; a file that is nothing but an object belongs to the thread that opened it.
 */
import { fileFlags, fileType } from "../generated/constants.ts";
import { pipe } from "./channels.ts";
import { SystemError } from "./errno.ts";
import type { FilePlace, Files, OpenFile, OutsideService, StandardStreams } from "./services.ts";

// As Linux limits a process at first.
const DESCRIPTORS_MAX = 1024;

const { O_APPEND, O_CLOEXEC, O_NONBLOCK, O_RDONLY, O_RDWR, O_WRONLY, O_CREAT, O_EXCL, O_NOCTTY, O_TRUNC } = fileFlags;
/** What open() does once, and no flag of the open file. */
const OPENING = O_CREAT | O_EXCL | O_NOCTTY | O_TRUNC | O_CLOEXEC;
/** What can be changed. */
const CHANGEABLE = O_APPEND | O_NONBLOCK;

// Words of the buffer: a lock, whether it is filled, a word for each descriptor, and some for each open file.
const LOCK = 0;
const FILLED = 1;
const ENTRIES = 2;
const FILES = ENTRIES + DESCRIPTORS_MAX;
const FILE_WORDS = 8;
/** Bytes of the buffer. */
export const TABLE_BYTES = (FILES + DESCRIPTORS_MAX * FILE_WORDS) * 4;

// A descriptor's word: 1 more than the number of its open file, and a bit.
const FILE_BITS = 0xffff;
const CLOSE_ON_EXEC = 0x10000;

// The words of an open file.
const DESCRIPTORS = 0;
const FLAGS = 1;
const KIND = 2;
const NUMBER = 3;
/** Which of the files it is that have had these words. */
const GENERATION = 4;
/** 1 where what is written goes to the end. */
const APPEND = 5;
/** Where it is read and written next, an f64; -1 where it cannot seek. */
const POSITION = 6;

/** What the words KIND and NUMBER say. */
const Kind = { object: 0, stream: 1, host: 2, outside: 3, inherited: 4 } as const;

/** Takes the files of the host out of the table of a process that has ended: their numbers. */
export function takeHostFiles(table: ArrayBufferLike): number[] {
  const words = new Int32Array(table);
  const numbers: number[] = [];
  for (let index = 0; index < DESCRIPTORS_MAX; index++) {
    const at = FILES + index * FILE_WORDS;
    if (words[at + DESCRIPTORS] === 0 || words[at + KIND] !== Kind.host) continue;
    words[at + DESCRIPTORS] = 0;
    numbers.push(words[at + NUMBER]!);
  }
  return numbers;
}

interface Adopters {
  streams: StandardStreams;
  files?: Files | undefined;
  outside?: OutsideService | undefined;
}

/** Words of the table that say where a file is read and written next. */
class SharedPlace implements FilePlace {
  constructor(
    private readonly words: Int32Array,
    private readonly appendAt: number,
    private readonly positions: Float64Array,
    private readonly positionAt: number,
  ) {}

  get position(): number {
    return this.positions[this.positionAt]!;
  }

  set position(to: number) {
    this.positions[this.positionAt] = to;
  }

  get append(): boolean {
    return this.words[this.appendAt] !== 0;
  }

  set append(to: boolean) {
    this.words[this.appendAt] = to ? 1 : 0;
  }
}

export class Descriptors {
  private readonly words: Int32Array;
  private readonly positions: Float64Array;
  /** The objects of this thread for open files. */
  private readonly objects: ({ file: OpenFile; generation: number } | undefined)[] = [];

  constructor(
    private readonly services: Adopters,
    table: ArrayBufferLike = new ArrayBuffer(TABLE_BYTES),
  ) {
    this.words = new Int32Array(table);
    this.positions = new Float64Array(table);
    if (Atomics.compareExchange(this.words, FILLED, 0, 1) !== 0) return;
    for (const fd of [0, 1, 2]) this.put(fd, standardStream(services.streams, fd), fd === 0 ? O_RDONLY : O_WRONLY, fd);
    for (const fd of services.streams.inherited ?? []) if (fd > 2 && fd < DESCRIPTORS_MAX) this.putInherited(fd);
  }

  /** Does something to the table that no other thread may interrupt. */
  private alone<T>(act: () => T): T {
    while (Atomics.compareExchange(this.words, LOCK, 0, 1) !== 0);
    try {
      return act();
    } finally {
      Atomics.store(this.words, LOCK, 0);
    }
  }

  /** The file of a descriptor; EBADF where it has none. `reading`: it is about to be read, or waited for. */
  get(fd: number, reading = false): OpenFile {
    const file = this.find(fd, reading);
    if (file === undefined) throw new SystemError("EBADF");
    return file;
  }

  /** The same; undefined where it has none. */
  find(fd: number, reading = false): OpenFile | undefined {
    const entry = this.words[ENTRIES + fd];
    if (!(fd >= 0 && fd < DESCRIPTORS_MAX) || entry === undefined || entry === 0) return undefined;
    const index = (entry & FILE_BITS) - 1;
    if (reading && this.word(index, KIND) === Kind.stream && this.word(index, NUMBER) === 0) this.handOver(index);
    const generation = this.word(index, GENERATION);
    const known = this.objects[index];
    if (known?.generation === generation) return known.file;
    const file = this.adopt(index);
    if (file !== undefined) this.objects[index] = { file, generation };
    return file;
  }

  /** An object for a file that another thread has opened; undefined where only that one has it. */
  private adopt(index: number): OpenFile | undefined {
    const number = this.word(index, NUMBER);
    const kind = this.word(index, KIND);
    if (kind === Kind.stream) return standardStream(this.services.streams, number);
    if (kind === Kind.host) return this.services.files?.adopt?.(number, this.place(index));
    if (kind === Kind.inherited) return this.services.streams.inherit?.(number);
    if (kind === Kind.outside) return this.services.outside?.adopt(number);
    return undefined;
  }

  /** From now on standard input belongs to the outside, where that can have it. */
  private handOver(index: number): void {
    const file = this.services.streams.terminal?.();
    if (file === undefined) return;
    this.setWord(index, NUMBER, file.outside);
    this.setWord(index, GENERATION, (this.word(index, GENERATION) + 1) | 0);
    this.setWord(index, KIND, Kind.outside);
    this.objects[index] = { file, generation: this.word(index, GENERATION) };
  }

  private word(index: number, which: number): number {
    return this.words[FILES + index * FILE_WORDS + which]!;
  }

  private setWord(index: number, which: number, value: number): void {
    this.words[FILES + index * FILE_WORDS + which] = value;
  }

  /** Where a file is read and written next, as all threads see it. */
  private place(index: number): FilePlace {
    const at = FILES + index * FILE_WORDS;
    return new SharedPlace(this.words, at + APPEND, this.positions, (at + POSITION) / 2);
  }

  /** The number of a descriptor's open file. */
  private entry(fd: number): number {
    if (this.find(fd) === undefined) throw new SystemError("EBADF");
    return (this.words[ENTRIES + fd]! & FILE_BITS) - 1;
  }

  /** The lowest number that is free and not below `least`. */
  private free(least = 0): number {
    let fd = least;
    while (fd < DESCRIPTORS_MAX && this.words[ENTRIES + fd] !== 0) fd++;
    if (fd >= DESCRIPTORS_MAX) throw new SystemError("EMFILE");
    return fd;
  }

  /** A place that no open file has. */
  private freePlace(): number {
    let index = 0;
    while (this.word(index, DESCRIPTORS) !== 0) index++;
    return index;
  }

  /** Makes an open file of an object, of which a descriptor is the first. */
  private put(fd: number, file: OpenFile, flags: number, stream?: number): void {
    const index = this.freePlace();
    const generation = (this.word(index, GENERATION) + 1) | 0;
    const outside = (file as { outside?: number }).outside;
    const kind =
      stream !== undefined ? Kind.stream : outside !== undefined ? Kind.outside : file.keepIn ? Kind.host : Kind.object;
    this.setWord(index, KIND, kind);
    this.setWord(index, NUMBER, stream ?? outside ?? 0);
    if (file.keepIn) this.setWord(index, NUMBER, file.keepIn(this.place(index)));
    this.setWord(index, FLAGS, flags & ~OPENING);
    this.setWord(index, GENERATION, generation);
    this.setWord(index, DESCRIPTORS, 1);
    this.objects[index] = { file, generation };
    this.words[ENTRIES + fd] = (index + 1) | (flags & O_CLOEXEC ? CLOSE_ON_EXEC : 0);
  }

  /** Notes what the program finds open, which is looked at when it is first used. */
  private putInherited(fd: number): void {
    const index = this.freePlace();
    this.setWord(index, KIND, Kind.inherited);
    this.setWord(index, NUMBER, fd);
    this.setWord(index, FLAGS, O_RDWR);
    this.setWord(index, DESCRIPTORS, 1);
    this.words[ENTRIES + fd] = index + 1;
  }

  /** Opens a file under the lowest free descriptor, which it returns. */
  open(open: () => OpenFile, flags: number): number {
    this.free();
    const file = open();
    if (typeof file !== "object" || file === null) throw new SystemError("EIO");
    return this.alone(() => {
      const fd = this.free();
      this.put(fd, file, flags);
      return fd;
    });
  }

  /** Closes a descriptor, which is free even where that fails. */
  close(fd: number): void {
    const file = this.get(fd);
    const last = this.alone(() => {
      const index = this.entry(fd);
      this.words[ENTRIES + fd] = 0;
      const left = this.word(index, DESCRIPTORS) - 1;
      this.setWord(index, DESCRIPTORS, left);
      if (left === 0) this.objects[index] = undefined;
      return left === 0;
    });
    if (last) file.close();
  }

  /** A second descriptor of the same open file, which is not inherited. */
  duplicate(fd: number, least: number): number {
    const index = this.entry(fd);
    if (least < 0 || least >= DESCRIPTORS_MAX) throw new SystemError("EINVAL");
    return this.alone(() => {
      const to = this.free(least);
      this.words[ENTRIES + to] = (index + 1) | CLOSE_ON_EXEC;
      this.setWord(index, DESCRIPTORS, this.word(index, DESCRIPTORS) + 1);
      return to;
    });
  }

  /** The same, under a number given: what that was is closed, and whether it could be does not matter. */
  duplicateTo(fd: number, to: number): number {
    const index = this.entry(fd);
    if (to < 0 || to >= DESCRIPTORS_MAX) throw new SystemError("EBADF");
    if (to === fd) return to;
    this.setWord(index, DESCRIPTORS, this.word(index, DESCRIPTORS) + 1);
    try {
      if (this.words[ENTRIES + to] !== 0) this.close(to);
    } catch {
      // As dup2() does.
    }
    this.words[ENTRIES + to] = index + 1;
    return to;
  }

  /** Two descriptors of a pipe: what reads, and what writes. */
  pipe(flags: number): [number, number] {
    const [reader, writer] = this.services.outside?.pipe() ?? pipe();
    reader.setFlags?.(flags);
    writer.setFlags?.(flags);
    const from = this.open(() => reader, O_RDONLY | flags);
    try {
      return [from, this.open(() => writer, O_WRONLY | flags)];
    } catch (error) {
      this.close(from);
      throw error;
    }
  }

  flags(fd: number): number {
    const flags = this.word(this.entry(fd), FLAGS);
    return flags | (this.words[ENTRIES + fd]! & CLOSE_ON_EXEC ? O_CLOEXEC : 0);
  }

  setFlags(fd: number, flags: number): void {
    const index = this.entry(fd);
    this.words[ENTRIES + fd] = (index + 1) | (flags & O_CLOEXEC ? CLOSE_ON_EXEC : 0);
    const was = this.word(index, FLAGS);
    const changed = (was & ~CHANGEABLE) | (flags & CHANGEABLE);
    if (changed === was) return;
    this.get(fd).setFlags?.(changed);
    this.setWord(index, FLAGS, changed);
  }

  /** Whether a call on the descriptor waits for what is not there yet. */
  blocks(fd: number): boolean {
    return (this.flags(fd) & O_NONBLOCK) === 0;
  }

  /** A file of the host has this number now, which is returned. */
  moved(fd: number, number: number): number {
    const index = this.entry(fd);
    if (this.word(index, KIND) !== Kind.host || this.word(index, NUMBER) === number) return number;
    const file = this.get(fd);
    this.setWord(index, NUMBER, number);
    this.setWord(index, GENERATION, (this.word(index, GENERATION) + 1) | 0);
    this.objects[index] = { file, generation: this.word(index, GENERATION) };
    return number;
  }

  /** Which file of the host a descriptor is: its number there; undefined where it is none. */
  hostFile(fd: number): number | undefined {
    const index = this.entry(fd);
    const kind = this.word(index, KIND);
    return kind === Kind.host || kind === Kind.stream || kind === Kind.inherited ? this.word(index, NUMBER) : undefined;
  }
}

function refuse(): never {
  throw new SystemError("EBADF");
}

function noSeek(): never {
  throw new SystemError("ESPIPE");
}

function noTruncate(): never {
  throw new SystemError("EINVAL");
}

/**
 * A standard stream as a file: a character device that cannot seek. Closing it leaves what is behind it open, which
 * belongs to the host.
 */
function standardStream(streams: StandardStreams, fd: number): OpenFile {
  return {
    read: fd !== 0 ? refuse : (into) => (streams.input === undefined ? 0 : streams.input(into)),
    write: (bytes) => {
      if (fd === 0 && !streams.bothWays) refuse();
      if (streams.output === undefined) throw new SystemError("EPERM");
      return streams.output(fd, bytes);
    },
    seek: noSeek,
    truncate: noTruncate,
    describe: () => streams.describe?.(fd) ?? { mode: fileType.S_IFCHR | 0o600, blockSize: 1024, size: 0 },
    isTerminal: () => streams.isTerminal?.(fd) ?? false,
    terminalSize: () => {
      if (streams.terminalSize === undefined) throw new SystemError("ENOTTY");
      return streams.terminalSize(fd);
    },
    stty: (words) => {
      if (streams.stty === undefined) throw new SystemError("ENOTTY");
      return streams.stty(fd, words);
    },
    close: () => {},
  };
}
