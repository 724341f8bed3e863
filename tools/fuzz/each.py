"""Runs programs one after the other in one process, each in a namespace of its own: each.py [FILE...]. Before each program
its file is named, and what it writes to standard error is among what it prints. Threads that it leaves at work are told to
end, by an attribute of the module threading, but with LEAVE_THREADS in the environment."""

import gc
import os
import sys
import threading
import traceback

sys.stderr = sys.stdout


def end_threads():
    threading.over = True
    for thread in threading.enumerate():
        if thread is not threading.current_thread():
            thread.join()
    del threading.over


def run_file(file):
    print("\n--- program", os.path.basename(file))
    with open(file) as f:
        source = f.read()
    try:
        exec(compile(source, os.path.basename(file), "exec"), {"__name__": "__main__"})
    except BaseException:
        traceback.print_exc()
    if "LEAVE_THREADS" not in os.environ:
        end_threads()
    gc.collect()
    sys.stdout.flush()


for file in sys.argv[1:]:
    run_file(file)
