/**
 * The standard library as a service of the kernel: frozen modules, and its files, which lie in a folder that exists for
 * programs only.
 */
import type { LibraryArchive } from "./archive.ts";

export class StandardLibrary {
  constructor(
    readonly archive: LibraryArchive,
    /** The folder's path, without a slash at its end. */
    readonly folder: string,
  ) {}

  frozen(name: string): Uint8Array | undefined {
    return this.archive.read(`frozen/${name}`);
  }
}
