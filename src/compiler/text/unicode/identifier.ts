/**
 * Identifiers by Unicode 15.1 (PEP 3131), from a table made of CPython 3.13's own: the `\p{XID_Start}` of a JavaScript
 * engine follows whatever Unicode version its ICU has. The tables are unpacked when the first non-ASCII name is met.
 */

import { partBounds, printableBounds, startBounds } from "../../../generated/identifiers.ts";

/** A set of code points as the sorted list of those at which membership changes. */
class CodePointSet {
  private bounds: Uint32Array | null = null;

  constructor(private readonly packed: string) {}

  has(codePoint: number): boolean {
    const bounds = this.bounds ?? this.unpack();
    let low = 0;
    let high = bounds.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (bounds[middle] <= codePoint) low = middle + 1;
      else high = middle;
    }
    return (low & 1) === 1;
  }

  private unpack(): Uint32Array {
    let at = 0;
    this.bounds = Uint32Array.from(this.packed.split(","), (step) => (at += Number.parseInt(step, 36)));
    return this.bounds;
  }
}

const start = new CodePointSet(startBounds);
const part = new CodePointSet(partBounds);
const printable = new CodePointSet(printableBounds);

/** The length in UTF-16 units of the longest prefix that is an identifier. */
export function identifierPrefixLength(name: string): number {
  let i = 0;
  while (i < name.length) {
    const ch = name.codePointAt(i)!;
    if (!(i === 0 ? start : part).has(ch)) break;
    i += ch > 0xffff ? 2 : 1;
  }
  return i;
}

/** Whether `repr` would show the character as itself. */
export function isPrintable(codePoint: number): boolean {
  return printable.has(codePoint);
}

/** The form in which a name is compared and stored: NFKC. */
export function normalizeIdentifier(name: string): string {
  for (let i = 0; i < name.length; i++) if (name.charCodeAt(i) > 127) return name.normalize("NFKC");
  return name;
}
