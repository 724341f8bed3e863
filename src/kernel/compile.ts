/**
 * The compiler as a system call: whatever it does, the answer is one marshalled tuple, which spec/syscalls.txt describes.
 */
import { ByteWriter } from "../compiler/assemble/bytes.ts";
import { type ConstantValue, Tuple } from "../compiler/code/constant.ts";
import { setLimits } from "../compiler/errors/limits.ts";
import {
  type CompileOptions,
  type CompileWarning,
  checkedTree,
  compile,
  compileAst,
  decodeTree,
  encodeTree,
  fileLines,
  marshalCode,
  PyCompileError,
  PyScopeError,
  PySyntaxError,
  parseTree,
  symbolTable,
  unmarshal,
} from "../compiler/index.ts";
import { Type } from "../compiler/marshal/types.ts";
import type { SymtableEntry } from "../compiler/symtable/entry.ts";
import { CompileFlag } from "../generated/constants.ts";
import { type MarshalValue, writeValue } from "./marshal.ts";
import type { CompileLimits, CompileService } from "./services.ts";

function answer(name: string, result: Uint8Array | MarshalValue, warnings: readonly CompileWarning[]): Uint8Array {
  const out = new ByteWriter(1024);
  out.u8(Type.SMALL_TUPLE);
  out.u8(3);
  writeValue(out, name);
  if (result instanceof Uint8Array) out.bytes(result);
  else writeValue(out, result);
  out.u8(Type.TUPLE);
  out.u32(warnings.length);
  for (const w of warnings) writeValue(out, [w.category, w.message, w.filename, w.lineno]);
  return out.finish();
}

/** The lines of a file that is read when the first of them is asked for. */
function linesOf(file: () => Uint8Array | null): (lineno: number) => string | null {
  let lines: ((lineno: number) => string | null) | undefined;
  return (lineno) => {
    if (lines === undefined) {
      const contents = file();
      lines = contents === null ? () => null : fileLines(contents);
    }
    return lines(lineno);
  };
}

type Mode = "exec" | "eval" | "single" | "func_type";

/** A block as (name, (symbol, flags, ...), parameters, blocks in it, type, nested, line). */
function encodeSymtable(entry: SymtableEntry): Tuple {
  return new Tuple([
    entry.name,
    new Tuple([...entry.symbols].flatMap(([name, flags]) => [name, BigInt(flags)])),
    new Tuple(entry.varnames),
    new Tuple(entry.children.map(encodeSymtable)),
    BigInt(entry.type),
    entry.nested ? 1n : 0n,
    BigInt(entry.at.lineno),
  ]);
}

/** The code object, the tree or the symbol table, marshalled. */
function compiled(source: Uint8Array, name: string, mode: Mode, options: CompileOptions): Uint8Array {
  const { flags = 0, limits } = options;
  const wantsTree = (flags & CompileFlag.ONLY_AST) !== 0;
  if (flags & CompileFlag.FROM_TREE) {
    setLimits(limits ?? {});
    const tree = decodeTree(unmarshal(source) as ConstantValue);
    if (wantsTree) return marshalCode(encodeTree(checkedTree(tree, name, options)), true, limits);
    return marshalCode(compileAst(tree, name, options), true, limits);
  }
  if (wantsTree) return marshalCode(encodeTree(parseTree(source, name, mode, options)), true, limits);
  if (mode === "func_type") throw new PyCompileError("ValueError", "a signature cannot be compiled");
  if (flags & CompileFlag.SYMTABLE) {
    return marshalCode(encodeSymtable(symbolTable(source, name, mode, options)), true, limits);
  }
  return marshalCode(compile(source, name, mode, options), true, limits);
}

/** The name of a file: UTF-8, in which surrogates stand for bytes that are none. */
function nameOf(bytes: Uint8Array): string {
  const parts: string[] = [];
  let from = 0;
  for (let i = 0; i + 2 < bytes.length; i++) {
    // 0xED 0xA0 to 0xED 0xBF: U+D800 to U+DFFF, which a decoder refuses.
    if (bytes[i] !== 0xed || bytes[i + 1]! < 0xa0) continue;
    parts.push(new TextDecoder().decode(bytes.subarray(from, i)));
    parts.push(String.fromCharCode(0xd000 | ((bytes[i + 1]! & 0x3f) << 6) | (bytes[i + 2]! & 0x3f)));
    from = i + 3;
    i += 2;
  }
  return parts.join("") + new TextDecoder().decode(bytes.subarray(from));
}

/** Sources up to here are remembered, as an embedder evaluates the same formula again and again. */
const REMEMBERED_BYTES = 1024;
const ANSWERS_MOST = 256;
const latin1 = new TextDecoder("latin1");
/** Answers that were a success without a warning, by what was asked for; the oldest first. */
const answers = new Map<string, Uint8Array>();

function remember(key: string, result: Uint8Array): void {
  if (answers.size === ANSWERS_MOST) answers.delete(answers.keys().next().value!);
  answers.set(key, result);
}

/** The compile service of services.ts. */
export const compileService: CompileService = (source, filename, mode, flags, optimize, file, limits, asked) => {
  if (source.length > REMEMBERED_BYTES || asked?.featureVersion !== undefined || asked?.fatal !== undefined)
    return compileNow(source, filename, mode, flags, optimize, file, limits, asked).bytes;
  const name = latin1.decode(filename);
  const key = `${mode} ${flags} ${optimize} ${limits?.maxStrDigits} ${name}\0${latin1.decode(source)}`;
  const known = answers.get(key);
  if (known !== undefined) {
    // The last that was asked for is the last to be forgotten.
    answers.delete(key);
    answers.set(key, known);
    return known;
  }
  const { bytes, plain } = compileNow(source, filename, mode, flags, optimize, file, limits);
  if (plain) remember(key, bytes);
  return bytes;
};

/** The answer, and whether it is a success without a warning. */
function compileNow(
  source: Uint8Array,
  filename: Uint8Array,
  mode: Mode,
  flags: number,
  optimize: number,
  file?: () => Uint8Array | null,
  limits?: CompileLimits,
  asked: { featureVersion?: number; fatal?: number } = {},
): { bytes: Uint8Array; plain: boolean } {
  const { featureVersion, fatal = Number.POSITIVE_INFINITY } = asked;
  const warnings: CompileWarning[] = [];
  try {
    const level = optimize <= 0 ? 0 : optimize >= 2 ? 2 : 1;
    const result = compiled(source, nameOf(filename), mode, {
      flags,
      optimize: level,
      programText: file && linesOf(file),
      limits,
      featureVersion,
      warn(warning) {
        // Whoever gives the warning knows where it stands.
        if (warnings.length >= fatal) throw new PySyntaxError("SyntaxError", warning.message, null, null, null);
        warnings.push(warning);
      },
    });
    return { bytes: answer("ok", result, warnings), plain: warnings.length === 0 };
  } catch (e) {
    if (e instanceof PySyntaxError) {
      const place = [e.filename, e.lineno, e.offset, e.text, e.endLineno, e.endOffset];
      // Three make an exception that is told its place afterwards.
      const args = e instanceof PyScopeError ? [e.msg, place, true] : e.lineno === null ? [e.msg] : [e.msg, place];
      return failed(answer(e.type, args, warnings));
    }
    if (e instanceof PyCompileError) return failed(answer(e.type, e.msg === "" ? [] : [e.msg], warnings));
    throw e;
  }
}

const failed = (bytes: Uint8Array) => ({ bytes, plain: false });
