/**
 * The warnings about code that cannot mean what it says: `x is 1`, `"a" (b)`, `[1][0.5]`, `assert (x, "y")`.
 *
 * Mirrors `check_compare`, `check_caller`, `check_subscripter` and `check_index` (`Python/compile.c`).
 */
import { type Compare, type expr, Kind } from "../../generated/ast.ts";
import { Complex, ELLIPSIS, FrozenSet, Tuple } from "../code/constant.ts";
import { locationOf } from "../code/instruction.ts";
import { typeName } from "../optimize/arithmetic.ts";
import { isText } from "../text/text.ts";
import type { Compiler } from "./compiler.ts";

/** The type that an expression certainly has, or null. */
function inferType(e: expr): string | null {
  switch (e.node) {
    case Kind.Tuple:
      return "tuple";
    case Kind.List:
    case Kind.ListComp:
      return "list";
    case Kind.Dict:
    case Kind.DictComp:
      return "dict";
    case Kind.Set:
    case Kind.SetComp:
      return "set";
    case Kind.GeneratorExp:
      return "generator";
    case Kind.Lambda:
      return "function";
    case Kind.JoinedStr:
    case Kind.FormattedValue:
      return "str";
    case Kind.Constant:
      return typeName(e.value);
    default:
      return null;
  }
}

/** Whether `is` makes sense with an operand: not with a literal other than the singletons. */
function isIdentityOperand(e: expr): boolean {
  if (e.node !== Kind.Constant) return true;
  return e.value === null || typeof e.value === "boolean" || e.value === ELLIPSIS;
}

export function checkCompare(c: Compiler, e: Compare): void {
  let left = e.left;
  for (let i = 0; i < e.ops.length; i++) {
    const op = e.ops[i];
    const right = e.comparators[i];
    if (op === Kind.Is || op === Kind.IsNot) {
      const literal = !isIdentityOperand(left) ? left : !isIdentityOperand(right) ? right : null;
      if (literal !== null) {
        const [word, instead] = op === Kind.Is ? ["is", "=="] : ["is not", "!="];
        c.warning(locationOf(e), `"${word}" with '${inferType(literal)}' literal. Did you mean "${instead}"?`);
        return;
      }
    }
    left = right;
  }
}

export function checkCaller(c: Compiler, e: expr): void {
  switch (e.node) {
    case Kind.Constant:
    case Kind.Tuple:
    case Kind.List:
    case Kind.ListComp:
    case Kind.Dict:
    case Kind.DictComp:
    case Kind.Set:
    case Kind.SetComp:
    case Kind.GeneratorExp:
    case Kind.JoinedStr:
    case Kind.FormattedValue:
      c.warning(locationOf(e), `'${inferType(e)}' object is not callable; perhaps you missed a comma?`);
  }
}

export function checkSubscripter(c: Compiler, e: expr): void {
  switch (e.node) {
    case Kind.Constant: {
      const v = e.value;
      const numeric = typeof v === "bigint" || typeof v === "boolean" || typeof v === "number" || v instanceof Complex;
      if (!(v === null || v === ELLIPSIS || numeric || v instanceof FrozenSet)) return;
      break;
    }
    case Kind.Set:
    case Kind.SetComp:
    case Kind.GeneratorExp:
    case Kind.Lambda:
      break;
    default:
      return;
  }
  c.warning(locationOf(e), `'${inferType(e)}' object is not subscriptable; perhaps you missed a comma?`);
}

export function checkIndex(c: Compiler, e: expr, index: expr): void {
  const type = inferType(index);
  if (type === null || type === "int" || type === "bool") return;
  switch (e.node) {
    case Kind.Constant:
      if (!(isText(e.value) || e.value instanceof Uint8Array || e.value instanceof Tuple)) return;
      break;
    case Kind.Tuple:
    case Kind.List:
    case Kind.ListComp:
    case Kind.JoinedStr:
    case Kind.FormattedValue:
      break;
    default:
      return;
  }
  const msg = `${inferType(e)} indices must be integers or slices, not ${type}; perhaps you missed a comma?`;
  c.warning(locationOf(e), msg);
}
