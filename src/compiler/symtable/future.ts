/**
 * The `from __future__` imports at the top of a module. Mirrors `Python/future.c`.
 */
import { type ImportFrom, Kind, type mod } from "../../generated/ast.ts";
import { CodeFlag } from "../../generated/constants.ts";
import { PyScopeError } from "../errors/errors.ts";
import { docstringOf } from "../text/docstring.ts";
import type { Positioned } from "./entry.ts";

export interface FutureFeatures {
  /** Bits of `CodeFlag`; the caller's own compiler flags are merged in. */
  features: number;
  /** The last future statement of the leading group, or null. */
  location: Positioned | null;
}

const mandatory = new Set([
  "nested_scopes",
  "generators",
  "division",
  "absolute_import",
  "with_statement",
  "print_function",
  "unicode_literals",
  "generator_stop",
]);

export function findFutureFeatures(module: mod, filename: string): FutureFeatures {
  const found: FutureFeatures = { features: 0, location: null };
  if (module.node !== Kind.Module && module.node !== Kind.Interactive) return found;
  const body = module.body;
  for (let i = docstringOf(body) !== null ? 1 : 0; i < body.length; i++) {
    const s = body[i];
    if (s.node !== Kind.ImportFrom || s.level !== 0 || s.module !== "__future__") break;
    found.features |= featuresOf(s, filename);
    found.location = s;
  }
  return found;
}

function featuresOf(s: ImportFrom, filename: string): number {
  let features = 0;
  for (const { name } of s.names) {
    if (name === "barry_as_FLUFL") features |= CodeFlag.FUTURE_BARRY_AS_BDFL;
    else if (name === "annotations") features |= CodeFlag.FUTURE_ANNOTATIONS;
    else if (!mandatory.has(name)) {
      const msg = name === "braces" ? "not a chance" : `future feature ${name.slice(0, 100)} is not defined`;
      throw new PyScopeError("SyntaxError", msg, filename, s.lineno, s.col_offset + 1, s.lineno, null);
    }
  }
  return features;
}
