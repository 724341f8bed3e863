/**
 * What the nodes of a tree will take in memory, told from its tokens: a name, a number, a string and an operator are a node
 * each, a bracket and a keyword may begin a node with lists.
 *
 * Nodes are counted with their fields of eight bytes and their place in a list, lists with what they hold at least. The sum
 * is somewhat more than what V8 takes for a usual program (test/compiler/limits.test.ts compares them).
 */
import type { TokenArray } from "../tokenizer/token-array.ts";
import { T } from "../tokenizer/tokens.ts";

const sizes = new Uint16Array(128).fill(48);
/** Tokens of which each byte may be two in the value. */
const texts = new Uint8Array(128);

for (let type = T.PLUS; type <= T.COLONEQUAL; type++) sizes[type] = 110;
for (let type = T.FALSE; type <= T.YIELD; type++) sizes[type] = 110;
for (const type of [T.NAME, T.NUMBER, T.STRING, T.FSTRING_MIDDLE, T.NEWLINE, T.SEMI, T.ELLIPSIS]) sizes[type] = 110;
for (const type of [T.LPAR, T.LSQB, T.LBRACE, T.FSTRING_START]) sizes[type] = 300;
for (const type of [T.AND, T.OR, T.IN, T.IS, T.LESS, T.GREATER, T.EQEQUAL, T.NOTEQUAL, T.EQUAL]) sizes[type] = 200;
for (const type of [T.LESSEQUAL, T.GREATEREQUAL, T.FOR, T.WHILE, T.IF, T.ELIF, T.TRY, T.EXCEPT, T.WITH])
  sizes[type] = 200;
for (const type of [T.IMPORT, T.FROM, T.GLOBAL, T.NONLOCAL, T.DEL, T.COLON]) sizes[type] = 200;
for (const type of [T.DEF, T.CLASS, T.LAMBDA]) sizes[type] = 500;
for (const type of [T.COMMA, T.RPAR, T.RSQB, T.RBRACE, T.INDENT, T.DEDENT, T.ENDMARKER]) sizes[type] = 8;
for (const type of [T.NUMBER, T.STRING, T.FSTRING_MIDDLE]) texts[type] = 1;

/** What the nodes take that a token of so many bytes stands for. */
export function nodeSize(type: number, length: number): number {
  return sizes[type] + (texts[type] ? 2 * length : 0);
}

export function treeSize(tokens: TokenArray): number {
  const { types, starts, ends } = tokens;
  let size = 0;
  for (let i = 0; i < tokens.length; i++) {
    const type = types[i];
    size += sizes[type];
    if (texts[type]) size += 2 * (ends[i] - starts[i]);
  }
  return size;
}
