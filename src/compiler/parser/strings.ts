/**
 * How the pieces of adjacent string literals become one node: CPython 3.13's `_PyPegen_concatenate_strings`,
 * `_PyPegen_formatted_value` and `_PyPegen_setup_full_format_spec` (`Parser/action_helpers.c`). Both parsers build their
 * strings here.
 */

import { Constant, type expr, FormattedValue, JoinedStr, Kind } from "../../generated/ast.ts";
import { joinTexts, type Text } from "../text/text.ts";

function isEmptyText(node: expr): boolean {
  return node.node === Kind.Constant && node.value === "";
}

/** One node for adjacent literals, or null where bytes and text are mixed. */
export function concatenateStrings(
  parts: expr[],
  lineno: number,
  col: number,
  endLineno: number,
  endCol: number,
): expr | null {
  let formatted = false;
  let text = false;
  let bytes = false;
  for (const part of parts) {
    if (part.node !== Kind.Constant) formatted = true;
    else if (part.value instanceof Uint8Array) bytes = true;
    else text = true;
  }
  if (bytes) {
    if (text || formatted) return null;
    return new Constant(
      concatenateBytes(parts as Constant[]),
      (parts[0] as Constant).kind,
      lineno,
      col,
      endLineno,
      endCol,
    );
  }
  if (!formatted && parts.length === 1) return parts[0];
  const flat: expr[] = [];
  for (const part of parts) {
    if (part.node !== Kind.JoinedStr) flat.push(part);
    else for (const value of part.values) flat.push(value);
  }
  const values: expr[] = [];
  for (let i = 0; i < flat.length; i++) {
    let element = flat[i];
    if (element.node === Kind.Constant) {
      let last: Constant = element;
      const texts = [element.value as Text];
      for (; i + 1 < flat.length && flat[i + 1].node === Kind.Constant; i++) {
        last = flat[i + 1] as Constant;
        texts.push(last.value as Text);
      }
      if (last !== element) {
        // The first literal of a run decides on the `u` of all.
        element = new Constant(
          joinTexts(texts),
          element.kind,
          element.lineno,
          element.col_offset,
          last.end_lineno,
          last.end_col_offset,
        );
      }
      if (formatted && isEmptyText(element)) continue;
    }
    values.push(element);
  }
  if (!formatted) return values[0];
  return new JoinedStr(values, lineno, col, endLineno, endCol);
}

function concatenateBytes(parts: Constant[]): Uint8Array {
  if (parts.length === 1) return parts[0].value as Uint8Array;
  const chunks = parts.map((part) => part.value as Uint8Array);
  const out = new Uint8Array(chunks.reduce((n, chunk) => n + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    out.set(chunk, at);
    at += chunk.length;
  }
  return out;
}

/** Lifts the JoinedStr that a `{expr=}` made into the f-string around it. */
export function unpackJoinedStrings(parts: expr[]): expr[] {
  if (!parts.some((part) => part.node === Kind.JoinedStr)) return parts;
  return parts.flatMap((part) => (part.node === Kind.JoinedStr ? part.values : [part]));
}

/** The node of a format spec; an empty one is a JoinedStr without values. */
export function formatSpec(parts: expr[], lineno: number, col: number, endLineno: number, endCol: number): expr {
  const spec = parts.filter((part) => !isEmptyText(part));
  if (spec.length === 0 || (spec.length === 1 && spec[0].node === Kind.Constant)) {
    return new JoinedStr(spec, lineno, col, endLineno, endCol);
  }
  return concatenateStrings(spec, lineno, col, endLineno, endCol)!;
}

/** What follows the expression of a replacement field. */
interface FieldParts {
  /** The text of a `{expr=}` with what surrounds it, or null. */
  debugText: string | null;
  /** The name after `!`, and where it is. */
  conversion: { id: string; lineno: number; col_offset: number } | null;
  format: expr | null;
}

/** A replacement field; with debug text it is a JoinedStr of that text and the value. */
export function formattedValue(
  value: expr,
  parts: FieldParts,
  lineno: number,
  col: number,
  endLineno: number,
  endCol: number,
): expr {
  const { debugText, conversion, format } = parts;
  let code = -1;
  if (conversion) code = conversion.id.charCodeAt(0);
  else if (debugText !== null && !format) code = 114;
  const node = new FormattedValue(value, code, format, lineno, col, endLineno, endCol);
  if (debugText === null) return node;
  let debugEndLine = endLineno;
  let debugEndCol = endCol;
  if (conversion) {
    debugEndLine = conversion.lineno;
    debugEndCol = conversion.col_offset;
  } else if (format) {
    debugEndLine = format.lineno;
    debugEndCol = format.col_offset + 1;
  }
  const text = new Constant(debugText, null, lineno, col + 1, debugEndLine, debugEndCol - 1);
  return new JoinedStr([text, node], lineno, col, debugEndLine, debugEndCol);
}
