/**
 * The encodings that a PEP 263 cookie can name, by CPython 3.13's names. Those with one byte a character are read with
 * its own tables; of the others, what a browser and Node both have: UTF-8 and the multi-byte encodings of TextDecoder.
 *
 * Differences, all in encodings that hardly any source has: utf-7, utf-16, utf-32, the escape encodings, johab, hz, the
 * Korean and Japanese variants and other East Asian encodings that TextDecoder lacks are unknown here; where TextDecoder
 * knows more characters of a multi-byte encoding than CPython, they are accepted, and where bytes are illegal the
 * position that is reported can be later.
 */

import { binaryEncodings, byteTables, encodingAliases } from "../../generated/encodings.ts";
import { decodeErrorMessage, decodeUtf8, latin1Text, UnicodeDecodeError } from "./utf8.ts";

/** What CPython's tokenizer makes of a cookie: the two common encodings under one name each, others untouched. */
export function normalEncodingName(name: string): string {
  const head = name.slice(0, 12).toLowerCase().replaceAll("_", "-");
  if (head === "utf-8" || head.startsWith("utf-8-")) return "utf-8";
  if (/^(latin-1|iso-8859-1|iso-latin-1)($|-)/.test(head)) return "iso-8859-1";
  return name;
}

/** CPython's names for what TextDecoder decodes. */
const decoders: Readonly<Record<string, string>> = {
  big5: "big5",
  cp932: "shift_jis",
  cp949: "euc-kr",
  euc_jp: "euc-jp",
  euc_kr: "euc-kr",
  gb18030: "gb18030",
  gb2312: "gbk",
  gbk: "gbk",
  iso2022_jp: "iso-2022-jp",
  shift_jis: "shift_jis",
};

/** Bytes that these do not use and TextDecoder takes for a character. */
const illegalByte: Readonly<Record<string, RegExp>> = {
  big5: /[\x80\xff]/,
  cp932: /[\xfd-\xff]/,
  cp949: /[\x80\xff]/,
  euc_jp: /[\x80-\x8d\x90-\xa0\xff]/,
  euc_kr: /[\x80-\xa0\xff]/,
  gb18030: /[\x80\xff]/,
  gb2312: /[\x80-\xa0\xff]/,
  gbk: /[\x80\xff]/,
};

let names: Map<string, string> | null = null;

/** CPython's module for an encoding, whatever its name. */
function moduleName(name: string): string {
  if (!names) {
    names = new Map();
    for (const group of encodingAliases.split(";")) {
      const [module, ...aliases] = group.split(" ");
      for (const alias of aliases) names.set(alias, module);
    }
  }
  // Letters and digits, runs of anything else as one underscore.
  const normal = name
    .toLowerCase()
    .replace(/[^a-z0-9.]+/g, "_")
    .replace(/^_+|_+$/g, "");
  return names.get(normal) ?? names.get(normal.replaceAll(".", "_")) ?? normal;
}

/** The text of `bytes`. Throws UnicodeDecodeError, or RangeError for an unknown encoding, with CPython's messages. */
export function decodeSource(bytes: Uint8Array, name: string): string {
  const module = moduleName(name);
  if (binaryEncodings.includes(module)) {
    throw new RangeError(`'${name}' is not a text encoding; use codecs.decode() to handle arbitrary codecs`);
  }
  switch (module) {
    case "utf_8":
      return decodeUtf8(bytes);
    case "utf_8_sig":
      return decodeUtf8(bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes);
    case "latin_1":
      return latin1Text(bytes);
    case "ascii": {
      const at = bytes.findIndex((c) => c >= 128);
      if (at < 0) return latin1Text(bytes);
      throw new UnicodeDecodeError(decodeErrorMessage("ascii", bytes, at, 1, "ordinal not in range(128)"));
    }
  }
  if (Object.hasOwn(byteTables, module)) return decodeByTable(bytes, byteTables[module]);
  if (Object.hasOwn(decoders, module)) return decodeMultibyte(bytes, module);
  throw new RangeError(`unknown encoding: ${name}`);
}

function decodeByTable(bytes: Uint8Array, table: string): string {
  const first = 256 - table.length;
  let out = "";
  for (let i = 0; i < bytes.length; i++) {
    const c = bytes[i];
    const ch = c < first ? String.fromCharCode(c) : table[c - first];
    if (ch === "\ufffe") {
      throw new UnicodeDecodeError(decodeErrorMessage("charmap", bytes, i, 1, "character maps to <undefined>"));
    }
    out += ch;
  }
  return out;
}

function decodeMultibyte(bytes: Uint8Array, module: string): string {
  const decode = (part: Uint8Array) => new TextDecoder(decoders[module], { fatal: true }).decode(part);
  const illegal = (at: number) =>
    new UnicodeDecodeError(decodeErrorMessage(module, bytes, at, 1, "illegal multibyte sequence"));
  let text: string;
  try {
    text = decode(bytes);
  } catch {
    // The first line that cannot be decoded, and in it the first byte beyond ASCII.
    let start = 0;
    for (;;) {
      const newline = bytes.indexOf(10, start);
      const end = newline < 0 ? bytes.length : newline + 1;
      try {
        decode(bytes.subarray(start, end));
      } catch {
        break;
      }
      if (newline < 0) break;
      start = end;
    }
    const at = bytes.subarray(start).findIndex((c) => c >= 128);
    throw illegal(start + Math.max(at, 0));
  }
  const rare = illegalByte[module];
  if (rare) {
    // A lone byte, not the second of a pair: what comes before it is whole characters.
    for (let i = 0; i < bytes.length; i++) {
      if (bytes[i] < 128) continue;
      if (rare.test(String.fromCharCode(bytes[i]))) throw illegal(i);
      i++;
    }
  }
  return text;
}
