/**
 * Python's values as JavaScript's, read from the bytes of the heap.
 *
 *   None → null              int   → number where it is exact, otherwise bigint      list, tuple → array
 *   bool → boolean           float → number                                          dict        → Map
 *   str  → string            bytes → Uint8Array                                      other       → PythonObject
 *
 * Instances of subclasses are "other". A container that holds itself becomes an array or Map that holds itself.
 */
import { staticTypes, structs } from "../generated/memory.ts";
import { type Memory, memorySource } from "../inspect/source/memory.ts";
import type { Process } from "./process.ts";

export type PythonValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | PythonValue[]
  | Map<PythonValue, PythonValue>
  | PythonObject;

/** A Python object that has no JavaScript form. It stays alive until it is released, or its interpreter disposed. */
export class PythonObject {
  constructor(
    private readonly process: Process,
    /** Its address, as id() gives it. */
    readonly address: number,
    readonly typeName: string,
  ) {
    process.runtime.retain(address);
    let all = held.get(process);
    if (all === undefined) held.set(process, (all = new Set()));
    all.add(this);
  }

  /** What repr() says of it. */
  toString(): string {
    if (!this.isHeld()) return `<released ${this.typeName} object>`;
    const text = this.process.runtime.reprOf(this.address);
    if (text === 0) return `<${this.typeName} object at 0x${this.address.toString(16)}>`;
    const value = readText(memorySource(this.process.memory.buffer), text);
    this.process.runtime.release(text);
    return value;
  }

  /** Gives the object back. It cannot be used afterwards. */
  release(): void {
    if (held.get(this.process)?.delete(this)) this.process.runtime.release(this.address);
  }

  private isHeld(): boolean {
    return held.get(this.process)?.has(this) ?? false;
  }
}

/** The objects that JavaScript holds of each process. */
const held = new WeakMap<Process, Set<PythonObject>>();

/** Releases all that JavaScript holds of the process. */
export function releaseAll(process: Process): void {
  for (const object of [...(held.get(process) ?? [])]) object.release();
}

const OCTAL_DIGITS = 10;
/** Smaller values are as soon converted as found again. */
const SHARED_BYTES = 64;
const STATE_COMPACT = 1 << 5;
const STATE_ASCII = 1 << 6;
const DICT_KEYS_GENERAL = 0;

function readText(reader: Memory, address: number): string {
  const state = reader.get(address, structs.PyASCIIObject.state);
  const length = reader.get(address, structs.PyASCIIObject.length);
  const kind = (state >> 2) & 7;
  let data = address + (state & STATE_ASCII ? 40 : 56);
  if (!(state & STATE_COMPACT)) data = reader.get(address, structs.PyUnicodeObject.data);
  const bytes = reader.bytes(data, length * kind);
  if (kind === 1) return Buffer.from(bytes).toString("latin1");
  const units = kind === 2 ? new Uint16Array(bytes.buffer) : new Uint32Array(bytes.buffer);
  let text = "";
  for (let i = 0; i < units.length; i += 4096) text += String.fromCodePoint(...units.subarray(i, i + 4096));
  return text;
}

function readInt(reader: Memory, address: number): number | bigint {
  const tag = reader.get(address, structs.PyLongObject.lv_tag);
  const count = Math.floor(tag / 8);
  if (count < 2) {
    const magnitude = reader.u32(address + structs.PyLongObject.ob_digit[0]);
    return (tag & 3) === 2 ? -magnitude : magnitude;
  }
  // A digit of 30 bits is ten octal ones, in which V8 reads an int of any size in linear time.
  const octal: string[] = [];
  for (let i = count - 1; i >= 0; i--) {
    const digit = reader.u32(address + structs.PyLongObject.ob_digit[0] + 4 * i);
    octal.push(digit.toString(8).padStart(OCTAL_DIGITS, "0"));
  }
  let value = BigInt(`0o0${octal.join("")}`);
  if ((tag & 3) === 2) value = -value;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/** The value of the object at `address`, borrowed. */
export function readValue(process: Process, address: number): PythonValue {
  const reader = memorySource(process.memory.buffer);
  const known = new Map<number, PythonValue>();
  // Containers are filled after they are made: values nest deeper than JavaScript's stack.
  const unfilled: (() => void)[] = [];

  const read = (object: number): PythonValue => {
    const type = reader.get(object, structs.PyObject.ob_type);
    switch (type) {
      case staticTypes._PyNone_Type:
        return null;
      case staticTypes.PyBool_Type:
        return readInt(reader, object) !== 0;
      case staticTypes.PyFloat_Type:
        return reader.get(object, structs.PyFloatObject.ob_fval);
    }
    // What many refer to is converted once: the result is in proportion to the heap.
    const seen = known.get(object);
    if (seen !== undefined) return seen;
    const remember = <T extends PythonValue>(value: T, size: number): T => {
      if (size >= SHARED_BYTES) known.set(object, value);
      return value;
    };
    switch (type) {
      case staticTypes.PyLong_Type:
        return remember(readInt(reader, object), reader.get(object, structs.PyLongObject.lv_tag) / 2);
      case staticTypes.PyUnicode_Type:
        return remember(readText(reader, object), reader.get(object, structs.PyASCIIObject.length));
      case staticTypes.PyBytes_Type: {
        const size = reader.get(object, structs.PyVarObject.ob_size);
        return remember(reader.bytes(object + structs.PyBytesObject.ob_sval[0], size), size);
      }
    }
    if (type === staticTypes.PyList_Type || type === staticTypes.PyTuple_Type) {
      const array: PythonValue[] = [];
      known.set(object, array);
      const isList = type === staticTypes.PyList_Type;
      const items = reader.get(object, isList ? structs.PyListObject.ob_item : structs.PyTupleObject.ob_item);
      const n = reader.get(object, structs.PyVarObject.ob_size);
      unfilled.push(() => {
        for (let i = 0; i < n; i++) array.push(read(reader.u64(items + 8 * i)));
      });
      return array;
    }
    if (type === staticTypes.PyDict_Type) {
      const map = new Map<PythonValue, PythonValue>();
      known.set(object, map);
      unfilled.push(() => {
        for (const [key, value] of entries(reader, object)) map.set(read(key), read(value));
      });
      return map;
    }
    const name = reader.text(reader.get(type, structs.PyTypeObject.tp_name)) ?? "object";
    const opaque = new PythonObject(process, object, name.slice(name.lastIndexOf(".") + 1));
    known.set(object, opaque);
    return opaque;
  };
  const value = read(address);
  for (let fill = unfilled.pop(); fill !== undefined; fill = unfilled.pop()) fill();
  return value;
}

/** The keys and values of a dict, in order. */
function* entries(reader: Memory, dict: number): Generator<[number, number]> {
  const keys = reader.get(dict, structs.PyDictObject.ma_keys);
  const values = reader.get(dict, structs.PyDictObject.ma_values);
  const indexBytes = 1 << reader.get(keys, structs.PyDictKeysObject.dk_log2_index_bytes);
  const table = keys + structs.PyDictKeysObject.dk_indices[0] + indexBytes;
  const general = reader.get(keys, structs.PyDictKeysObject.dk_kind) === DICT_KEYS_GENERAL;
  const n = reader.get(keys, structs.PyDictKeysObject.dk_nentries);
  if (values !== 0) {
    // A split table: the order of insertion is kept behind the values, a byte each.
    const { capacity, size } = structs.PyDictValues;
    const slots = values + structs.PyDictValues.values[0];
    const order = slots + 8 * reader.get(values, capacity);
    for (let i = 0; i < reader.get(values, size); i++) {
      const at = reader.u8(order + i);
      yield [reader.u64(table + 16 * at), reader.u64(slots + 8 * at)];
    }
    return;
  }
  for (let i = 0; i < n; i++) {
    const entry = general ? table + 24 * i + 8 : table + 16 * i;
    const value = reader.u64(entry + 8);
    if (value !== 0) yield [reader.u64(entry), value];
  }
}
