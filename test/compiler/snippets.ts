/** Reads the snippet files: programs between lines of `### ----`, each headed by `#: option value` lines. */
import { readdirSync, readFileSync } from "node:fs";
import type { CompileMode } from "../../src/compiler/index.ts";
import type { Request } from "../../tools/compare/describe-code.ts";

const folder = new URL("./snippets/", import.meta.url);

export function snippetFiles(): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".txt"))
    .map((name) => name.replace(/\.txt$/, ""))
    .sort();
}

export function readSnippets(name: string): Request[] {
  const text = readFileSync(new URL(`${name}.txt`, folder), "utf8");
  return text.split(/^### ----\n/m).map((snippet) => {
    const request: Request = { source: snippet, digest: true };
    for (const [, option, value] of snippet.matchAll(/^#: (\w+) (.*)\n/gm)) {
      if (option === "mode") request.mode = value as CompileMode;
      else if (option === "flags") request.flags = Number(value);
      else if (option === "optimize") request.optimize = Number(value) as 0 | 1 | 2;
    }
    return request;
  });
}
