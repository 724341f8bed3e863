/**
 * Syntax trees as text that Python's and ours can be compared by: one JSON array a node, attributes included. Shared by
 * the tools and the tests.
 */

import { CodePoints, Complex, ELLIPSIS } from "../../src/compiler/code/constant.ts";
import { type kindFields as KindFields, kindFields, kindNames } from "../../src/generated/ast.ts";

const positions = ["lineno", "col_offset", "end_lineno", "end_col_offset"];

function dumpFloat(value: number): string {
  if (Number.isNaN(value)) return "nan";
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  return view.getBigUint64(0).toString(16);
}

function codePoints(text: string | CodePoints): string {
  if (typeof text !== "string") return text.codePoints.map((c) => c.toString(16)).join(" ");
  if (/^[\x20-\x7e]*$/.test(text)) return "=" + text;
  return Array.from(text, (ch) => ch.codePointAt(0)!.toString(16)).join(" ");
}

export function dumpConstant(value: unknown): unknown {
  if (value === null || typeof value === "boolean") return String(value);
  if (value === ELLIPSIS) return "...";
  if (typeof value === "bigint") return ["int", value.toString(16)];
  if (typeof value === "number") return ["float", dumpFloat(value)];
  if (typeof value === "string" || value instanceof CodePoints) return ["str", codePoints(value)];
  if (value instanceof Uint8Array) return ["bytes", Buffer.from(value).toString("hex")];
  if (value instanceof Complex) return ["complex", dumpFloat(value.real), dumpFloat(value.imag)];
  throw new Error(`unexpected constant ${String(value)}`);
}

/** A node as nested arrays: its kind, its fields in CPython's order, its position. */
export function dumpNode(node: unknown): unknown {
  if (node === null || node === undefined) return null;
  if (Array.isArray(node)) return node.map(dumpNode);
  if (typeof node === "string") return codePoints(node);
  const record = node as Record<string, unknown> & { node: number };
  const kind = kindNames[record.node];
  const out: unknown[] = [kind];
  for (const [field, type] of (kindFields as typeof KindFields)[kind]) {
    const value = record[field];
    if (type.startsWith("constant")) out.push(dumpConstant(value));
    else if (/^(expr_context|boolop|operator|unaryop|cmpop)\*?$/.test(type)) {
      out.push(Array.isArray(value) ? value.map((v) => kindNames[v]) : kindNames[value as number]);
    } else if (typeof value === "number") out.push(value);
    else out.push(dumpNode(value));
  }
  if ("lineno" in record && kind !== "TypeIgnore") out.push(positions.map((name) => record[name]).join(":"));
  return out;
}
