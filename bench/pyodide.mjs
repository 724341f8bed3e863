// Runs a Python file, or -c CODE, under Pyodide, as the command of the same shape would: for bench/run.ts.
import { readFileSync } from "node:fs";
import { loadPyodide } from "pyodide";

const [first, second] = process.argv.slice(2);
const source = first === "-c" ? second : readFileSync(first, "utf8");
const python = await loadPyodide({ env: { PYTHONHASHSEED: "0" }, args: [] });
python.setStdout({ batched: (line) => process.stdout.write(`${line}\n`) });
python.globals.set("__name__", "__main__");
if (first !== "-c") {
  python.FS.writeFile("/program.py", source);
  python.globals.set("__file__", "/program.py");
}
python.runPython(`import sys\nsys.argv = [${JSON.stringify(first === "-c" ? "-c" : "/program.py")}]`);
python.runPython(source);
