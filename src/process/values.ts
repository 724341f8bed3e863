/**
 * Python's values as JavaScript's, read from the bytes of the heap.
 *
 *   None → null              int   → number where it is exact, otherwise bigint      list, tuple → array
 *   bool → boolean           float → number                                          dict        → Map
 *   str  → string            bytes → Uint8Array                                      other       → what `other` makes of it
 *
 * Instances of subclasses are "other". A container that holds itself becomes an array or Map that holds itself. What many
 * refer to is converted once, and what is made is counted: a value takes no more of the host's memory than it is allowed.
 */
import { staticTypes } from "../generated/memory.ts";
import * as structs from "../generated/structs.ts";
import { LimitError } from "./errors.ts";
import type { HeapView } from "./heapview.ts";

/** A value of the host's, as a program's values become it. `T` is what stands for an object that has no such form. */
export type Value<T> =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | Value<T>[]
  | Map<Value<T>, Value<T>>
  | T;

const OCTAL_DIGITS = 10;
const ZERO = 48;
const LETTER_O = 111;
/** Smaller values are as soon converted as found again. */
const SHARED_BYTES = 64;
const STATE_COMPACT = 1 << 5;
const STATE_ASCII = 1 << 6;
const DICT_KEYS_GENERAL = 0;
/** V8's limits, which no other engine is below. */
const TEXT_UNITS_MAX = 2 ** 29 - 24;
const MAP_ENTRIES_MAX = 2 ** 24 - 1;
/** What V8 takes for an item of an array, and for an entry of a Map. */
const ITEM_BYTES = 8;
const ENTRY_BYTES = 40;
/** Code units that are made a string at once. */
const UNITS = 8192;

const OB_TYPE = structs.PyObject.ob_type[0];
const OB_SIZE = structs.PyVarObject.ob_size[0];
const LV_TAG = structs.PyLongObject.lv_tag[0];
const OB_DIGIT = structs.PyLongObject.ob_digit[0];

function tooLarge(what: string): never {
  throw new LimitError("values", "MemoryError", what);
}

const utf8 = new TextDecoder();

function readText(view: HeapView, address: number): string {
  const state = view.word(address + structs.PyASCIIObject.state[0]);
  const length = view.word(address + structs.PyASCIIObject.length[0]);
  if (length > TEXT_UNITS_MAX) tooLarge("a str is longer than a string of JavaScript can be");
  const kind = (state >> 2) & 7;
  let data = address + (state & STATE_ASCII ? 40 : 56);
  if (!(state & STATE_COMPACT)) data = view.word(address + structs.PyUnicodeObject.data[0]);
  if (kind === 1) {
    const bytes = view.u8.subarray(data, data + length);
    if (length < 16) {
      let text = "";
      for (let i = 0; i < length; i++) text += String.fromCharCode(bytes[i]!);
      return text;
    }
    // Decoders refuse shared memory.
    if (state & STATE_ASCII) return utf8.decode(view.bytes(data, length));
    return ofUnits(bytes);
  }
  const bytes = view.bytes(data, length * kind);
  if (kind === 2) return ofUnits(new Uint16Array(bytes.buffer));
  const codes = new Uint32Array(bytes.buffer);
  let text = "";
  let units = length;
  for (let i = 0; i < codes.length; i += UNITS) {
    const piece = codes.subarray(i, i + UNITS);
    for (const code of piece) if (code > 0xffff) units++;
    if (units > TEXT_UNITS_MAX) tooLarge("a str is longer than a string of JavaScript can be");
    text += String.fromCodePoint(...piece);
  }
  return text;
}

function ofUnits(units: Uint8Array | Uint16Array): string {
  let text = "";
  for (let i = 0; i < units.length; i += UNITS) text += String.fromCharCode(...units.subarray(i, i + UNITS));
  return text;
}

function readInt(view: HeapView, address: number): number | bigint {
  const tag = view.word(address + LV_TAG);
  const count = tag >>> 3;
  if (count < 2) {
    const magnitude = view.word(address + OB_DIGIT);
    return (tag & 3) === 2 ? -magnitude : magnitude;
  }
  if (count === 2) {
    const magnitude = view.word(address + OB_DIGIT) + view.word(address + OB_DIGIT + 4) * 2 ** 30;
    if (magnitude <= Number.MAX_SAFE_INTEGER) return (tag & 3) === 2 ? -magnitude : magnitude;
  }
  // A digit of 30 bits is ten octal ones, in which V8 reads an int of any size in linear time.
  const octal = new Uint8Array(2 + count * OCTAL_DIGITS).fill(ZERO);
  octal[1] = LETTER_O;
  for (let i = 0, end = octal.length; i < count; i++, end -= OCTAL_DIGITS) {
    let digit = view.word(address + OB_DIGIT + 4 * i);
    for (let at = end - 1; digit > 0; at--, digit >>= 3) octal[at] = ZERO + (digit & 7);
  }
  const value = BigInt(utf8.decode(octal));
  return (tag & 3) === 2 ? -value : value;
}

/** Reads values out of one process. */
export class ValueReader<T> {
  /**
   * `other` makes something of the object at an address, which is borrowed. `most`: bytes of the host's memory that a value
   * may take.
   */
  constructor(
    private readonly view: HeapView,
    private readonly other: (address: number, type: number) => T,
    private readonly most: number,
  ) {}

  /** The value of the object at `address`, borrowed. Throws LimitError. */
  read(address: number): Value<T> {
    this.view.renew();
    const small = this.readSmall(address);
    return small === undefined ? this.readLarge([address])[0]! : small;
  }

  /** The values of several objects, as if one list held them: what they share is converted, and counted, once. */
  readAll(addresses: readonly number[]): Value<T>[] {
    this.view.renew();
    const values: Value<T>[] = [];
    for (const address of addresses) {
      const small = this.readSmall(address);
      if (small === undefined) return this.readLarge(addresses);
      values.push(small);
    }
    return values;
  }

  /** What takes no memory of the host's; undefined for everything else. */
  private readSmall(address: number): Value<T> | undefined {
    const { view } = this;
    switch (view.word(address + OB_TYPE)) {
      case staticTypes._PyNone_Type:
        return null;
      case staticTypes.PyBool_Type:
        return view.word(address + OB_DIGIT) !== 0;
      case staticTypes.PyFloat_Type:
        return view.f64[(address + structs.PyFloatObject.ob_fval[0]) >>> 3]!;
      case staticTypes.PyLong_Type:
        if (view.word(address + LV_TAG) < 24) return readInt(view, address);
    }
    return undefined;
  }

  private readLarge(addresses: readonly number[]): Value<T>[] {
    const { view } = this;
    const known = new Map<number, Value<T>>();
    // Containers are filled after they are made: values nest deeper than JavaScript's stack.
    const unfilled: (() => void)[] = [];
    let left = this.most;
    const charge = (bytes: number) => {
      left -= bytes;
      if (left < 0) tooLarge(`a value takes more than ${this.most} bytes of the host's memory`);
    };

    const read = (object: number): Value<T> => {
      const type = view.word(object + OB_TYPE);
      switch (type) {
        case staticTypes._PyNone_Type:
          return null;
        case staticTypes.PyBool_Type:
          return view.word(object + OB_DIGIT) !== 0;
        case staticTypes.PyFloat_Type:
          return view.f64[(object + structs.PyFloatObject.ob_fval[0]) >>> 3]!;
      }
      if (type === staticTypes.PyLong_Type && view.word(object + LV_TAG) < 24) return readInt(view, object);
      const seen = known.get(object);
      if (seen !== undefined) return seen;
      const remember = <V extends Value<T>>(value: V, size: number): V => {
        if (size >= SHARED_BYTES) known.set(object, value);
        return value;
      };
      switch (type) {
        case staticTypes.PyLong_Type: {
          const size = (view.word(object + LV_TAG) >>> 3) * 4;
          charge(size + 16);
          return remember(readInt(view, object), size);
        }
        case staticTypes.PyUnicode_Type: {
          const length = view.word(object + structs.PyASCIIObject.length[0]);
          const kind = (view.word(object + structs.PyASCIIObject.state[0]) >> 2) & 7;
          charge(length * Math.min(kind, 2) + 16);
          return remember(readText(view, object), length);
        }
        case staticTypes.PyBytes_Type: {
          const size = view.word(object + OB_SIZE);
          charge(size + 64);
          return remember(view.bytes(object + structs.PyBytesObject.ob_sval[0], size), size);
        }
      }
      if (type === staticTypes.PyList_Type || type === staticTypes.PyTuple_Type) {
        const isList = type === staticTypes.PyList_Type;
        const n = view.word(object + OB_SIZE);
        const items = isList
          ? view.word(object + structs.PyListObject.ob_item[0])
          : object + structs.PyTupleObject.ob_item[0];
        charge(n * ITEM_BYTES + 32);
        const array: Value<T>[] = [];
        known.set(object, array);
        unfilled.push(() => {
          for (let i = 0; i < n; i++) array.push(read(view.word(items + 8 * i)));
        });
        return array;
      }
      if (type === staticTypes.PyDict_Type) {
        const used = view.word(object + structs.PyDictObject.ma_used[0]);
        if (used > MAP_ENTRIES_MAX) tooLarge("a dict has more entries than a Map of JavaScript can have");
        charge(used * ENTRY_BYTES + 64);
        const map = new Map<Value<T>, Value<T>>();
        known.set(object, map);
        unfilled.push(() => {
          for (const [key, value] of entries(view, object)) map.set(read(key), read(value));
        });
        return map;
      }
      charge(SHARED_BYTES);
      const opaque = this.other(object, type) as Value<T>;
      known.set(object, opaque);
      return opaque;
    };
    const values = addresses.map(read);
    for (let fill = unfilled.pop(); fill !== undefined; fill = unfilled.pop()) fill();
    return values;
  }
}

/** The name of a type, without its module. */
export function typeName(view: HeapView, type: number): string {
  const start = view.word(type + structs.PyTypeObject.tp_name[0]);
  const end = view.u8.indexOf(0, start);
  const name = utf8.decode(view.bytes(start, end - start));
  return name.slice(name.lastIndexOf(".") + 1);
}

/** The keys and values of a dict, in order. */
function* entries(view: HeapView, dict: number): Generator<[number, number]> {
  const keys = view.word(dict + structs.PyDictObject.ma_keys[0]);
  const values = view.word(dict + structs.PyDictObject.ma_values[0]);
  const indexBytes = 1 << view.u8[keys + structs.PyDictKeysObject.dk_log2_index_bytes[0]]!;
  const table = keys + structs.PyDictKeysObject.dk_indices[0] + indexBytes;
  const general = view.u8[keys + structs.PyDictKeysObject.dk_kind[0]] === DICT_KEYS_GENERAL;
  const n = view.word(keys + structs.PyDictKeysObject.dk_nentries[0]);
  if (values !== 0) {
    // A split table: the order of insertion is kept behind the values, a byte each.
    const { capacity, size } = structs.PyDictValues;
    const slots = values + structs.PyDictValues.values[0];
    const order = slots + 8 * view.u8[values + capacity[0]]!;
    for (let i = 0; i < view.u8[values + size[0]]!; i++) {
      const at = view.u8[order + i]!;
      yield [view.word(table + 16 * at), view.word(slots + 8 * at)];
    }
    return;
  }
  for (let i = 0; i < n; i++) {
    const entry = general ? table + 24 * i + 8 : table + 16 * i;
    const value = view.word(entry + 8);
    if (value !== 0) yield [view.word(entry), value];
  }
}
