/**
 * The standard library as a part of the kernel: frozen modules, and its files, which lie in a folder that exists for
 * programs only and can be read only, whether or not the program has been granted any other files.
 */
import { fileType } from "../generated/constants.ts";
import type { LibraryArchive } from "../library/archive.ts";
import { granted, SystemError } from "./errno.ts";
import type { DirectoryEntry, FileStatus, Files, Library, OpenFile } from "./services.ts";

/** Bytes that stdio would read at once. */
const BLOCK_SIZE = 4096;
const READ_ONLY = 0o444;
const READ_AND_ENTER = 0o555;
/** Before the code in a .pyc file: what it is valid for. */
const PYC_HEAD = 16;
/** Of the modes of access. */
const WRITE = 2;

/** The library of an archive, which is asked for when something of it is. `folder`: its path, without a slash at the end. */
export function libraryOf(archive: () => LibraryArchive, folder: string): Library {
  let last: Uint8Array | undefined;
  return {
    folder,
    frozen: (name) => archive().read(`frozen/${name}`),
    status: (path) => archive().status(path),
    list: (path) => archive().list(path),
    read(path) {
      const contents = archive().read(path);
      if (path.endsWith(".pyc")) last = contents;
      return contents;
    },
    compiled: (code) => last !== undefined && sameBytes(code, last.subarray(PYC_HEAD)),
  };
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (typeof Buffer === "function") return Buffer.compare(a, b) === 0;
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

/** A file of the library, open. */
function openLibraryFile(contents: Uint8Array, status: FileStatus): OpenFile {
  let position = 0;
  return {
    read(into) {
      const piece = contents.subarray(position, position + into.length);
      into.set(piece);
      position += piece.length;
      return piece.length;
    },
    write() {
      throw new SystemError("EBADF");
    },
    seek(offset, whence) {
      const to = offset + (whence === 0 ? 0 : whence === 1 ? position : contents.length);
      if (to < 0 || whence < 0 || whence > 2) throw new SystemError("EINVAL");
      position = to;
      return to;
    },
    truncate() {
      throw new SystemError("EINVAL");
    },
    describe: () => status,
    close() {},
  };
}

const decoder = new TextDecoder();
const encoder = new TextEncoder();

/** The files that a program sees: those granted, and the library's in their folder. */
export function withLibrary(files: Files | undefined, library: Library): Files {
  /** The path within the library; undefined where it is another's. */
  const within = (path: Uint8Array): string | undefined => {
    const text = decoder.decode(path).replace(/\/+$/, "");
    if (text === library.folder) return "";
    // What was installed besides lies beside the library, as files of the machine.
    if (text.startsWith(`${library.folder}/site-packages`)) return undefined;
    return text.startsWith(`${library.folder}/`) ? text.slice(library.folder.length + 1) : undefined;
  };
  const describe = (path: string): FileStatus => {
    const status = library.status(path);
    if (status === undefined) throw new SystemError("ENOENT");
    const mode = status.folder ? fileType.S_IFDIR | READ_AND_ENTER : fileType.S_IFREG | READ_ONLY;
    return { mode, size: status.size, blockSize: BLOCK_SIZE, modified: 0 };
  };
  const open = (path: string): OpenFile => {
    const contents = library.read(path);
    if (contents !== undefined) return openLibraryFile(contents, describe(path));
    throw new SystemError(library.status(path) === undefined ? "ENOENT" : "EISDIR");
  };
  /** A method for paths: of the library, or else of the files that are granted. */
  const by =
    <R>(ofLibrary: (path: string) => R, ofFiles: (files: Files, path: Uint8Array) => R) =>
    (path: Uint8Array): R => {
      const p = within(path);
      return p === undefined ? ofFiles(granted(files, "GRANT_FILES"), path) : ofLibrary(p);
    };
  const describePath = by(describe, (f, path) => f.describePath(path));
  const own: Partial<Files> = {
    describePath,
    describeLink: by(describe, (f, path) => (f.describeLink ? f.describeLink(path) : f.describePath(path))),
    open: (path, flags, mode) => by(open, (f) => f.open(path, flags, mode))(path),
    list: by(
      (path): Iterable<DirectoryEntry> => {
        const names = library.list(path);
        if (names === undefined) throw new SystemError(library.status(path) === undefined ? "ENOENT" : "ENOTDIR");
        return names.map((name) => ({ name: encoder.encode(name) }));
      },
      (f, path) => {
        if (!f.list) throw new SystemError("ENOSYS");
        return f.list(path);
      },
    ),
    checkAccess: (path, mode) =>
      by(
        (p) => {
          describe(p);
          if (mode & WRITE) throw new SystemError("EROFS");
        },
        (f) => f.checkAccess?.(path, mode),
      )(path),
    readLink: by(
      (path) => {
        describe(path);
        throw new SystemError("EINVAL");
      },
      (f, path): Uint8Array => {
        if (!f.readLink) throw new SystemError("ENOSYS");
        return f.readLink(path);
      },
    ),
  };
  return new Proxy((files ?? {}) as Files, {
    get(target, name) {
      // Whatever else is asked for needs files that are granted.
      if (files === undefined && !(name in own)) return () => granted(files, "GRANT_FILES");
      const method = own[name as keyof Files] ?? target[name as keyof Files];
      return typeof method === "function" && !(name in own) ? (method as unknown as () => void).bind(target) : method;
    },
  });
}
