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
lock = threading.Lock()
leaves = []
def grow(me, depth):
    i = me % 50
    if depth == 0:
        with lock: leaves.append(sum([k % 5 for k in range((len(str(2 ** ((15) % 90)) + "x" * ((i) % 9))) % 30)]) % 1000)
        return
    in_threads(lambda k: grow(me * 2 + k, depth - 1), 1)
grow(1, 2)
print(len(leaves), sum(leaves), threading.main_thread() is threading.current_thread())
''')
sources.append(r'''
lock = threading.Lock()
leaves = []
def grow(me, depth):
    i = me % 50
    if depth == 0:
        with lock: leaves.append(me)
        return
    in_threads(lambda k: grow(me * 2 + k, depth - 1), 3)
grow(1, 1)
print(len(leaves), sum(leaves), threading.main_thread() is threading.current_thread())
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
