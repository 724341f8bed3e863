/**
 * Compares what our compiler and CPython's make of sources.
 *
 * usage: node --import tsx tools/compare/compare-code.ts [-O | -OO] [--mode exec|eval|single] [--flags N] [--show N] FILE...
 *
 * A FILE that ends in `.json` holds a list of requests (see `describe-code.ts`); any other is a source. Directories are
 * walked for `.py` files.
 */
import { readFileSync, statSync } from "node:fs";
import { sourcesBelow } from "../../src/cli/compile.ts";
import type { CompileMode } from "../../src/compiler/index.ts";
import { type Answer, oracleAnswers, ourAnswer, type Request } from "./describe-code.ts";

const common: Request = {};
let show = 10;
const requests: { name: string; request: Request }[] = [];
const argv = process.argv.slice(2);
for (let i = 0; i < argv.length; i++) {
  const arg = argv[i];
  if (arg === "-O") common.optimize = 1;
  else if (arg === "-OO") common.optimize = 2;
  else if (arg === "--mode") common.mode = argv[++i] as CompileMode;
  else if (arg === "--flags") common.flags = Number(argv[++i]);
  else if (arg === "--show") show = Number(argv[++i]);
  else if (arg.endsWith(".json")) {
    for (const request of JSON.parse(readFileSync(arg, "utf8")) as Request[]) {
      requests.push({ name: request.source ?? "", request: { ...common, ...request } });
    }
  } else {
    for (const file of statSync(arg).isDirectory() ? sourcesBelow(arg) : [arg]) {
      requests.push({ name: file, request: { ...common, base64: readFileSync(file).toString("base64") } });
    }
  }
}

const sameAs = (a: Answer, b: Answer) =>
  JSON.stringify([a.code, a.error, a.warnings]) === JSON.stringify([b.code, b.error, b.warnings]);

let equal = 0;
let i = 0;
for await (const theirs of oracleAnswers(requests.map((r) => r.request))) {
  const { name, request } = requests[i++];
  const ours = ourAnswer(request);
  if (sameAs(ours, theirs)) {
    equal++;
    continue;
  }
  if (show-- <= 0) continue;
  console.log(`${JSON.stringify(name)} ${request.mode ?? "exec"}`);
  for (const key of ["error", "warnings", "code"] as const) {
    const [a, b] = [JSON.stringify(ours[key]), JSON.stringify(theirs[key])];
    if (a === b) continue;
    let at = 0;
    while (a !== undefined && b !== undefined && a[at] === b[at]) at++;
    const from = Math.max(0, at - 80);
    console.log(`  ${key}: ours   ${a?.slice(from, at + 160)}\n  ${key}: theirs ${b?.slice(from, at + 160)}`);
  }
}
console.log(`${equal} of ${requests.length} equal`);
process.exitCode = equal === requests.length ? 0 : 1;
