/**
 * Private names: inside `class Spam`, `__egg` becomes `_Spam__egg`. Mirrors `_Py_Mangle` and `_Py_MaybeMangle`
 * (`Python/symtable.c`).
 */
import type { SymtableEntry } from "./entry.ts";

const UNDERSCORE = 95;

/** The name that `ident` has inside the class `privateName` (null: not in a class). */
export function mangle(privateName: string | null, ident: string): string {
  if (privateName === null || ident.charCodeAt(0) !== UNDERSCORE || ident.charCodeAt(1) !== UNDERSCORE) return ident;
  // Names that end in two underscores are everybody's; names with a dot are modules.
  const n = ident.length;
  if (ident.charCodeAt(n - 1) === UNDERSCORE && ident.charCodeAt(n - 2) === UNDERSCORE) return ident;
  if (ident.includes(".")) return ident;
  let start = 0;
  while (start < privateName.length && privateName.charCodeAt(start) === UNDERSCORE) start++;
  if (start === privateName.length) return ident;
  return `_${privateName.slice(start)}${ident}`;
}

/** As `mangle`, except that a block which limits mangling to some names keeps the others as they are. */
export function maybeMangle(privateName: string | null, entry: SymtableEntry, ident: string): string {
  if (entry.mangledNames !== null && !entry.mangledNames.has(ident)) return ident;
  return mangle(privateName, ident);
}
