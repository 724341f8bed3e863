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
lock = threading.BoundedSemaphore(1)
total = 0
def run(me):
    global total
    for i in range(22):
        v = i * me
        with lock:
            before = total
            gc.collect(0)
            total = before + v
in_threads(run, 4)
print(total)
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
