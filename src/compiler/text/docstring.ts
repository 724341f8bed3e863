/**
 * Docstrings: which string of a body is one, and the same with its indentation taken off.
 *
 * Mirrors `_PyAST_GetDocString` (`Python/ast.c`) and `_PyCompile_CleanDoc` (`Python/compile.c`), which is
 * `inspect.cleandoc`, except that blank lines at either end stay.
 */
import { Kind, type stmt } from "../../generated/ast.ts";
import { PyCompileError } from "../errors/errors.ts";
import { codePointsOf, fromCodePoints, isText, type Text } from "./text.ts";

/** The string constant that a body starts with, or null. */
export function docstringOf(body: readonly stmt[]): Text | null {
  const first = body[0];
  if (first === undefined || first.node !== Kind.Expr || first.value.node !== Kind.Constant) return null;
  return isText(first.value.value) ? first.value.value : null;
}

const NEWLINE = 10;
const SPACE = 32;

/** `str.expandtabs()` with stops every eight columns. */
function expandTabs(points: readonly number[]): readonly number[] {
  if (!points.includes(9)) return points;
  const out: number[] = [];
  let column = 0;
  for (const p of points) {
    if (p === 9) {
      do out.push(SPACE);
      while (++column % 8 !== 0);
    } else {
      out.push(p);
      column = p === NEWLINE || p === 13 ? 0 : column + 1;
    }
  }
  return out;
}

function isSurrogate(point: number): boolean {
  return point >= 0xd800 && point <= 0xdfff;
}

/** CPython goes through UTF-8, which has no surrogates. */
function rejectSurrogates(points: readonly number[]): void {
  const start = points.findIndex(isSurrogate);
  if (start < 0) return;
  let end = start;
  while (end + 1 < points.length && isSurrogate(points[end + 1])) end++;
  const which =
    end === start
      ? `character '\\u${points[start].toString(16)}' in position ${start}`
      : `characters in position ${start}-${end}`;
  throw new PyCompileError("UnicodeEncodeError", `'utf-8' codec can't encode ${which}: surrogates not allowed`);
}

/** The text with tabs expanded, which has no surrogates but in pairs. */
function withoutTabs(doc: Text): string {
  if (typeof doc === "string" && !doc.includes("\t") && !/[\ud800-\udfff]/u.test(doc)) return doc;
  const points = expandTabs(codePointsOf(doc));
  rejectSurrogates(points);
  return fromCodePoints(points) as string;
}

function indentOf(line: string): number {
  let n = 0;
  while (line.charCodeAt(n) === SPACE) n++;
  return n;
}

export function cleanDoc(doc: Text): string {
  const lines = withoutTabs(doc).split("\n");
  let margin = Number.POSITIVE_INFINITY;
  for (let i = 1; i < lines.length; i++) {
    const n = indentOf(lines[i]);
    if (n < lines[i].length && n < margin) margin = n;
  }
  if (margin === Number.POSITIVE_INFINITY) margin = 0;
  let out = lines[0].slice(indentOf(lines[0]));
  for (let i = 1; i < lines.length; i++) out += `\n${lines[i].slice(Math.min(margin, indentOf(lines[i])))}`;
  return out;
}
