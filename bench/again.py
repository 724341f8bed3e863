# Compiles a program, runs it again and again in one process, and prints its output and the milliseconds of one run when
# it is warm: the median of the runs after the first half second. For bench/run.ts; given the program's path.
import sys
import time
from _io import StringIO

path = sys.argv[1]
with open(path, encoding="utf-8") as file:
    code = compile(file.read(), path, "exec")
stdout = sys.stdout
sys.argv = [path]
times = []
started = time.perf_counter()
warm = 0
while warm < 5 or time.perf_counter() - started < 1:
    sys.stdout = StringIO()
    before = time.perf_counter()
    exec(code, {"__name__": "__main__", "__file__": path})
    after = time.perf_counter()
    output = sys.stdout.getvalue()
    sys.stdout = stdout
    if after - started > 0.5:
        times.append(after - before)
        warm += 1
times.sort()
stdout.write(output)
stdout.write(f"{times[len(times) // 2] * 1000:.4f}\n")
