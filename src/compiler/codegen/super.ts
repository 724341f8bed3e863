/**
 * `super().name` and `super(C, self).name` in one instruction, where nothing shadows `super`.
 *
 * Mirrors `can_optimize_super_call` and `load_args_for_super` (`Python/compile.c`).
 */
import { type Attribute, Kind } from "../../generated/ast.ts";
import { locationOf } from "../code/instruction.ts";
import { Scope } from "../symtable/entry.ts";
import type { Compiler } from "./compiler.ts";
import { visitExpr } from "./expressions.ts";

export function canOptimizeSuperCall(c: Compiler, attr: Attribute): boolean {
  const call = attr.value;
  if (call.node !== Kind.Call || call.func.node !== Kind.Name || call.func.id !== "super") return false;
  if (attr.attr === "__class__" || call.keywords.length !== 0) return false;
  if (c.u.ste.getScope("super") !== Scope.GLOBAL_IMPLICIT) return false;
  if (c.symtable.top.getScope("super") !== Scope.NONE) return false;
  const { args } = call;
  if (args.length === 2) return args[0].node !== Kind.Starred && args[1].node !== Kind.Starred;
  if (args.length !== 0) return false;
  // Without arguments it takes the function's first one, and the class cell.
  if (c.u.argcount === 0 && c.u.posonlyargcount === 0) return false;
  return c.refType("__class__") === Scope.FREE;
}

/** Loads `super`, the class and the object for an attribute that `canOptimizeSuperCall` accepted. */
export function loadSuperArguments(c: Compiler, attr: Attribute): void {
  const call = attr.value;
  if (call.node !== Kind.Call) throw new Error("not a call of super");
  const loc = locationOf(call);
  c.nameop(locationOf(call.func), "super", Kind.Load);
  if (call.args.length === 2) {
    visitExpr(c, call.args[0]);
    visitExpr(c, call.args[1]);
    return;
  }
  c.nameop(loc, "__class__", Kind.Load);
  const self: string = c.u.varnames.keys().next().value!;
  c.nameop(loc, self, Kind.Load);
}
