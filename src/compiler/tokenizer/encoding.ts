/**
 * The encodings that a PEP 263 cookie can name, found by Python's names (`Lib/encodings/aliases.py`) and decoded by
 * what a browser and Node both have: TextDecoder, and tables of ours where TextDecoder knows an encoding by the same
 * name but maps it otherwise. An encoding that is neither is reported as unknown, which CPython would only do for one
 * that it does not know itself: utf-7, cp037 and the like are the deliberate difference.
 */

import { UnicodeDecodeError, decodeErrorMessage, decodeUtf8, latin1Text } from "./utf8.ts";

/** What CPython's tokenizer makes of a cookie: the two common encodings under one name each, others untouched. */
export function normalEncodingName(name: string): string {
  const head = name.slice(0, 12).toLowerCase().replaceAll("_", "-");
  if (head === "utf-8" || head.startsWith("utf-8-")) return "utf-8";
  if (/^(latin-1|iso-8859-1|iso-latin-1)($|-)/.test(head)) return "iso-8859-1";
  return name;
}

/** Python's names, lower case with runs of other characters made `_`, to [Python's canonical name, decoder]. */
const encodings = new Map<string, readonly [string, string]>();

function encoding(canonical: string, decoder: string, aliases = ""): void {
  const entry = [canonical, decoder] as const;
  for (const alias of [canonical.toLowerCase().replace(/[^a-z0-9]+/g, "_"), ...aliases.split(" ").filter(Boolean)]) {
    encodings.set(alias, entry);
  }
}

encoding("utf-8", "utf-8", "utf8 u8 utf utf8_ucs2 utf8_ucs4 cp65001");
encoding("utf-8-sig", "utf-8", "utf_8_sig");
encoding(
  "ascii",
  "ascii",
  "646 ansi_x3_4_1968 ansi_x3_4_1986 cp367 csascii ibm367 iso646_us iso_646_irv_1991 iso_ir_6 us us_ascii",
);
encoding(
  "latin-1",
  "latin1",
  "8859 cp819 csisolatin1 ibm819 iso8859 iso8859_1 iso_8859_1 iso_8859_1_1987 iso_ir_100 l1 latin latin1",
);
for (const [part, aliases] of [
  [2, "latin2 l2 csisolatin2 iso_ir_101 iso_8859_2_1987"],
  [3, "latin3 l3 csisolatin3 iso_ir_109 iso_8859_3_1988"],
  [4, "latin4 l4 csisolatin4 iso_ir_110 iso_8859_4_1988"],
  [5, "cyrillic csisolatincyrillic iso_ir_144 iso_8859_5_1988"],
  [6, "arabic asmo_708 csisolatinarabic ecma_114 iso_ir_127 iso_8859_6_1987"],
  [7, "greek greek8 csisolatingreek ecma_118 elot_928 iso_ir_126 iso_8859_7_1987"],
  [8, "hebrew csisolatinhebrew iso_ir_138 iso_8859_8_1988 iso_8859_8_e iso_8859_8_i"],
  [10, "latin6 l6 csisolatin6 iso_ir_157 iso_8859_10_1992"],
  [13, "latin7 l7"],
  [14, "latin8 l8 iso_celtic iso_ir_199 iso_8859_14_1998"],
  [15, "latin9 l9"],
  [16, "latin10 l10 iso_ir_226 iso_8859_16_2001"],
] as const) {
  encoding(`iso8859-${part}`, `iso-8859-${part}`, `iso_8859_${part} ${aliases}`);
}
encoding("iso8859-9", "iso-8859-9", "iso_8859_9 latin5 l5 csisolatin5 iso_ir_148 iso_8859_9_1989");
for (let page = 1250; page <= 1258; page++) encoding(`cp${page}`, `windows-${page}`, `${page} windows_${page}`);
encoding("cp866", "ibm866", "866 csibm866 ibm866");
encoding("cp874", "windows-874");
encoding("koi8-r", "koi8-r", "cskoi8r");
encoding("koi8-u", "koi8-u");
encoding("mac-roman", "macintosh", "macintosh macroman");
encoding("mac-cyrillic", "x-mac-cyrillic", "maccyrillic");
encoding("gb2312", "gbk", "chinese csiso58gb231280 euc_cn euccn eucgb2312_cn gb2312_1980 gb2312_80 iso_ir_58");
encoding("gbk", "gbk", "936 cp936 ms936");
encoding("gb18030", "gb18030", "gb18030_2000");
encoding("big5", "big5", "big5_tw csbig5");
encoding("euc_jp", "euc-jp", "eucjp ujis u_jis");
encoding("iso2022_jp", "iso-2022-jp", "csiso2022jp iso2022jp iso_2022_jp");
encoding("shift_jis", "shift_jis", "csshiftjis shiftjis sjis s_jis");
encoding("cp932", "shift_jis", "932 ms932 mskanji ms_kanji windows_31j");
encoding("euc_kr", "euc-kr", "euckr korean ksc5601 ks_c_5601 ks_c_5601_1987 ksx1001 ks_x_1001");
encoding("cp949", "euc-kr", "949 ms949 uhc");

/** The text of `bytes`. Throws UnicodeDecodeError, or RangeError for an unknown encoding, with CPython's messages. */
export function decodeSource(bytes: Uint8Array, name: string): string {
  const entry = encodings.get(
    name
      .toLowerCase()
      .replace(/[^a-z0-9.]+/g, "_")
      .replaceAll(".", "_"),
  );
  if (!entry) throw new RangeError(`unknown encoding: ${name}`);
  const [canonical, decoder] = entry;
  switch (decoder) {
    case "utf-8":
      return decodeUtf8(bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes);
    case "latin1":
      return latin1Text(bytes);
    case "ascii": {
      const at = bytes.findIndex((c) => c >= 128);
      if (at < 0) return latin1Text(bytes);
      throw new UnicodeDecodeError(decodeErrorMessage("ascii", bytes, at, 1, "ordinal not in range(128)"));
    }
  }
  return decodeWithTable(bytes, canonical, decoder);
}

/** Bytes that Python's single-byte tables leave undefined where WHATWG maps them to C1 controls. */
const undefinedBytes: Readonly<Record<string, string>> = {
  cp1250: "\x81\x83\x88\x90\x98",
  cp1251: "\x98",
  cp1252: "\x81\x8d\x8f\x90\x9d",
  cp1253: "\x81\x88\x8a\x8c\x8d\x8e\x8f\x90\x98\x9a\x9c\x9d\x9e\x9f\xaa\xd2\xff",
  cp1254: "\x81\x8d\x8e\x8f\x90\x9d\x9e",
  cp1255: "\x81\x8a\x8c\x8d\x8e\x8f\x90\x9a\x9c\x9d\x9e\x9f\xca\xd9\xda\xdb\xdc\xdd\xde\xdf\xfb\xfc\xff",
  cp1257: "\x81\x83\x88\x8a\x8c\x90\x98\x9a\x9c\x9f\xa1\xa5",
  cp1258: "\x81\x8a\x8d\x8e\x8f\x90\x9a\x9d\x9e\xd2",
  cp874:
    "\x81\x82\x83\x84\x86\x87\x88\x89\x8a\x8b\x8c\x8d\x8e\x8f\x90\x98\x99\x9a\x9b\x9c\x9d\x9e\x9f\xdb\xdc\xdd\xde\xfc\xfd\xfe\xff",
};

function decodeWithTable(bytes: Uint8Array, canonical: string, decoder: string): string {
  const multibyte = /^(gb|big5|euc|iso2022|shift|cp9[34])/.test(canonical);
  if (multibyte) {
    try {
      return new TextDecoder(decoder, { fatal: true }).decode(bytes);
    } catch {
      const at = bytes.findIndex((c) => c >= 128);
      throw new UnicodeDecodeError(
        decodeErrorMessage(canonical, bytes, Math.max(at, 0), 1, "illegal multibyte sequence"),
      );
    }
  }
  if (decoder === "iso-8859-9") {
    // WHATWG reads it as windows-1254; Latin-5 differs from Latin-1 in six letters.
    return latin1Text(bytes).replace(
      /[\xd0\xdd\xde\xf0\xfd\xfe]/g,
      (c) => "ĞİŞğış"["\xd0\xdd\xde\xf0\xfd\xfe".indexOf(c)],
    );
  }
  const gaps = undefinedBytes[canonical] ?? "";
  const undefinedAt = bytes.findIndex((c) => c >= 128 && gaps.includes(String.fromCharCode(c)));
  const text = new TextDecoder(decoder).decode(bytes);
  const replaced = text.indexOf("\ufffd");
  const at = undefinedAt >= 0 && (replaced < 0 || undefinedAt < replaced) ? undefinedAt : replaced;
  if (at < 0) return text;
  throw new UnicodeDecodeError(decodeErrorMessage("charmap", bytes, at, 1, "character maps to <undefined>"));
}
