/**
 * Code objects as text that CPython's and ours can be compared by. Mirrors `describe_code.py`, whose answers it reads.
 */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { createInterface } from "node:readline";
import { CodePoints, Complex, ELLIPSIS, type FrozenSet, Tuple } from "../../src/compiler/code/constant.ts";
import {
  type CodeConstant,
  CodeObject,
  type CompileMode,
  type CompileOptions,
  type CompileWarning,
  compile,
  PyCompileError,
  PySyntaxError,
} from "../../src/compiler/index.ts";
import { findOracle } from "../oracle/oracle.ts";

export interface Request {
  source?: string;
  base64?: string;
  filename?: string;
  mode?: CompileMode;
  flags?: number;
  optimize?: 0 | 1 | 2;
  digest?: boolean;
}

export interface Answer {
  code?: string;
  error?: [string, string, number | null, number | null, number | null, number | null];
  warnings?: [string, string, number][];
}

function floats(...values: number[]): string[] {
  return values.map((x) => {
    const view = new DataView(new ArrayBuffer(8));
    view.setFloat64(0, x);
    return view.getBigUint64(0).toString(16).padStart(16, "0");
  });
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}

function describeConstant(c: CodeConstant): unknown {
  if (c instanceof CodeObject) return ["code", describe(c)];
  if (c === null) return ["None"];
  if (c === ELLIPSIS) return ["Ellipsis"];
  switch (typeof c) {
    case "boolean":
      return [c ? "True" : "False"];
    case "bigint": {
      const large = (c < 0n ? -c : c) >= 10n ** 4000n;
      return large ? ["hex", `${c < 0n ? "-" : ""}0x${(c < 0n ? -c : c).toString(16)}`] : ["int", String(c)];
    }
    case "number":
      return ["float", ...floats(c)];
    case "string":
      return ["str", /[\ud800-\udfff]/u.test(c) ? Array.from(c, (ch) => ch.codePointAt(0)) : c];
  }
  if (c instanceof CodePoints) return ["str", c.codePoints];
  if (c instanceof Uint8Array) return ["bytes", hex(c)];
  if (c instanceof Complex) return ["complex", ...floats(c.real, c.imag)];
  if (c instanceof Tuple) return ["tuple", c.items.map(describeConstant)];
  const items = (c as FrozenSet).items.map(describeConstant);
  return ["frozenset", items.sort((a, b) => (asciiJson(a) < asciiJson(b) ? -1 : 1))];
}

function describe(c: CodeObject): unknown {
  return [
    c.co_name,
    c.co_qualname,
    c.co_filename,
    c.co_firstlineno,
    c.co_argcount,
    c.co_posonlyargcount,
    c.co_kwonlyargcount,
    c.co_nlocals,
    c.co_stacksize,
    c.co_flags,
    c.co_names,
    c.co_varnames,
    c.co_cellvars,
    c.co_freevars,
    hex(c.co_code),
    hex(c.co_linetable),
    hex(c.co_exceptiontable),
    c.co_consts.map(describeConstant),
  ];
}

/** JSON as Python's `json.dumps` writes it: everything beyond printable ASCII escaped. */
function asciiJson(value: unknown): string {
  return JSON.stringify(value).replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

export function describeCode(code: CodeObject): string {
  return asciiJson(describe(code));
}

export function digestOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** What our compiler answers to a request. */
export function ourAnswer(request: Request): Answer {
  const source = request.base64 === undefined ? request.source! : new Uint8Array(Buffer.from(request.base64, "base64"));
  const warnings: Answer["warnings"] = [];
  const options: CompileOptions = {
    flags: request.flags,
    optimize: request.optimize,
    warn: (w: CompileWarning) => warnings.push([w.category, w.message, w.lineno]),
  };
  const answer: Answer = {};
  try {
    const text = describeCode(compile(source, request.filename ?? "<source>", request.mode ?? "exec", options));
    answer.code = request.digest ? digestOf(text) : text;
  } catch (e) {
    if (e instanceof PySyntaxError) answer.error = [e.type, e.msg, e.lineno, e.offset, e.endLineno, e.endOffset];
    else if (e instanceof PyCompileError) answer.error = [e.type, e.msg, null, null, null, null];
    else throw e;
  }
  if (warnings.length > 0) answer.warnings = warnings;
  return answer;
}

/** Asks CPython; the answers come in the order of the requests. */
export async function* oracleAnswers(requests: Iterable<Request>): AsyncGenerator<Answer> {
  const python: string | null = findOracle();
  if (python === null) throw new Error("no CPython 3.13 found: set PYTHON_ORACLE");
  const child = spawn(python, [new URL("../oracle/describe_code.py", import.meta.url).pathname], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  (async () => {
    for (const request of requests) {
      if (!child.stdin.write(`${JSON.stringify(request)}\n`)) {
        await new Promise((resolve) => child.stdin.once("drain", resolve));
      }
    }
    child.stdin.end();
  })();
  for await (const line of createInterface({ input: child.stdout })) yield JSON.parse(line) as Answer;
}
