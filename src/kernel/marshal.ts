/**
 * Values of the host's own as marshal: the compiler's answers, the configuration of a process. Nothing is numbered, so
 * that code objects may follow with numbers of theirs.
 */
import { ByteWriter } from "../compiler/assemble/bytes.ts";
import { Type } from "../compiler/marshal/types.ts";
import { encodeText } from "../compiler/text/text.ts";

/** An array is a tuple, a map a dict. */
export type MarshalValue =
  | string
  | number
  | boolean
  | null
  | readonly MarshalValue[]
  | List
  | ReadonlyMap<string, MarshalValue>;

/** A Python list. */
export class List {
  constructor(readonly items: readonly MarshalValue[]) {}
}

/** Numbers are ints of 32 bits. */
export function writeValue(out: ByteWriter, value: MarshalValue): void {
  if (value === null) out.u8(Type.NONE);
  else if (typeof value === "boolean") out.u8(value ? Type.TRUE : Type.FALSE);
  else if (typeof value === "number") {
    out.u8(Type.INT);
    out.u32(value);
  } else if (typeof value === "string") {
    const bytes = encodeText(value);
    out.u8(Type.UNICODE);
    out.u32(bytes.length);
    out.bytes(bytes);
  } else if (value instanceof List) writeItems(out, Type.LIST, value.items);
  else if (value instanceof Map) {
    out.u8(Type.DICT);
    for (const [key, item] of value) {
      writeValue(out, key);
      writeValue(out, item);
    }
    out.u8(Type.NULL);
  } else writeItems(out, Type.TUPLE, value as readonly MarshalValue[]);
}

function writeItems(out: ByteWriter, type: Type, items: readonly MarshalValue[]): void {
  out.u8(type);
  out.u32(items.length);
  for (const item of items) writeValue(out, item);
}

export function marshalValue(value: MarshalValue): Uint8Array {
  const out = new ByteWriter(1024);
  writeValue(out, value);
  return out.finish();
}
