/**
 * Docstrings with their indentation taken off. Mirrors `_PyCompile_CleanDoc` (`Python/compile.c`): as
 * `inspect.cleandoc`, except that blank lines at either end stay.
 */
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

export function cleanDoc(doc: Text): Text {
  // Most docstrings are one clean line.
  if (typeof doc === "string" && doc.charCodeAt(0) !== SPACE && !/[\n\t]/.test(doc)) return doc;
  const points = expandTabs(codePointsOf(doc));
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
