/**
 * What a block holds: an object, named by its type, or a part of one (a list's items, a dict's keys), or what is kept of
 * one that was let go.
 *
 * An object does not always begin with its block: what the collector tracks has 16 bytes of links before it, instances
 * with a managed dict have two pointers more. Whatever lies where `ob_type` would be must be a type whose instances begin
 * there; that settles it. The parts of objects are found from the objects that point to them.
 */
import { structs } from "../generated/memory.ts";
import type { Reader } from "./reader.ts";
import type { StaticType } from "./roots.ts";
import { derives, type TypeInfo, type Types } from "./types.ts";

export interface ObjectInfo {
  address: number;
  type: TypeInfo;
  /** -1: immortal. */
  refcount: number;
}

/** What was an object of the type with this name, let go and kept to be used again. */
export interface Kept {
  kept: string;
}

/** The object in the block at `address`, or undefined if there is none. */
export function objectIn(reader: Reader, types: Types, address: number, size: number): ObjectInfo | Kept | undefined {
  for (const before of [0, 16, 32]) {
    const object = address + before;
    if (before + structs.PyObject.SIZE[0] > size) break;
    const type = types.at(reader.get(object, structs.PyObject.ob_type));
    if (!type || type.preHeader !== before) continue;
    const count = reader.u32(object);
    if (count === 0) return { kept: type.name };
    return { address: object, type, refcount: count === 0xffffffff ? -1 : count };
  }
  return undefined;
}

const arrangements: StaticType[] = [
  "PyItertools_product_Type",
  "PyItertools_combinations_Type",
  "PyItertools_permutations_Type",
];
// As assembly/modules/itertools/arrangements.ts has it.
const ARRANGEMENT_INDICES = [32, "ptr"] as const;

/** The blocks that `object` points to and that are part of it: address and what it is. */
export function partsOf(reader: Reader, object: ObjectInfo): [number, string][] {
  const parts: [number, string][] = [];
  const { address, type } = object;
  const own = (at: number, what: string) => {
    if (at !== 0) parts.push([at, what]);
  };
  const get = reader.get.bind(reader);
  if (derives(type, "PyList_Type")) {
    own(get(address, structs.PyListObject.ob_item), "list items");
  } else if (derives(type, "PyDict_Type")) {
    own(get(address, structs.PyDictObject.ma_keys), "dict keys");
    const values = get(address, structs.PyDictObject.ma_values);
    if (values && !reader.u8(values + structs.PyDictValues.embedded[0])) own(values, "dict values");
  } else if (derives(type, "PySet_Type") || derives(type, "PyFrozenSet_Type")) {
    const table = get(address, structs.PySetObject.table);
    if (table !== address + structs.PySetObject.smalltable[0]) own(table, "set table");
  } else if (derives(type, "PyUnicode_Type")) {
    const state = get(address, structs.PyASCIIObject.state);
    if (!isCompact(state)) own(get(address, structs.PyUnicodeObject.data), "str characters");
    if (!isCompact(state) || !isAscii(state)) own(get(address, structs.PyCompactUnicodeObject.utf8), "str as UTF-8");
  } else if (
    derives(type, "PyBufferedReader_Type") ||
    derives(type, "PyBufferedWriter_Type") ||
    derives(type, "PyBufferedRandom_Type")
  ) {
    own(get(address, structs.buffered.buffer), "stream buffer");
  } else if (derives(type, "PyTextIOWrapper_Type")) {
    own(get(address, structs.textio.pending_bytes), "text stream buffer");
  } else if (derives(type, "PyStringIO_Type")) {
    own(get(address, structs.stringio.buf), "StringIO characters");
  } else if (derives(type, "PyByteArray_Type")) {
    own(get(address, structs.PyByteArrayObject.ob_bytes), "bytearray bytes");
  } else if (arrangements.some((symbol) => derives(type, symbol))) {
    own(get(address, ARRANGEMENT_INDICES), "iterator indices");
  } else if (derives(type, "PyCode_Type")) {
    own(get(address, structs.PyCodeObject._co_monitoring), "code monitoring");
    own(get(address, structs.PyCodeObject._co_cached), "code cache");
    own(get(address, structs.PyCodeObject.co_extra), "code extra");
  } else if (derives(type, "PyType_Type")) {
    for (const part of partsOfType(reader, address)) own(...part);
  }
  return parts;
}

/** The blocks that the type at `address` points to and that are part of it. */
export function partsOfType(reader: Reader, address: number): [number, string][] {
  const T = structs.PyHeapTypeObject;
  if (!isHeapType(reader.get(address, T.tp_flags))) return [];
  return [
    [reader.get(address, T.tp_doc), "type doc"],
    [reader.get(address, T._ht_tpname), "type name"],
    [reader.get(address, T.tp_name), "type name"],
    [reader.get(address, T.ht_cached_keys), "dict keys"],
    [reader.get(address, T.tp_members), "type members"],
  ];
}

const isHeapType = (flags: number) => (flags & (1 << 9)) !== 0;

// PyASCIIObject.state, from the low bits: interned 2, kind 3, compact 1, ascii 1, statically allocated 1.
const kindOf = (state: number) => (state >> 2) & 7;
const isCompact = (state: number) => ((state >> 5) & 1) !== 0;
const isAscii = (state: number) => ((state >> 6) & 1) !== 0;

/** The objects in each of the collector's three generations, by address. Ends at a link that leads nowhere. */
export function readGenerations(reader: Reader, heads: number[]): Map<number, 0 | 1 | 2> {
  const found = new Map<number, 0 | 1 | 2>();
  heads.forEach((head, i) => {
    let at = reader.pointer(head);
    while (at !== head && at > 0 && at < reader.source.end) {
      const object = at + structs.PyGC_Head.SIZE[0];
      if (found.has(object)) break;
      found.set(object, i as 0 | 1 | 2);
      // Two flags live in the low bits.
      at = reader.pointer(at);
      at -= at % 4;
    }
  });
  return found;
}

const descriptors: StaticType[] = [
  "PyMethodDescr_Type",
  "PyClassMethodDescr_Type",
  "PyWrapperDescr_Type",
  "PyMemberDescr_Type",
  "PyGetSetDescr_Type",
];
const TEXT_MAX = 48;

/** A line about the object: its value where that is short, its length, its name. Empty where there is nothing to say. */
export function describe(reader: Reader, object: ObjectInfo, types: Types): string {
  const { address, type } = object;
  const count = (field: readonly [number, "ssize"], what: string) => {
    const n = reader.get(address, field);
    return `${n} ${what}${n === 1 ? "" : "s"}`;
  };
  const name = (field: readonly [number, "ptr"]) => textOf(reader, reader.get(address, field), types);
  if (derives(type, "PyLong_Type")) return describeInt(reader, address);
  if (derives(type, "PyFloat_Type")) return String(reader.get(address, structs.PyFloatObject.ob_fval));
  if (derives(type, "PyUnicode_Type")) return JSON.stringify(readText(reader, address));
  if (derives(type, "PyBytes_Type")) return describeBytes(reader, address);
  if (derives(type, "PyTuple_Type")) return count(structs.PyVarObject.ob_size, "item");
  if (derives(type, "PyList_Type")) return count(structs.PyVarObject.ob_size, "item");
  if (derives(type, "PyDict_Type")) return count(structs.PyDictObject.ma_used, "item");
  if (derives(type, "PySet_Type") || derives(type, "PyFrozenSet_Type")) return count(structs.PySetObject.used, "item");
  if (derives(type, "PyFunction_Type")) return name(structs.PyFunctionObject.func_qualname);
  if (derives(type, "PyCode_Type")) return name(structs.PyCodeObject.co_qualname);
  if (derives(type, "PyModule_Type")) return name(structs.PyModuleObject.md_name);
  if (derives(type, "PyType_Type")) return types.at(address)?.name ?? "";
  if (descriptors.some((symbol) => derives(type, symbol))) {
    const owner = types.at(reader.get(address, structs.PyDescrObject.d_type))?.name;
    return `${owner ? `${owner}.` : ""}${name(structs.PyDescrObject.d_name)}`;
  }
  if (derives(type, "PyGen_Type")) return name(structs.PyGenObject.gi_qualname);
  return "";
}

function describeInt(reader: Reader, address: number): string {
  const tag = reader.get(address, structs.PyLongObject.lv_tag);
  const digits = Math.floor(tag / 8);
  // A value of many digits takes too long to write out, and to read.
  if (digits > 6) return `${digits} digits of 30 bits`;
  if (digits <= 1) {
    const value = digits === 0 ? 0 : reader.u32(address + structs.PyLongObject.ob_digit[0]);
    return String((tag & 3) === 2 ? -value : value);
  }
  let value = 0n;
  for (let i = digits - 1; i >= 0; i--)
    value = (value << 30n) | BigInt(reader.u32(address + structs.PyLongObject.ob_digit[0] + 4 * i));
  return String((tag & 3) === 2 ? -value : value);
}

function describeBytes(reader: Reader, address: number): string {
  const length = reader.get(address, structs.PyVarObject.ob_size);
  const shown = reader.bytes(address + structs.PyBytesObject.ob_sval[0], Math.max(0, Math.min(length, TEXT_MAX)));
  const text = [...shown].map((b) =>
    b > 31 && b < 127 ? String.fromCharCode(b) : `\\x${b.toString(16).padStart(2, "0")}`,
  );
  return `b"${text.join("")}"${length > TEXT_MAX ? ` … ${length} bytes` : ""}`;
}

/** The text of the str at `address`, cut short. */
function readText(reader: Reader, address: number): string {
  const state = reader.get(address, structs.PyASCIIObject.state);
  const length = reader.get(address, structs.PyASCIIObject.length);
  const kind = kindOf(state);
  const data = !isCompact(state)
    ? reader.get(address, structs.PyUnicodeObject.data)
    : address + (isAscii(state) ? structs.PyASCIIObject.SIZE[0] : structs.PyCompactUnicodeObject.SIZE[0]);
  const n = Math.max(0, Math.min(length, TEXT_MAX));
  if (kind !== 1 && kind !== 2 && kind !== 4) return "";
  const view = reader.source.view(data, n * kind);
  let text = "";
  for (let i = 0; i < n; i++) {
    const unit = kind === 1 ? view.getUint8(i) : kind === 2 ? view.getUint16(i * 2, true) : view.getUint32(i * 4, true);
    text += unit <= 0x10ffff ? String.fromCodePoint(unit) : "\ufffd";
  }
  return length > TEXT_MAX ? `${text}…` : text;
}

/** The text of what should be a str, empty where it is not. */
function textOf(reader: Reader, address: number, types: Types): string {
  if (address <= 0 || address >= reader.source.end) return "";
  const type = types.at(reader.get(address, structs.PyObject.ob_type));
  return type && derives(type, "PyUnicode_Type") ? readText(reader, address) : "";
}
