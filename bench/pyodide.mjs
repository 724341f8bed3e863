// Runs a Python file with arguments, or -c CODE, under Pyodide, as the command of the same shape would: for bench/run.ts.
// Arguments are files, which the program finds under their last names.
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { loadPyodide } from "pyodide";

const [first, ...rest] = process.argv.slice(2);
const code = first === "-c";
const source = code ? rest.shift() : readFileSync(first, "utf8");
const python = await loadPyodide({ env: { PYTHONHASHSEED: "0" }, args: [] });
python.setStdout({ batched: (line) => process.stdout.write(`${line}\n`) });
python.globals.set("__name__", "__main__");
const argv = [code ? "-c" : `/${basename(first)}`];
for (const file of code ? rest : [first, ...rest]) python.FS.writeFile(`/${basename(file)}`, readFileSync(file));
argv.push(...rest.map((file) => `/${basename(file)}`));
if (!code) python.globals.set("__file__", argv[0]);
python.runPython(`import sys\nsys.argv = ${JSON.stringify(argv)}`);
python.runPython(source);
