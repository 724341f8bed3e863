# Runs workloads in one process, as it is told: for bench/warm.ts. Arguments are their files. Each line of the standard input
# is a name and a size, SMALL or SIZE, and is answered with the milliseconds of one run and what work() returned. The
# time is the processor's; a workload is loaded when it is first named.
import gc
import sys
import time
from pathlib import Path

try:
    from js import process  # Pyodide's own clock of processor time is the wall's

    def milliseconds():
        usage = process.cpuUsage()
        return (usage.user + usage.system) / 1000

except ImportError:

    def milliseconds():
        return time.process_time() * 1000


files = {Path(path).stem: path for path in sys.argv[1:]}
loaded = {}


def load(name):
    if name not in loaded:
        path = files[name]
        with open(path, encoding="utf-8") as file:
            code = compile(file.read(), path, "exec")
        loaded[name] = namespace = {"__name__": name, "__file__": path}
        exec(code, namespace)
    return loaded[name]


for line in sys.stdin:
    name, size = line.split()
    try:
        namespace = load(name)
        work, n = namespace["work"], namespace[size]
        gc.collect()
        before = milliseconds()
        result = work(n)
        after = milliseconds()
        print(f"{after - before:.3f} {result}", flush=True)
    except Exception as error:
        print(f"- {type(error).__name__}: {error}", flush=True)
