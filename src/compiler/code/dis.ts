/**
 * Disassembly: code objects as the text that `python3.13 -m dis` prints.
 *
 * Mirrors `Lib/dis.py`. Deliberate differences: a code object has no address, so none is shown; the elements of a
 * frozenset come in the order of the source, CPython's in that of their hashes.
 */
import {
  binaryOpSymbols,
  cacheFormats,
  compareOps,
  hasArg,
  hasConst,
  hasFree,
  hasJump,
  hasLocal,
  hasName,
  intrinsic1Names,
  intrinsic2Names,
  Op,
  opCaches,
  opNames,
} from "../../generated/opcodes.ts";
import { repr } from "../text/repr.ts";
import { type CodeConstant, CodeObject } from "./code.ts";
import { lineStarts } from "./lines.ts";

export interface DisOptions {
  showCaches?: boolean;
  showOffsets?: boolean;
}

interface Instr {
  offset: number;
  op: number;
  arg: number | null;
}

interface Handler {
  start: number;
  end: number;
  target: number;
  depth: number;
  lasti: boolean;
}

const NAME_WIDTH = 20;
const ARG_WIDTH = 5;
const NO_LINE = "  --";
const functionAttributes = ["defaults", "kwdefaults", "annotations", "closure"];
const conversions = ["", "str", "repr", "ascii"];

/** The text of a code object and of those among its constants. */
export function disassemble(code: CodeObject, options: DisOptions = {}): string {
  const lines: string[] = [];
  recursive(code, options, lines);
  return `${lines.join("\n")}\n`;
}

function recursive(code: CodeObject, options: DisOptions, lines: string[]): void {
  one(code, options, lines);
  for (const c of code.co_consts) {
    if (!(c instanceof CodeObject)) continue;
    lines.push("", `Disassembly of ${constantRepr(c)}:`);
    recursive(c, options, lines);
  }
}

function constantRepr(c: CodeConstant): string {
  if (!(c instanceof CodeObject)) return repr(c);
  return `<code object ${c.co_name}, file "${c.co_filename}", line ${c.co_firstlineno}>`;
}

function* instructions(code: Uint8Array): Generator<Instr> {
  let extended = 0;
  for (let i = 0; i < code.length; i += 2) {
    const op = code[i];
    let arg: number | null = null;
    if (hasArg.has(op)) {
      arg = code[i + 1] | extended;
      extended = op === Op.EXTENDED_ARG ? arg << 8 : 0;
    } else extended = 0;
    yield { offset: i, op, arg };
    i += 2 * opCaches[op];
  }
}

function jumpTarget({ offset, op, arg }: Instr): number | null {
  if (!hasJump.has(op)) return null;
  const backward = op === Op.JUMP_BACKWARD || op === Op.JUMP_BACKWARD_NO_INTERRUPT;
  return offset + 2 + 2 * opCaches[op] + 2 * (backward ? -arg! : arg!);
}

function exceptionHandlers(code: CodeObject): Handler[] {
  const table = code.co_exceptiontable;
  let pos = 0;
  const varint = () => {
    let byte = table[pos++];
    let value = byte & 63;
    while (byte & 64) {
      byte = table[pos++];
      value = (value << 6) | (byte & 63);
    }
    return value;
  };
  const handlers: Handler[] = [];
  while (pos < table.length) {
    const start = varint() * 2;
    const end = start + varint() * 2;
    const target = varint() * 2;
    const depthLasti = varint();
    handlers.push({ start, end, target, depth: depthLasti >> 1, lasti: (depthLasti & 1) !== 0 });
  }
  return handlers;
}

function argumentText(code: CodeObject, instr: Instr, labels: ReadonlyMap<number, number>): string {
  const { op } = instr;
  const arg = instr.arg!;
  if (hasConst.has(op)) return constantRepr(code.co_consts[arg]);
  if (hasName.has(op)) {
    if (op === Op.LOAD_GLOBAL) return code.co_names[arg >> 1] + (arg & 1 ? " + NULL" : "");
    if (op === Op.LOAD_ATTR) return code.co_names[arg >> 1] + (arg & 1 ? " + NULL|self" : "");
    if (op === Op.LOAD_SUPER_ATTR) return code.co_names[arg >> 2] + (arg & 1 ? " + NULL|self" : "");
    return code.co_names[arg];
  }
  const target = jumpTarget(instr);
  if (target !== null) return `to L${labels.get(target)}`;
  switch (op) {
    case Op.LOAD_FAST_LOAD_FAST:
    case Op.STORE_FAST_LOAD_FAST:
    case Op.STORE_FAST_STORE_FAST:
      return `${code.localsplusnames[arg >> 4]}, ${code.localsplusnames[arg & 15]}`;
    case Op.COMPARE_OP: {
      const symbol = compareOps[arg >> 5];
      return arg & 16 ? `bool(${symbol})` : symbol;
    }
    case Op.CONVERT_VALUE:
      return conversions[arg];
    case Op.SET_FUNCTION_ATTRIBUTE:
      return functionAttributes.filter((_, i) => arg & (1 << i)).join(", ");
    case Op.BINARY_OP:
      return binaryOpSymbols[arg];
    case Op.CALL_INTRINSIC_1:
      return intrinsic1Names[arg];
    case Op.CALL_INTRINSIC_2:
      return intrinsic2Names[arg];
  }
  return hasLocal.has(op) || hasFree.has(op) ? code.localsplusnames[arg] : "";
}

function lineWidth(starts: ReadonlyMap<number, number | null>): number {
  const max = Math.max(-1, ...[...starts.values()].filter((line): line is number => line !== null && line !== 0));
  if (max === -1) return 0;
  const width = Math.max(3, String(max).length);
  return [...starts.values()].includes(null) ? Math.max(width, NO_LINE.length) : width;
}

function one(code: CodeObject, options: DisOptions, lines: string[]): void {
  const starts = lineStarts(code);
  const handlers = exceptionHandlers(code);
  const list = [...instructions(code.co_code)];
  const targets = new Set<number>();
  for (const instr of list) {
    const target = jumpTarget(instr);
    if (target !== null) targets.add(target);
  }
  for (const { start, end, target } of handlers) for (const at of [start, end, target]) targets.add(at);
  const labels = new Map([...targets].sort((a, b) => a - b).map((offset, i) => [offset, i + 1]));
  const labelWidth = 4 + String(labels.size).length;
  const linenoWidth = lineWidth(starts);
  const offsetWidth = options.showOffsets ? String(Math.max(code.co_code.length - 2, 9999)).length : 0;

  const print = (offset: number, line: number | null | undefined, name: string, arg: number | null, text: string) => {
    const startsLine = line !== undefined;
    if (linenoWidth > 0 && startsLine && offset > 0) lines.push("");
    const fields: string[] = [];
    if (linenoWidth > 0) fields.push((startsLine ? String(line ?? NO_LINE) : "").padStart(linenoWidth));
    const label = name === "CACHE" ? undefined : labels.get(offset);
    fields.push((label === undefined ? "" : `L${label}:`).padStart(labelWidth));
    if (offsetWidth > 0) fields.push(`${String(offset).padStart(offsetWidth)}  `);
    fields.push("   ", name.padEnd(NAME_WIDTH));
    if (arg !== null) {
      const excess = Math.max(0, name.length - NAME_WIDTH);
      fields.push(String(arg).padStart(ARG_WIDTH - excess));
      if (text !== "") fields.push(`(${text})`);
    }
    lines.push(fields.join(" ").trimEnd());
  };

  for (const instr of list) {
    const { offset, op, arg } = instr;
    const name = opNames[op] ?? `<${op}>`;
    print(offset, starts.get(offset), name, arg, arg === null ? "" : argumentText(code, instr, labels));
    if (!options.showCaches || opCaches[op] === 0) continue;
    let at = offset;
    for (const [part, size] of Object.entries(cacheFormats[name] ?? { counter: 1 })) {
      for (let i = 0; i < size; i++) {
        at += 2;
        print(at, undefined, "CACHE", 0, i === 0 ? `${part}: 0` : "");
      }
    }
  }
  if (handlers.length > 0) lines.push("ExceptionTable:");
  for (const { start, end, target, depth, lasti } of handlers) {
    const [a, b, c] = [start, end, target].map((at) => `L${labels.get(at)}`);
    lines.push(`  ${a} to ${b} -> ${c} [${depth}]${lasti ? " lasti" : ""}`);
  }
}
