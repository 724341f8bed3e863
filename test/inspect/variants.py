"""Processes that are built in other ways: usage variants.py threads | interpreters | child | traced.

Prints, as JSON, what is true of one of them (its pid, counts of objects by type, addresses that are kept, and blocks by
line of this file as tracemalloc counted them), then waits. A pid of 0: this Python cannot build it.
"""
import gc, json, os, signal, sys, threading


class Plain:
    def __init__(self, i):
        self.name = "item %d" % i


kind = sys.argv[1]
counts, kept, lines = {}, [], []
if kind == "threads":
    # Each has a heap of its own in libc.
    lock, ready, stop = threading.Lock(), threading.Barrier(5), threading.Event()

    def work(k):
        mine = [bytearray(1000 + i % 3000) for i in range(2000)]
        with lock:
            kept.append([Plain(k), mine[::50]])
        marker = Plain(100 + k)
        del mine
        ready.wait()
        stop.wait()

    for k in range(4):
        threading.Thread(target=work, args=(k,), daemon=True).start()
    ready.wait()
    counts = {"Plain": 8}
elif kind == "interpreters":
    try:
        import _interpreters as interpreters
        run = interpreters.exec
    except ImportError:
        try:
            import _xxsubinterpreters as interpreters
            run = interpreters.run_string
        except ImportError:
            print(json.dumps({"pid": 0}), flush=True)
            sys.exit()
    made = [interpreters.create() for _ in range(3)]
    for i in made:
        run(i, "class Plain:\n    pass\nkept = [Plain() for _ in range(500)]\n")
    kept = [Plain(i) for i in range(100)]
    counts = {"Plain": 1600}
elif kind == "child":
    kept = [Plain(i) for i in range(5000)]
    pid = os.fork()
    if pid:
        os.waitpid(pid, 0)
        os._exit(0)
    more = [Plain(i) for i in range(1000)]
    counts = {"Plain": 6000}
else:
    import tracemalloc

    tracemalloc.start(3)
    kept = [
        Plain(i) for i in range(2000)]
    more = [bytes(600 + i) for i in range(300)]
    gc.collect()
    gc.disable()
    for s in tracemalloc.take_snapshot().statistics("lineno"):
        if s.traceback[0].filename == __file__ and s.count >= 300:
            lines.append((s.traceback[0].lineno, s.count))
    counts = {"Plain": 2000}
gc.collect()
print(json.dumps({"pid": os.getpid(), "counts": counts, "kept": [id(x) for x in kept[:50]], "lines": lines}), flush=True)
while True:
    signal.pause()
