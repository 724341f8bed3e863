/**
 * Where the fields of a Python's structures are, by CPython's own names (`PyListObject.ob_item`). One table a version;
 * the reader is handed the one that fits what it reads, and is written once for all of them.
 *
 * What is the same in every version that the reader knows is not in the tables: the reference count is at 0, the type at
 * 8, the size of what has items at 16; blocks are multiples of 16 bytes.
 */
export class Layout {
  constructor(
    /** "vitrine", or "cpython". */
    readonly kind: "vitrine" | "cpython",
    /** Of the language: [3, 13]. */
    readonly version: readonly [number, number],
    private readonly fields: ReadonlyMap<string, number>,
  ) {}

  /** The field's offset. A version without it is a mistake of the caller's. */
  at(field: string): number {
    const offset = this.fields.get(field);
    if (offset === undefined) throw new Error(`${this.kind} ${this.version.join(".")} has no ${field}`);
    return offset;
  }

  /** The field's offset, -1 where the version has none. */
  find(field: string): number {
    return this.fields.get(field) ?? -1;
  }

  /** Whether the version is `minor` of Python 3, or a later one. */
  since(minor: number): boolean {
    return this.version[1] >= minor;
  }
}
