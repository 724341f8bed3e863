/** The files of the processes of tools/fuzz: a single folder, kept in memory, which begins anew when it is told to. */
import { fileType } from "../../src/generated/constants.ts";
import { SystemError } from "../../src/kernel/errno.ts";
import type { FileStatus, Files, OpenFile } from "../../src/kernel/services.ts";

const WRITABLE = 3;
const CREATE = 0o100;
const EXCLUSIVE = 0o200;
const TRUNCATE = 0o1000;
/** No file becomes larger. */
const LARGEST = 1 << 16;

const text = new TextDecoder();
/** A path's name in the folder. */
const nameOf = (path: Uint8Array) => text.decode(path).replace(/^(\.?\/)+/, "");

export interface FuzzFiles extends Files {
  reset(): void;
}

export function fuzzFiles(): FuzzFiles {
  const files = new Map<string, { bytes: Uint8Array }>();
  const status = (file: { bytes: Uint8Array } | undefined): FileStatus => ({
    mode: file ? fileType.S_IFREG | 0o644 : fileType.S_IFDIR | 0o755,
    size: file?.bytes.length ?? 0,
    blockSize: 4096,
    modified: 0,
  });
  const find = (path: Uint8Array) => {
    const file = files.get(nameOf(path));
    if (!file) throw new SystemError("ENOENT");
    return file;
  };
  const resize = (file: { bytes: Uint8Array }, size: number) => {
    if (size < 0 || size > LARGEST) throw new SystemError("EFBIG");
    const bytes = new Uint8Array(size);
    bytes.set(file.bytes.subarray(0, size));
    file.bytes = bytes;
  };
  return {
    reset: () => files.clear(),
    open(path, flags): OpenFile {
      const name = nameOf(path);
      if (name === "") throw new SystemError("EISDIR");
      let file = files.get(name);
      if (file && flags & EXCLUSIVE && flags & CREATE) throw new SystemError("EEXIST");
      if (!file && !(flags & CREATE)) throw new SystemError("ENOENT");
      if (!file) files.set(name, (file = { bytes: new Uint8Array(0) }));
      const open = file;
      if (flags & TRUNCATE && flags & WRITABLE) resize(open, 0);
      let position = 0;
      return {
        read(into) {
          const piece = open.bytes.subarray(position, position + into.length);
          into.set(piece);
          position += piece.length;
          return piece.length;
        },
        write(bytes) {
          if (position + bytes.length > open.bytes.length) resize(open, position + bytes.length);
          open.bytes.set(bytes, position);
          position += bytes.length;
          return bytes.length;
        },
        seek(offset, whence) {
          const to = offset + [0, position, open.bytes.length][whence]!;
          if (!(to >= 0)) throw new SystemError("EINVAL");
          return (position = to);
        },
        truncate: (size) => resize(open, size),
        describe: () => status(open),
        close() {},
      };
    },
    describePath: (path) => status(nameOf(path) === "" ? undefined : find(path)),
    list: () => [...files.keys()].map((name) => ({ name: new TextEncoder().encode(name) })),
    remove(path) {
      find(path);
      files.delete(nameOf(path));
    },
    rename(from, to) {
      files.set(nameOf(to), find(from));
      files.delete(nameOf(from));
    },
  };
}
