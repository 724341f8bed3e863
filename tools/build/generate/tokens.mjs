// The token types by name, read from src/compiler/tokenizer/tokens.ts so that they are written down once.
import { readFileSync } from "node:fs";

const text = readFileSync(new URL("../../../src/compiler/tokenizer/tokens.ts", import.meta.url), "utf8");

/** Every member of the enumeration T. */
export const tokens = new Map(
  [...text.matchAll(/^ {2}([A-Z_]+) = (\d+),$/gm)].map(([, name, value]) => [name, +value]),
);

const words = /"(False None [^"]*)" \+\s*"([^"]*)"/.exec(text);
/** Keywords to token types. */
export const keywords = new Map((words[1] + words[2]).split(" ").map((word, i) => [word, tokens.get("FALSE") + i]));

const symbols = /"(\( \) \[[^"]*)" \+\s*"([^"]*)"/.exec(text);
/** Operators to token types. */
export const operators = new Map((symbols[1] + symbols[2]).split(" ").map((op, i) => [op, tokens.get("LPAR") + i]));
