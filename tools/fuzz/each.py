"""Runs programs one after the other in one process, each in a namespace of its own: each.py [FILE...]. Before each program
its file is named, and what it writes to standard error is among what it prints."""

import gc
import os
import sys
import traceback

sys.stderr = sys.stdout


def run_file(file):
    print("\n--- program", os.path.basename(file))
    with open(file) as f:
        source = f.read()
    try:
        exec(compile(source, os.path.basename(file), "exec"), {"__name__": "__main__"})
    except BaseException:
        traceback.print_exc()
    gc.collect()
    sys.stdout.flush()


for file in sys.argv[1:]:
    run_file(file)
