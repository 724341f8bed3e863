/**
 * Docstrings with their indentation taken off. Mirrors `_PyCompile_CleanDoc` (`Python/compile.c`): as
 * `inspect.cleandoc`, except that blank lines at either end stay.
 */
import { PyCompileError } from "../errors.ts";
import { codePointsOf, fromCodePoints, type Text } from "../text.ts";

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

export function cleanDoc(doc: Text): Text {
  // Most docstrings are one clean line.
  if (typeof doc === "string" && doc.charCodeAt(0) !== SPACE && !/[\n\t\ud800-\udfff]/.test(doc)) return doc;
  const points = expandTabs(codePointsOf(doc));
  rejectSurrogates(points);
  const lines: number[][] = [[]];
  for (const p of points) {
    if (p === NEWLINE) lines.push([]);
    else lines[lines.length - 1].push(p);
  }
  const indent = (line: number[]) => {
    let n = 0;
    while (line[n] === SPACE) n++;
    return n;
  };
  let margin = Number.POSITIVE_INFINITY;
  for (let i = 1; i < lines.length; i++) {
    const n = indent(lines[i]);
    if (n < lines[i].length) margin = Math.min(margin, n);
  }
  if (margin === Number.POSITIVE_INFINITY) margin = 0;
  const out: number[] = [];
  lines.forEach((line, i) => {
    if (i > 0) out.push(NEWLINE);
    const skip = i === 0 ? indent(line) : Math.min(margin, indent(line));
    for (let j = skip; j < line.length; j++) out.push(line[j]);
  });
  return fromCodePoints(out);
}
