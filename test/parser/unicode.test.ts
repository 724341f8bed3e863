/** Identifiers and character names by Unicode 15.1, whatever the version of the JavaScript engine's. */

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  identifierPrefixLength,
  isPrintable,
  normalizeIdentifier,
} from "../../src/compiler/text/unicode/identifier.ts";
import { lookupCharacterName } from "../../src/compiler/text/unicode/names.ts";

test("identifiers", () => {
  const identifies = (name: string) => identifierPrefixLength(name) === name.length;
  for (const name of ["é", "ª", "℘", "x·", "𝐱", "名前", "a\u0301", "x\u200c".slice(0, 1)])
    assert.ok(identifies(name), name);
  for (const name of ["€", "·", "x\u200b", "😀", "\u0301", "x²"]) assert.ok(!identifies(name), name);
  // Assigned in Unicode 16.
  assert.ok(!identifies("\u{105c0}"));
  assert.equal(normalizeIdentifier("ﬁ"), "fi");
  assert.ok(isPrintable(0x20ac));
  assert.ok(!isPrintable(0x200b));
});

test("character names", () => {
  for (const [name, code] of [
    ["BULLET", 0x2022],
    ["bullet", 0x2022],
    ["LATIN SMALL LETTER A WITH ACUTE", 0xe1],
    ["NULL", 0],
    ["NO-BREAK SPACE", 0xa0],
    ["NBSP", 0xa0],
    ["LATIN CAPITAL LETTER GHA", 0x1a2],
    ["KHITAN SMALL SCRIPT CHARACTER-18B00", 0x18b00],
    ["CJK COMPATIBILITY IDEOGRAPH-F900", 0xf900],
    ["CJK UNIFIED IDEOGRAPH-4E00", 0x4e00],
    ["CJK UNIFIED IDEOGRAPH-2EBF0", 0x2ebf0],
    ["HANGUL SYLLABLE GA", 0xac00],
    ["HANGUL SYLLABLE HIH", 0xd7a3],
    ["HANGUL SYLLABLE A", 0xc544],
    ["GRINNING FACE", 0x1f600],
    ["MEASURED ANGLE WITH OPEN ARM ENDING IN ARROW POINTING UP AND RIGHT", 0x29a8],
  ] as const) {
    assert.equal(lookupCharacterName(name), code, name);
  }
  for (const name of [
    "",
    "BULLETS",
    "CJK UNIFIED IDEOGRAPH-4e00",
    "CJK UNIFIED IDEOGRAPH-0041",
    "HANGUL SYLLABLE XX",
    "hangul syllable ga",
    "KEYCAP NUMBER SIGN", // a named sequence
    "__proto__",
  ]) {
    assert.equal(lookupCharacterName(name), -1, name);
  }
});
