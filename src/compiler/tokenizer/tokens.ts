/**
 * Token types, keywords and operators, as CPython 3.13's `Grammar/Tokens` and `Include/internal/pycore_token.h` number
 * them. Reserved words follow from `T.FALSE` on: the tokenizer's NAME becomes the keyword's own type, because every
 * decision of the parsers is made on the type alone. Soft keywords (match, case, type, _) stay names.
 */

export const enum T {
  ENDMARKER = 0,
  NAME = 1,
  NUMBER = 2,
  STRING = 3,
  NEWLINE = 4,
  INDENT = 5,
  DEDENT = 6,
  LPAR = 7,
  RPAR = 8,
  LSQB = 9,
  RSQB = 10,
  COLON = 11,
  COMMA = 12,
  SEMI = 13,
  PLUS = 14,
  MINUS = 15,
  STAR = 16,
  SLASH = 17,
  VBAR = 18,
  AMPER = 19,
  LESS = 20,
  GREATER = 21,
  EQUAL = 22,
  DOT = 23,
  PERCENT = 24,
  LBRACE = 25,
  RBRACE = 26,
  EQEQUAL = 27,
  NOTEQUAL = 28,
  LESSEQUAL = 29,
  GREATEREQUAL = 30,
  TILDE = 31,
  CIRCUMFLEX = 32,
  LEFTSHIFT = 33,
  RIGHTSHIFT = 34,
  DOUBLESTAR = 35,
  PLUSEQUAL = 36,
  MINEQUAL = 37,
  STAREQUAL = 38,
  SLASHEQUAL = 39,
  PERCENTEQUAL = 40,
  AMPEREQUAL = 41,
  VBAREQUAL = 42,
  CIRCUMFLEXEQUAL = 43,
  LEFTSHIFTEQUAL = 44,
  RIGHTSHIFTEQUAL = 45,
  DOUBLESTAREQUAL = 46,
  DOUBLESLASH = 47,
  DOUBLESLASHEQUAL = 48,
  AT = 49,
  ATEQUAL = 50,
  RARROW = 51,
  ELLIPSIS = 52,
  COLONEQUAL = 53,
  EXCLAMATION = 54,
  OP = 55,
  TYPE_IGNORE = 56,
  TYPE_COMMENT = 57,
  SOFT_KEYWORD = 58,
  FSTRING_START = 59,
  FSTRING_MIDDLE = 60,
  FSTRING_END = 61,
  COMMENT = 62,
  NL = 63,
  ERRORTOKEN = 64,

  FALSE = 80,
  NONE = 81,
  TRUE = 82,
  AND = 83,
  AS = 84,
  ASSERT = 85,
  ASYNC = 86,
  AWAIT = 87,
  BREAK = 88,
  CLASS = 89,
  CONTINUE = 90,
  DEF = 91,
  DEL = 92,
  ELIF = 93,
  ELSE = 94,
  EXCEPT = 95,
  FINALLY = 96,
  FOR = 97,
  FROM = 98,
  GLOBAL = 99,
  IF = 100,
  IMPORT = 101,
  IN = 102,
  IS = 103,
  LAMBDA = 104,
  NONLOCAL = 105,
  NOT = 106,
  OR = 107,
  PASS = 108,
  RAISE = 109,
  RETURN = 110,
  TRY = 111,
  WHILE = 112,
  WITH = 113,
  YIELD = 114,
}

/** The reserved words in the order of their types. */
export const keywordList: readonly string[] = (
  "False None True and as assert async await break class continue def del elif else except finally for from global " +
  "if import in is lambda nonlocal not or pass raise return try while with yield"
).split(" ");

export const keywordTypes: ReadonlyMap<string, T> = new Map(keywordList.map((word, i) => [word, T.FALSE + i]));

/** The names of the types up to ERRORTOKEN, as the `token` module spells them. */
export const tokenNames: readonly string[] = (
  "ENDMARKER NAME NUMBER STRING NEWLINE INDENT DEDENT LPAR RPAR LSQB RSQB COLON COMMA SEMI PLUS MINUS STAR SLASH VBAR " +
  "AMPER LESS GREATER EQUAL DOT PERCENT LBRACE RBRACE EQEQUAL NOTEQUAL LESSEQUAL GREATEREQUAL TILDE CIRCUMFLEX " +
  "LEFTSHIFT RIGHTSHIFT DOUBLESTAR PLUSEQUAL MINEQUAL STAREQUAL SLASHEQUAL PERCENTEQUAL AMPEREQUAL VBAREQUAL " +
  "CIRCUMFLEXEQUAL LEFTSHIFTEQUAL RIGHTSHIFTEQUAL DOUBLESTAREQUAL DOUBLESLASH DOUBLESLASHEQUAL AT ATEQUAL RARROW " +
  "ELLIPSIS COLONEQUAL EXCLAMATION OP TYPE_IGNORE TYPE_COMMENT SOFT_KEYWORD FSTRING_START FSTRING_MIDDLE FSTRING_END " +
  "COMMENT NL ERRORTOKEN"
).split(" ");

/** Every operator and delimiter with its type. */
export const operatorTypes: ReadonlyMap<string, T> = new Map([
  ...(
    "( ) [ ] : , ; + - * / | & < > = . % { } == != <= >= ~ ^ << >> ** += -= *= /= %= &= |= ^= <<= >>= **= // //= @ @=" +
    " -> ... := !"
  )
    .split(" ")
    .map((op, i): [string, T] => [op, T.LPAR + i]),
  ["<>", T.NOTEQUAL] as [string, T],
]);

const oneChar = new Uint8Array(256).fill(T.OP);
const twoChars = new Uint8Array(128 * 128).fill(T.OP);
const threeChars = new Map<number, T>();
for (const [op, type] of operatorTypes) {
  const [a, b, c] = [op.charCodeAt(0), op.charCodeAt(1), op.charCodeAt(2)];
  if (op.length === 1) oneChar[a] = type;
  else if (op.length === 2) twoChars[(a << 7) | b] = type;
  else threeChars.set((a << 14) | (b << 7) | c, type);
}

/** The type of a one-byte operator, or OP where there is none. */
export function oneCharType(c: number): T {
  return oneChar[c];
}

/** The type of a two-byte operator, or OP. -1 stands for the end of the source. */
export function twoCharsType(a: number, b: number): T {
  return (a | b) & ~127 ? T.OP : twoChars[(a << 7) | b];
}

/** The type of a three-byte operator, or OP. `...` is not among them: the tokenizer meets it with the numbers. */
export function threeCharsType(a: number, b: number, c: number): T {
  if ((a | b | c) & ~127 || a === 46) return T.OP;
  return threeChars.get((a << 14) | (b << 7) | c) ?? T.OP;
}
