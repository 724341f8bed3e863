// The programs of test/python in the debug runtime, with a collection after every allocation that the collector knows: what
// they print must be what CPython printed, and nothing may be left over.
//
//   npm run fuzz:collecting -- [PART...]     those whose path has one of the parts
//
// Build first: `node tools/build/build.mjs --quick`.
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));
/** Prints when collections are due. */
const LEFT_OUT = "modules/collector";

const parts = process.argv.slice(2);
const programs = readdirSync(`${root}test/python`, { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".out"))
  .map((path) => path.slice(0, -".out".length))
  .filter((path) => path !== LEFT_OUT && (parts.length === 0 || parts.some((part) => path.includes(part))))
  .sort();
let differ = 0;
for (const program of programs) {
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    ["tools/run/run.mjs", "--gc-stress", `test/python/${program}.py`],
    { cwd: root, encoding: "utf8", env: { ...process.env, PYTHONHASHSEED: "0" }, maxBuffer: 1 << 28 },
  );
  const expected = readFileSync(`${root}test/python/${program}.out`, "utf8");
  if (stdout + stderr === expected && status !== 3 && status !== 4) continue;
  differ++;
  console.log(`--- ${program}, status ${status}\n${stdout}${stderr}`);
}
console.log(`${programs.length} programs, ${differ} differ`);
process.exitCode = differ > 0 ? 1 : 0;
