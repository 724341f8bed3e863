/** The actions of `spec/python.peg` that make numbers and strings; see actions.ts. */

import { Constant, type expr, JoinedStr, Kind, type Name } from "../../generated/ast.ts";
import { PyCompileError } from "../errors/errors.ts";
import {
  asciiBytes,
  type Escapes,
  LiteralError,
  literalMessage,
  parseNumber,
  splitString,
  type Text,
  unescapeBytes,
  unescapeText,
} from "./literals.ts";
import type { PegParser } from "./peg.ts";
import type { Placed, Token } from "./peg-input.ts";
import { formatSpec as buildFormatSpec, concatenateStrings, formattedValue, unpackJoinedStrings } from "./strings.ts";

function constant(value: Constant["value"], kind: string | null, at: Placed): Constant {
  return new Constant(value, kind, at.lineno, at.col_offset, at.end_lineno, at.end_col_offset);
}

export function numberConstant(p: PegParser, token: Token): Constant | null {
  const text = p.text(token);
  if ((p.options.featureVersion ?? 6) < 6 && text.includes("_")) {
    const message = "Underscores in numeric literals are only supported in Python 3.6 and greater";
    return p.raise("SyntaxError", message);
  }
  try {
    return constant(parseNumber(text), null, token);
  } catch (e) {
    if (!(e instanceof LiteralError)) throw e;
    // No columns: the whole line would be underlined.
    const message = `${e.message} - Consider hexadecimal for huge integer literals to avoid decimal conversion limits.`;
    p.errorIndicator = true;
    return p.raiseAt("SyntaxError", message, {
      lineno: token.lineno,
      col: 0,
      endLineno: token.end_lineno,
      endCol: 0,
    });
  }
}

/** Decodes with `decode`; null after an error or a warning that became one. */
function unescaped<V>(p: PegParser, token: Token, decode: (escapes: Escapes) => V): V | null {
  const escapes: Escapes = { invalid: null };
  const value = decode(escapes);
  return escapes.invalid !== null && !p.warnEscape(token, escapes.invalid) ? null : value;
}

export function string(p: PegParser, token: Token): Constant | null {
  const text = p.text(token);
  const { bytes, raw, from, to } = splitString(text);
  let value: Text | Uint8Array | null;
  try {
    if (bytes) {
      const body = text.slice(from, to);
      for (let i = 0; i < body.length; i++) {
        if (body.charCodeAt(i) > 127) {
          return p.raiseRange(token, token, "bytes can only contain ASCII literal characters");
        }
      }
      const plain = raw || !body.includes("\\");
      value = plain ? asciiBytes(body) : unescaped(p, token, (escapes) => unescapeBytes(body, escapes));
    } else {
      const plain = raw || !text.includes("\\");
      const [start, end] = [token.start + from, token.start + to];
      const body = plain ? p.source.decode(start, end) : p.source.decodeEscaped(start, end);
      value = plain ? body : unescaped(p, token, (escapes) => unescapeText(body, escapes));
    }
  } catch (e) {
    return p.raiseLiteral(e);
  }
  if (value === null) return null;
  return constant(value, text.startsWith("u") ? "u" : null, token);
}

export function concatenate(p: PegParser, parts: expr[]): expr | null {
  return (
    concatenateStrings(parts, p.startLine, p.startCol, p.endLine, p.endCol) ??
    p.raise("SyntaxError", "cannot mix bytes and nonbytes literals")
  );
}

/** Text of an f-string as it stands; `joined` decodes it when the f-string is whole. */
export function fstringText(p: PegParser, token: Token): Constant | null {
  try {
    return constant(p.source.decode(token.start, token.end), null, token);
  } catch (e) {
    return undecodable(p, e);
  }
}

export function specText(p: PegParser, token: Token): Constant | null {
  try {
    const body = p.source.decodeEscaped(token.start, token.end);
    const value = unescaped(p, token, (escapes) => unescapeText(body, escapes));
    return value === null ? null : constant(value, null, token);
  } catch (e) {
    return undecodable(p, e);
  }
}

/** Here CPython makes no SyntaxError of it. */
function undecodable(p: PegParser, error: unknown): null {
  const message = literalMessage(error);
  if (message === null) throw error;
  p.error = new PyCompileError("UnicodeDecodeError", message.replace("(unicode error) ", ""));
  return null;
}

export function joined(p: PegParser, start: Token, raw: expr[], end: Token): JoinedStr | null {
  const isRaw = /r/i.test(p.text(start));
  const values: expr[] = [];
  for (const part of unpackJoinedStrings(raw)) {
    if (part.node !== Kind.Constant) {
      values.push(part);
      continue;
    }
    const decoded = fstringPart(p, isRaw, part, end);
    if (decoded === null) return null;
    if (decoded.value !== "") values.push(decoded);
  }
  return new JoinedStr(values, start.lineno, start.col_offset, end.end_lineno, end.end_col_offset);
}

function fstringPart(p: PegParser, raw: boolean, part: Constant, end: Token): Constant | null {
  let body = part.value as string;
  if (body === "{{" || body === "}}") body = body[0];
  if (raw || !body.includes("\\")) return constant(body, null, part);
  try {
    const value = unescaped(p, end, (escapes) => unescapeText(body, escapes));
    return value === null ? null : constant(value, null, part);
  } catch (e) {
    return p.raiseLiteral(e);
  }
}

interface WithMetadata<V> {
  result: V;
  metadata: string | null;
}

export function conversion(p: PegParser, mark: Token, name: Name): WithMetadata<Name> | null {
  if (mark.lineno !== name.lineno || mark.end_col_offset !== name.col_offset) {
    return p.raiseRange(mark, name, "f-string: conversion type must come right after the exclamanation mark");
  }
  return { result: name, metadata: mark.metadata };
}

export function formatSpec(p: PegParser, colon: Token, parts: expr[]): WithMetadata<expr> {
  return {
    result: buildFormatSpec(parts, p.startLine, p.startCol, p.endLine, p.endCol),
    metadata: colon.metadata,
  };
}

export function formatted(
  p: PegParser,
  value: expr,
  debug: Token | null,
  conv: WithMetadata<Name> | null,
  format: WithMetadata<expr> | null,
  brace: Token,
): expr | null {
  if (conv && !/^[sra]$/.test(conv.result.id)) {
    const shown = conv.result.id.includes("'") ? `"${conv.result.id}"` : `'${conv.result.id}'`;
    return p.raiseRange(
      conv.result,
      conv.result,
      `f-string: invalid conversion character ${shown}: expected 's', 'r', or 'a'`,
    );
  }
  const metadata = (conv ?? format ?? brace).metadata;
  if (debug && metadata === null) {
    // A stray `=` that the tokenizer took for no debug text: CPython fails to make the constant.
    p.error = new PyCompileError("ValueError", "field 'value' is required for Constant");
    return null;
  }
  const parts = {
    debugText: debug ? metadata : null,
    conversion: conv ? conv.result : null,
    format: format ? format.result : null,
  };
  return formattedValue(value, parts, p.startLine, p.startCol, p.endLine, p.endCol);
}
