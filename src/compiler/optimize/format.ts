/**
 * `"%s is %r" % (a, b)` as an f-string: the simple conversions only.
 *
 * Mirrors `optimize_format` (`Python/ast_opt.c`): %s, %r and %a with a width and a precision of at most two digits;
 * anything else leaves the expression alone.
 */
import { type BinOp, Constant, type expr, FormattedValue, JoinedStr, Kind } from "../../generated/ast.ts";
import { codePointsOf, fromCodePoints, type Text } from "../text/text.ts";

const PERCENT = 37;
const ZERO = 48;
const NINE = 57;
const DIGITS_MAX = 3;

/** The f-string that does what `node` does, or null. `format` is its left operand, `items` the tuple on the right. */
export function foldFormat(node: BinOp, format: Text, items: readonly expr[]): JoinedStr | null {
  const points = codePointsOf(format);
  const values: expr[] = [];
  let used = 0;
  let pos = 0;
  for (;;) {
    const literal: number[] = [];
    while (pos < points.length) {
      if (points[pos] !== PERCENT) literal.push(points[pos++]);
      else if (points[pos + 1] === PERCENT) {
        literal.push(PERCENT);
        pos += 2;
      } else break;
    }
    if (literal.length > 0) values.push(new Constant(fromCodePoints(literal), null, -1, -1, -1, -1));
    if (pos >= points.length) break;
    if (used >= items.length) return null;
    const spec = parseSpec(points, pos + 1);
    if (spec === null) return null;
    pos = spec.end;
    const item = items[used++];
    const formatSpec = spec.text === "" ? null : new Constant(spec.text, null, -1, -1, -1, -1);
    values.push(
      new FormattedValue(
        item,
        spec.conversion,
        formatSpec,
        item.lineno,
        item.col_offset,
        item.end_lineno,
        item.end_col_offset,
      ),
    );
  }
  if (used < items.length) return null;
  return new JoinedStr(values, node.lineno, node.col_offset, node.end_lineno, node.end_col_offset);
}

interface Spec {
  conversion: number;
  /** What goes behind the colon of the replacement field. */
  text: string;
  end: number;
}

function parseSpec(points: readonly number[], start: number): Spec | null {
  let pos = start;
  let left = false;
  while (pos < points.length && "-+ #0".includes(String.fromCodePoint(points[pos]))) {
    if (points[pos] === 45) left = true;
    pos++;
  }
  const number = (): number | null => {
    const from = pos;
    let n = 0;
    while (points[pos] >= ZERO && points[pos] <= NINE) {
      n = n * 10 + points[pos++] - ZERO;
      if (pos >= points.length || pos - from >= DIGITS_MAX) return null;
    }
    return pos > from ? n : -1;
  };
  const width = number();
  if (width === null) return null;
  let precision: number | null = -1;
  if (points[pos] === 46) {
    pos++;
    precision = number();
    if (precision === null) return null;
    if (precision < 0) precision = 0;
  }
  const conversion = points[pos];
  if (conversion !== 115 && conversion !== 114 && conversion !== 97) return null;
  let text = "";
  if (!left && width > 0) text += ">";
  if (width >= 0) text += width;
  if (precision >= 0) text += `.${precision}`;
  return { conversion, text, end: pos + 1 };
}

/** Whether an expression of the list is starred. */
export function hasStarred(list: readonly expr[]): boolean {
  return list.some((e) => e.node === Kind.Starred);
}
