/** What an object says of itself in a line: its value where that is short, its length, its name. */
import type { Layout } from "../../layouts/layout.ts";
import type { Memory } from "../source/memory.ts";
import { Family, type TypeInfo, type Types } from "./types.ts";
import { isAscii, isCompact, kindOf } from "./walk.ts";

const TEXT_MAX = 48;
const DIGITS_MAX = 6;
const GENERAL_NAMES: Record<string, string> = {
  function: "PyFunctionObject.func_qualname",
  module: "PyModuleObject.md_name",
  generator: "PyGenObject.gi_qualname",
};
const descriptors = new Set([
  "method_descriptor",
  "classmethod_descriptor",
  "wrapper_descriptor",
  "slot wrapper",
  "member_descriptor",
  "getset_descriptor",
]);

/** A line about the object at `address`. Empty where there is nothing to say. */
export function describe(memory: Memory, types: Types, address: number, type: TypeInfo): string {
  const { layout } = types;
  const count = (n: number, what: string) => `${n} ${what}${n === 1 ? "" : "s"}`;
  switch (type.family) {
    case Family.Int:
      return describeInt(memory, layout, address);
    case Family.Float:
      return String(memory.f64(address + 16));
    case Family.Str:
      return JSON.stringify(readText(memory, layout, address));
    case Family.Bytes:
      return describeBytes(memory, address);
    case Family.Tuple:
    case Family.List:
    case Family.Deque:
      return count(memory.i64(address + 16), "item");
    case Family.Dict:
    case Family.OrderedDict:
      return count(memory.i64(address + 16), "item");
    case Family.Set:
      return count(memory.i64(address + 24), "item");
    case Family.Type:
      return types.at(address)?.name ?? "";
  }
  if (type.core === "code") {
    const field = layout.since(11) ? "PyCodeObject.co_qualname" : "PyCodeObject.co_name";
    return textOf(memory, types, memory.u64(address + layout.at(field)));
  }
  if (descriptors.has(type.core)) {
    const owner = types.at(memory.u64(address + layout.at("PyDescrObject.d_type")))?.name;
    const name = textOf(memory, types, memory.u64(address + layout.at("PyDescrObject.d_name")));
    return `${owner ? `${owner}.` : ""}${name}`;
  }
  const field = GENERAL_NAMES[type.core];
  return field === undefined ? "" : textOf(memory, types, memory.u64(address + layout.at(field)));
}

/** How many items the object at `address` has, undefined where it is not a container. */
export function lengthOf(memory: Memory, address: number, type: TypeInfo): number | undefined {
  switch (type.family) {
    case Family.List:
    case Family.Tuple:
    case Family.Deque:
    case Family.Dict:
    case Family.OrderedDict:
      return memory.i64(address + 16);
    case Family.Set:
      return memory.i64(address + 24);
    default:
      return undefined;
  }
}

function describeInt(memory: Memory, layout: Layout, address: number): string {
  const digit = (i: number) => memory.u32(address + 24 + 4 * i);
  let digits: number;
  let negative: boolean;
  if (layout.since(12)) {
    const tag = memory.u64(address + 16);
    digits = Math.floor(tag / 8);
    negative = tag % 4 === 2;
  } else {
    const size = memory.i64(address + 16);
    digits = Math.abs(size);
    negative = size < 0;
  }
  // A value of many digits takes too long to write out, and to read.
  if (digits > DIGITS_MAX) return `${digits} digits of 30 bits`;
  let value = 0n;
  for (let i = digits - 1; i >= 0; i--) value = (value << 30n) | BigInt(digit(i));
  return String(negative ? -value : value);
}

function describeBytes(memory: Memory, address: number): string {
  const length = memory.i64(address + 16);
  const shown = memory.bytes(address + 32, Math.max(0, Math.min(length, TEXT_MAX)));
  const text = [...shown].map((b) =>
    b > 31 && b < 127 ? String.fromCharCode(b) : `\\x${b.toString(16).padStart(2, "0")}`,
  );
  return `b"${text.join("")}"${length > TEXT_MAX ? ` … ${length} bytes` : ""}`;
}

/** The text of the str at `address`, cut short. */
function readText(memory: Memory, layout: Layout, address: number, limit = TEXT_MAX): string {
  const state = memory.u32(address + 32);
  const length = memory.i64(address + 16);
  const kind = kindOf(state);
  const data = !isCompact(state)
    ? memory.u64(address + layout.at("PyUnicodeObject.data"))
    : address + layout.at(isAscii(state) ? "PyASCIIObject.SIZE" : "PyCompactUnicodeObject.SIZE");
  const n = Math.max(0, Math.min(length, limit));
  if (kind !== 1 && kind !== 2 && kind !== 4) return "";
  const view = memory.view(data, n * kind);
  let text = "";
  for (let i = 0; i < n; i++) {
    const unit = kind === 1 ? view.getUint8(i) : kind === 2 ? view.getUint16(i * 2, true) : view.getUint32(i * 4, true);
    text += unit <= 0x10ffff ? String.fromCodePoint(unit) : "\ufffd";
  }
  return length > limit ? `${text}…` : text;
}

/** The text of what should be a str, empty where it is not. */
export function textOf(memory: Memory, types: Types, address: number, limit = TEXT_MAX): string {
  return types.of(address)?.family === Family.Str ? readText(memory, types.layout, address, limit) : "";
}
