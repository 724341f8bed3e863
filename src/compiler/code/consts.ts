/**
 * The constants of one code object: which values are the same constant, and in which order they stand in `co_consts`.
 *
 * Mirrors `_PyCode_ConstantKey` and `code_richcompare` (`Objects/codeobject.c`): 1, 1.0 and True are three constants,
 * 0.0 and -0.0 are two, code objects are one when they would run alike and report the same positions. Deliberate
 * differences: there is no cache for a whole module (sharing between code objects is the `.pyc` writer's), and two
 * NaNs are never one constant.
 */

import { charge } from "../errors/limits.ts";
import { type CodeConstant, CodeObject } from "./code.ts";
import { CodePoints, Complex, type ConstantValue, ELLIPSIS, FrozenSet, Tuple } from "./constant.ts";

function floatKey(x: number): string {
  return Object.is(x, -0) ? "-0" : String(x);
}

/** A constant's places in its table and in the code object. */
const CONSTANT_BYTES = 80;

let nans = 0;

/** The bytes as a string of characters below 256. */
export function latin1(bytes: Uint8Array): string {
  let out = "";
  for (let i = 0; i < bytes.length; i += 4096) out += String.fromCharCode(...bytes.subarray(i, i + 4096));
  return out;
}

/** Equal for values that are the same constant. */
export function constantKey(v: ConstantValue): string {
  switch (typeof v) {
    case "string":
      return `s${v.length}:${v}`;
    case "bigint":
      return `i${v.toString(16)}`;
    case "number":
      return Number.isNaN(v) ? `nan${nans++}` : `f${floatKey(v)}`;
    case "boolean":
      return v ? "T" : "F";
    case "symbol":
      return "E";
  }
  if (v === null) return "N";
  if (v instanceof Tuple) return `(${v.items.map(constantKey).join(",")})`;
  if (v instanceof Uint8Array) return `b${v.length}:${latin1(v)}`;
  if (v instanceof Complex) return `c${floatKey(v.real)},${floatKey(v.imag)}`;
  if (v instanceof CodePoints) return `u${v.codePoints.join(",")}`;
  return `{${v.items.map(constantKey).sort().join(",")}}`;
}

/** Equal for values that Python's `==` calls equal: what a set of them would hold once. */
export function equalityKey(v: ConstantValue): string {
  const real = (x: number) =>
    Number.isInteger(x) ? `n${BigInt(x).toString(16)}` : Number.isNaN(x) ? `nan${nans++}` : `n${x}`;
  switch (typeof v) {
    case "bigint":
      return `n${v.toString(16)}`;
    case "boolean":
      return v ? "n1" : "n0";
    case "number":
      return real(v);
  }
  if (v instanceof Complex) return v.imag === 0 ? real(v.real) : `${real(v.real)},${real(v.imag)}`;
  if (v instanceof Tuple) return `(${v.items.map(equalityKey).join(",")})`;
  if (v instanceof FrozenSet) return `{${v.items.map(equalityKey).sort().join(",")}}`;
  return constantKey(v);
}

/** A frozenset of the values that are not equal to one before. */
export function frozenSetOf(values: readonly ConstantValue[]): FrozenSet {
  const distinct = new Map<string, ConstantValue>();
  for (const v of values) {
    const key = equalityKey(v);
    if (!distinct.has(key)) distinct.set(key, v);
  }
  return new FrozenSet([...distinct.values()]);
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

function sameNames(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((x, i) => x === b[i]);
}

/** Whether two code objects are one constant. Qualified names do not count. */
function sameCode(a: CodeObject, b: CodeObject): boolean {
  return (
    a.co_name === b.co_name &&
    a.co_argcount === b.co_argcount &&
    a.co_posonlyargcount === b.co_posonlyargcount &&
    a.co_kwonlyargcount === b.co_kwonlyargcount &&
    a.co_flags === b.co_flags &&
    a.co_firstlineno === b.co_firstlineno &&
    sameBytes(a.co_code, b.co_code) &&
    a.co_consts.length === b.co_consts.length &&
    a.co_consts.every((x, i) => sameConstant(x, b.co_consts[i])) &&
    sameNames(a.co_names, b.co_names) &&
    sameNames(a.localsplusnames, b.localsplusnames) &&
    sameBytes(a.co_linetable, b.co_linetable) &&
    sameBytes(a.co_exceptiontable, b.co_exceptiontable)
  );
}

/** FNV-1a over what tells most code objects apart: where they start and what locations they have. */
function hashCode(c: CodeObject): number {
  let hash = 0x811c9dc5 ^ c.co_firstlineno;
  const table = c.co_linetable;
  for (let i = 0; i < table.length; i++) hash = Math.imul(hash ^ table[i], 0x01000193);
  return hash;
}

function sameConstant(a: CodeConstant, b: CodeConstant): boolean {
  if (a instanceof CodeObject) return b instanceof CodeObject && sameCode(a, b);
  return !(b instanceof CodeObject) && (a === b || constantKey(a) === constantKey(b));
}

export class ConstTable {
  readonly values: CodeConstant[] = [];
  private readonly strings = new Map<string, number>();
  private readonly others = new Map<unknown, number>();
  /** Indices of code objects, by a hash. */
  private codes: Map<number, number[]> | null = null;

  /** The index of a constant, added if it is new. */
  add(v: CodeConstant): number {
    if (typeof v === "string") return this.find(this.strings, v, v);
    if (v === null || typeof v === "boolean" || v === ELLIPSIS) return this.find(this.others, v, v);
    if (typeof v === "bigint") {
      // A Map hashes an int by its low 64 bits, which many ints may have in common.
      return this.find(this.others, BigInt.asIntN(64, v) === v ? v : constantKey(v), v);
    }
    if (v instanceof CodeObject) {
      this.codes ??= new Map();
      const hash = hashCode(v);
      const alike = this.codes.get(hash);
      for (const i of alike ?? []) if (sameCode(this.values[i] as CodeObject, v)) return i;
      const index = this.values.push(v) - 1;
      if (alike === undefined) this.codes.set(hash, [index]);
      else alike.push(index);
      return index;
    }
    return this.find(this.others, constantKey(v), v);
  }

  private find<K>(map: Map<K, number>, key: K, v: CodeConstant): number {
    const found = map.get(key);
    if (found !== undefined) return found;
    // The value itself is the tree's; a key that was made for it is not.
    charge(CONSTANT_BYTES + (typeof key === "string" && key !== v ? 2 * key.length : 0));
    const index = this.values.push(v) - 1;
    map.set(key, index);
    return index;
  }
}
