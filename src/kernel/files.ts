/**
 * The system calls on files: paths through the service, descriptors through the table.
 *
 * The folder in which relative paths begin is the process's own, not that of what runs it: once it has been changed, such
 * paths are given to the service behind it.
 */
import { fileFlags, fileType } from "../generated/constants.ts";
import type { Descriptors } from "./descriptors.ts";
import { granted, methodOf, provided, SystemError, WouldWait } from "./errno.ts";
import { eventCounter } from "./eventcounter.ts";
import type { SystemCalls } from "./generated/dispatch.ts";
import { isOutside } from "./outside.ts";
import { givenName, integer } from "./results.ts";
import type { DirectoryEntry, FileStatus, Files, OpenFile } from "./services.ts";

type FileCalls = Pick<
  SystemCalls,
  | "write"
  | "read"
  | "open"
  | "close"
  | "lseek"
  | "ftruncate"
  | "fstat"
  | "stat"
  | "lstat"
  | "isatty"
  | "readdir"
  | "fdreaddir"
  | "getcwd"
  | "chdir"
  | "fchdir"
  | "fdpath"
  | "mkdir"
  | "mknod"
  | "rmdir"
  | "unlink"
  | "rename"
  | "link"
  | "symlink"
  | "readlink"
  | "chmod"
  | "fchmod"
  | "chown"
  | "fchown"
  | "utime"
  | "futime"
  | "access"
  | "truncate"
  | "statvfs"
  | "fstatvfs"
  | "fsync"
  | "pread"
  | "pwrite"
  | "dup"
  | "dup2"
  | "pipe"
  | "eventfd"
  | "getfl"
  | "setfl"
  | "ttysize"
  | "stty"
>;

const SLASH = 47;
/** As Linux limits a path, with its NUL. */
const PATH_MAX = 4096;

/** An offset in a file as a number; `code` where it is beyond all files. */
function offsetNumber(offset: bigint, code: "EINVAL" | "EFBIG"): number {
  const n = Number(offset);
  if (!Number.isSafeInteger(n)) throw new SystemError(code);
  return n;
}

/** As a file service may describe a file with one time only, that is all of them. */
function complete(status: FileStatus): FileStatus {
  if (status.accessed !== undefined && status.changed !== undefined) return status;
  return { accessed: status.modified, changed: status.modified, ...status };
}

/** As the call readdir gives entries. */
function packed(entries: Iterable<DirectoryEntry>): Uint8Array {
  const all = [...entries];
  const out = new Uint8Array(all.reduce((n, { name }) => n + name.length + 10, 0));
  const view = new DataView(out.buffer);
  let at = 0;
  for (const { name, kind = 0, ino = 0 } of all) {
    if (givenName(name).includes(SLASH)) throw new SystemError("EIO");
    out[at] = kind;
    view.setBigUint64(at + 1, integer(ino), true);
    out.set(name, at + 9);
    at += name.length + 10;
  }
  return out;
}

/** The descriptor of the process that a path of the system stands for; undefined where it stands for another file. */
function ownDescriptor(path: Uint8Array): number | undefined {
  if (path.length > 24 || path[0] !== SLASH) return undefined;
  const text = String.fromCharCode(...path);
  const standard = ["/dev/stdin", "/dev/stdout", "/dev/stderr"].indexOf(text);
  if (standard >= 0) return standard;
  const number = /^\/(?:dev|proc\/self)\/fd\/(\d+)$/.exec(text)?.[1];
  return number === undefined ? undefined : Number(number);
}

/** A path without ".", ".." and doubled slashes; it is absolute. */
function tidied(path: Uint8Array): Uint8Array {
  const parts: string[] = [];
  for (const part of String.fromCharCode(...path).split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return Uint8Array.from(`/${parts.join("/")}`, (c) => c.charCodeAt(0));
}

/** Where relative paths begin. */
export class CurrentDirectory {
  /** Absolute, once it has been changed. */
  changed: Uint8Array | undefined;

  constructor(private readonly files: Files | undefined) {}

  /** What the service is given for a path of the program, whose bytes are copied. */
  resolve(path: Uint8Array): Uint8Array {
    if (path.length >= PATH_MAX) throw new SystemError("ENAMETOOLONG");
    const base = this.changed;
    if (base === undefined || path.length === 0 || path[0] === SLASH) return path.slice();
    return this.join(base, path);
  }

  private join(base: Uint8Array, path: Uint8Array): Uint8Array {
    const joined = new Uint8Array(base.length + 1 + path.length);
    joined.set(base);
    joined[base.length] = SLASH;
    joined.set(path, base.length + 1);
    return joined;
  }

  get(): Uint8Array {
    const files = granted(this.files, "GRANT_FILES");
    const path = this.changed ?? files.currentDirectory?.() ?? Uint8Array.of(SLASH);
    // It may have been removed.
    if (this.changed !== undefined) files.describePath(path);
    if (givenName(path)[0] !== SLASH) throw new SystemError("EIO");
    return path;
  }

  change(path: Uint8Array): void {
    const files = granted(this.files, "GRANT_FILES");
    const to = this.resolve(path);
    if (files.enterDirectory) {
      this.changed = files.enterDirectory(to).slice();
      return;
    }
    // Without symbolic links the text says where it is.
    const absolute = tidied(to[0] === SLASH ? to : this.join(this.get(), to));
    if ((files.describePath(absolute).mode & fileType.S_IFMT) !== fileType.S_IFDIR) throw new SystemError("ENOTDIR");
    this.changed = absolute;
  }

  changeTo(file: OpenFile): void {
    this.changed = whereIs(file);
  }
}

/** Where a folder is that is open. */
function whereIs(file: OpenFile): Uint8Array {
  if ((file.describe().mode & fileType.S_IFMT) !== fileType.S_IFDIR) throw new SystemError("ENOTDIR");
  return provided(file.enter?.bind(file))().slice();
}

/** `permitted`: the permission bits that a new file gets of those asked for. */
export function fileCalls(
  files: Files | undefined,
  current: CurrentDirectory,
  descriptors: Descriptors,
  permitted: (mode: number) => number,
): FileCalls {
  const grantedFiles = () => granted(files, "GRANT_FILES");
  /** A method of the service. */
  const method = <K extends keyof Files>(name: K) => methodOf(grantedFiles(), name);
  const at = (path: Uint8Array) => current.resolve(path);
  /** A call on a file of the outside, which has nothing yet: where the program wants to wait, it is told to. */
  const patient = (fd: number, call: () => number): number => {
    try {
      return call();
    } catch (error) {
      if (
        (error as { code?: unknown }).code !== "EAGAIN" ||
        !isOutside(descriptors.get(fd)) ||
        !descriptors.blocks(fd)
      ) {
        throw error;
      }
      throw new WouldWait();
    }
  };
  return {
    write: (fd, data) => {
      const taken = patient(fd, () => descriptors.get(fd).write(data));
      // Nothing taken and no error: the program would try it for ever.
      if (taken === 0 && data.length > 0) throw new SystemError("EIO");
      return taken;
    },
    read: (fd, into) => patient(fd, () => descriptors.get(fd, true).read(into)),
    open(path, flags, mode) {
      const own = ownDescriptor(path);
      const open = (name: Uint8Array) =>
        descriptors.open(() => grantedFiles().open(name, flags, permitted(mode)), flags);
      if (own === undefined) return open(at(path));
      if (descriptors.find(own) === undefined) throw new SystemError("ENOENT");
      const number = descriptors.hostFile(own);
      if (number === undefined) return descriptors.duplicate(own, 0);
      try {
        return open(new TextEncoder().encode(`/proc/self/fd/${number}`));
      } catch (error) {
        // Sockets, which our pipes may be to the system, cannot be opened again.
        if ((error as { code?: string }).code !== "ENXIO") throw error;
        return descriptors.duplicate(own, 0);
      }
    },
    close: (fd) => descriptors.close(fd),
    lseek: (fd, offset, whence) => BigInt(descriptors.get(fd).seek(offsetNumber(offset, "EINVAL"), whence)),
    ftruncate: (fd, size) => {
      const file = descriptors.get(fd);
      if (size < 0n) throw new SystemError("EINVAL");
      file.truncate(offsetNumber(size, "EFBIG"));
    },
    fstat: (fd) => complete(descriptors.get(fd).describe()),
    stat: (path) => complete(grantedFiles().describePath(at(path))),
    lstat(path) {
      const service = grantedFiles();
      return complete(service.describeLink ? service.describeLink(at(path)) : service.describePath(at(path)));
    },
    isatty: (fd) => descriptors.get(fd).isTerminal?.() ?? false,
    readdir: (path) => packed(method("list")(at(path))),
    fdreaddir(fd) {
      const file = descriptors.get(fd);
      if ((file.describe().mode & fileType.S_IFMT) !== fileType.S_IFDIR) throw new SystemError("ENOTDIR");
      return packed(provided(file.list?.bind(file))());
    },
    getcwd: () => current.get(),
    chdir: (path) => current.change(path),
    fchdir: (fd) => current.changeTo(descriptors.get(fd)),
    fdpath: (fd) => whereIs(descriptors.get(fd)),
    mkdir: (path, mode) => method("makeDirectory")(at(path), permitted(mode)),
    mknod: (path, mode, device) => method("makeNode")(at(path), permitted(mode), device),
    rmdir: (path) => method("removeDirectory")(at(path)),
    unlink: (path) => method("remove")(at(path)),
    rename: (from, to) => method("rename")(at(from), at(to)),
    link: (from, to) => method("link")(at(from), at(to)),
    symlink: (target, path) => method("symlink")(target.slice(), at(path)),
    readlink: (path) => givenName(method("readLink")(at(path))),
    chmod: (path, mode) => method("changeMode")(at(path), mode),
    fchmod(fd, mode) {
      const file = descriptors.get(fd);
      provided(file.changeMode?.bind(file))(mode);
    },
    chown: (path, uid, gid, follow) => method("changeOwner")(at(path), uid, gid, follow !== 0),
    fchown(fd, uid, gid) {
      const file = descriptors.get(fd);
      provided(file.changeOwner?.bind(file))(uid, gid);
    },
    utime: (path, accessed, modified, follow) => method("setTimes")(at(path), accessed, modified, follow !== 0),
    futime(fd, accessed, modified) {
      const file = descriptors.get(fd);
      provided(file.setTimes?.bind(file))(accessed, modified);
    },
    access(path, mode) {
      const service = grantedFiles();
      if (service.checkAccess) service.checkAccess(at(path), mode);
      else service.describePath(at(path));
    },
    truncate(path, size) {
      const length = offsetNumber(size, "EFBIG");
      if (length < 0) throw new SystemError("EINVAL");
      const file = grantedFiles().open(at(path), fileFlags.O_WRONLY, 0);
      try {
        file.truncate(length);
      } finally {
        file.close();
      }
    },
    statvfs: (path) => method("describeFileSystem")(at(path)),
    fstatvfs(fd) {
      const file = descriptors.get(fd);
      return provided(file.describeFileSystem?.bind(file))();
    },
    fsync: (fd, dataOnly) => descriptors.get(fd).sync?.(dataOnly !== 0),
    pread(fd, into, offset) {
      const file = descriptors.get(fd);
      const from = offsetNumber(offset, "EINVAL");
      if (from < 0) throw new SystemError("EINVAL");
      if (file.readAt === undefined) throw new SystemError("ESPIPE");
      return file.readAt(into, from);
    },
    pwrite(fd, data, offset) {
      const file = descriptors.get(fd);
      const to = offsetNumber(offset, "EINVAL");
      if (to < 0) throw new SystemError("EINVAL");
      if (file.writeAt === undefined) throw new SystemError("ESPIPE");
      return file.writeAt(data, to);
    },
    dup: (fd, least) => descriptors.duplicate(fd, least),
    dup2: (fd, to) => descriptors.duplicateTo(fd, to),
    pipe(flags) {
      const [reader, writer] = descriptors.pipe(flags);
      return writer * 65536 + reader;
    },
    eventfd: (initial, flags) => descriptors.open(() => eventCounter(initial >>> 0, flags), fileFlags.O_RDWR | flags),
    getfl: (fd) => descriptors.flags(fd),
    setfl: (fd, flags) => descriptors.setFlags(fd, flags),
    ttysize(fd) {
      const file = descriptors.get(fd);
      if (file.terminalSize === undefined) throw new SystemError("ENOTTY");
      const [columns, lines] = file.terminalSize();
      return lines * 65536 + columns;
    },
    stty(fd, words) {
      const file = descriptors.get(fd);
      if (file.stty === undefined) throw new SystemError("ENOTTY");
      return new TextEncoder().encode(file.stty(new TextDecoder().decode(words).split(" ")));
    },
  };
}
