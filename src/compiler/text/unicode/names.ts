/**
 * The names of characters by Unicode 15.1, as CPython 3.13's unicodedata has them: for `\N{...}` in a literal, which cannot
 * hold a named sequence, and for that module. Names, aliases and named sequences are matched without regard to case; the two
 * kinds of name that follow a rule, Hangul syllables and CJK unified ideographs, are matched exactly, as CPython does.
 *
 * The packed names are unpacked at the first look-up. They are a sequence of entries in the order of code points:
 *
 *     [~GAP~] HEAD WORD…    GAP: base 36, how many code points are skipped before this one
 *                           HEAD: one digit, 17 × (words shared with the name before) + (words that follow) - 1
 *                           WORD: an index into the words by frequency, in one, two or three digits of base 89
 *
 * and the word "-" stands for a hyphen and the code point in hexadecimal.
 */

import {
  ideographRanges,
  nameAliases,
  nameDigits,
  namedSequences,
  nameWords,
  packedNames,
} from "../../../generated/character-names.ts";

interface Names {
  /** Code points by names that follow no rule. */
  codes: Map<string, number>;
  /** The inverse. */
  names: Map<number, string>;
  /** Code points by aliases. */
  aliases: Map<string, number>;
  /** Code points of the named sequences. */
  sequences: Map<string, readonly number[]>;
}
let unpacked: Names | null = null;

const HANGUL = "HANGUL SYLLABLE ";
const IDEOGRAPH = "CJK UNIFIED IDEOGRAPH-";
const HANGUL_FIRST = 0xac00;
const HANGUL_COUNT = 11172;

/** The code point of a character name or alias, or -1. */
export function lookupCharacterName(name: string): number {
  const codes = charactersNamed(name, true);
  return codes.length === 1 ? codes[0] : -1;
}

/** The code points of a name; `others`: or of an alias or a named sequence. None where it names nothing. */
export function charactersNamed(name: string, others: boolean): readonly number[] {
  if (name.startsWith(HANGUL)) return one(hangulSyllable(name.slice(HANGUL.length)));
  if (name.startsWith(IDEOGRAPH)) return one(ideograph(name.slice(IDEOGRAPH.length)));
  unpacked ??= unpack();
  const upper = name.replace(/[a-z]/g, (c) => c.toUpperCase());
  const code = unpacked.codes.get(upper) ?? (others ? unpacked.aliases.get(upper) : undefined);
  return code !== undefined ? [code] : others ? (unpacked.sequences.get(upper) ?? []) : [];
}

/** The name of a code point, "" where it has none. */
export function characterName(code: number): string {
  const syllable = code - HANGUL_FIRST;
  if (syllable >= 0 && syllable < HANGUL_COUNT) {
    const trail = syllable % trails.length;
    const pair = Math.floor(syllable / trails.length);
    return HANGUL + leads[Math.floor(pair / vowels.length)] + vowels[pair % vowels.length] + trails[trail];
  }
  const hex = code.toString(16).toUpperCase();
  if (ideograph(hex) >= 0) return IDEOGRAPH + hex;
  unpacked ??= unpack();
  return unpacked.names.get(code) ?? "";
}

const one = (code: number): readonly number[] => (code < 0 ? [] : [code]);

function unpack(): Names {
  const codes = new Map<string, number>();
  const names = new Map<number, string>();
  const words = nameWords.split(" ");
  const values = new Uint8Array(128);
  for (let i = 0; i < nameDigits.length; i++) values[nameDigits.charCodeAt(i)] = i;
  let at = 0;
  const digit = () => values[packedNames.charCodeAt(at++)];
  const word = () => {
    const first = digit();
    if (first < 40) return words[first];
    if (first < 80) return words[40 + (first - 40) * 89 + digit()];
    return words[40 + 40 * 89 + ((first - 80) * 89 + digit()) * 89 + digit()];
  };
  let code = 0;
  let previous: string[] = [];
  while (at < packedNames.length) {
    if (packedNames[at] === "~") {
      const end = packedNames.indexOf("~", at + 1);
      code += Number.parseInt(packedNames.slice(at + 1, end), 36);
      at = end + 1;
    }
    const head = digit();
    const parts = previous.slice(0, Math.floor(head / 17));
    for (let n = head % 17; n >= 0; n--) parts.push(word());
    previous = parts;
    const hex = parts[parts.length - 1] === "-";
    const name = hex ? parts.slice(0, -1).join(" ") + "-" + code.toString(16).toUpperCase() : parts.join(" ");
    codes.set(name, code);
    names.set(code, name);
    code++;
  }
  const aliases = new Map<string, number>();
  for (const [name, [only]] of codesByName(nameAliases)) aliases.set(name, only);
  return { codes, names, aliases, sequences: new Map(codesByName(namedSequences)) };
}

/** NAME=CODE CODE…;… in hexadecimal. */
function codesByName(text: string): [name: string, codes: number[]][] {
  return text.split(";").map((entry) => {
    const [name, codes] = entry.split("=");
    return [name, codes.split(" ").map((hex) => Number.parseInt(hex, 16))];
  });
}

const leads = "G GG N D DD R M B BB S SS  J JJ C K T P H".split(" ");
const vowels = "A AE YA YAE EO E YEO YE O WA WAE OE YO U WEO WE WI YU EU YI I".split(" ");
const trails = " G GG GS N NJ NH D L LG LM LB LS LT LP LH M B BS S SS NG J C K T P H".split(" ");

/** The longest of `parts` that `text` starts with at `at`: its index, or -1. */
function longest(parts: readonly string[], text: string, at: number): number {
  let best = -1;
  parts.forEach((part, i) => {
    if (text.startsWith(part, at) && (best < 0 || part.length >= parts[best].length)) best = i;
  });
  return best;
}

function hangulSyllable(name: string): number {
  const l = longest(leads, name, 0);
  if (l < 0) return -1;
  const v = longest(vowels, name, leads[l].length);
  if (v < 0) return -1;
  const t = longest(trails, name, leads[l].length + vowels[v].length);
  if (leads[l].length + vowels[v].length + trails[t].length !== name.length) return -1;
  return 0xac00 + (l * vowels.length + v) * trails.length + t;
}

function ideograph(hex: string): number {
  if (!/^[0-9A-F]{4,5}$/.test(hex)) return -1;
  const code = Number.parseInt(hex, 16);
  for (let i = 0; i < ideographRanges.length; i += 2) {
    if (code >= ideographRanges[i] && code <= ideographRanges[i + 1]) return code;
  }
  return -1;
}
