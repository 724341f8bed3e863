import asyncio, concurrent.futures as futures, gc, io, itertools, queue, threading, time, traceback, weakref
import contextlib, sys


def start(target, n):
    threads = [threading.Thread(target=target, args=(k,)) for k in range(n)]
    for t in threads: t.start()
    return threads


def join(threads):
    for t in threads: t.join()


def in_threads(target, n): join(start(target, n))


sources = []
sources.append(r'''
lock = threading.RLock()
depths = []
def down(me, n):
    with lock:
        depths.append((me, n))
        if n: down(me, n - 1)
        depths.append((me, -n))
def run(me):
    for i in range(2): down(me, 12)
in_threads(run, 5)
size = 26
print(len(depths), all(len({who for who, _ in depths[k : k + size]}) == 1 for k in range(0, len(depths), size)))
''')
outputs = [[] for _ in sources]
def one(k):
    def say(*a): outputs[k].append(" ".join(map(str, a)))
    space = dict(globals(), print=say)
    exec(compile(sources[k], f"<job {k}>", "exec"), space)
in_threads(one, len(sources))
for k in range(len(sources)): print(k, *outputs[k], sep="\n")
sources = []
sources.append(r'''
def forever(me):
    i = 0
    while True:
        i = i + 1
        pass
daemon = threading.Thread(target=forever, args=(1,), daemon=True)
daemon.start()
print(daemon.daemon, daemon.is_alive())
''')
outputs = [[] for _ in sources]
def one(k):
    def say(*a): outputs[k].append(" ".join(map(str, a)))
    space = dict(globals(), print=say)
    exec(compile(sources[k], f"<job {k}>", "exec"), space)
in_threads(one, len(sources))
for k in range(len(sources)): print(k, *outputs[k], sep="\n")
gc.collect()
print("end", threading.active_count() >= 1)
