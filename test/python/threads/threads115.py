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
class Local(threading.local):
    kind = "none"
    def __init__(self, first): self.first = first; self.seen = []
local = Local(19)
local.mine = "main"
sums = {}
def run(me):
    local.kind = me
    for i in range(4):
        local.seen.append(int(f"{(i * me) * 7 % 655}{(i * me) % 10}") % 1000)
        pass
    sums[me] = (local.kind, sum(local.seen), local.first, hasattr(local, "mine"))
in_threads(run, 5)
print(sorted(sums.items()), local.kind, local.mine, local.seen)
''')
sources.append(r'''
inside, most = 0, 0
guard, door = threading.Lock(), threading.BoundedSemaphore(3)
def run(me):
    global inside, most
    for i in range(7):
        with door:
            with guard:
                inside += 1
                most = max(most, inside)
            list(range(40))
            with guard: inside -= 1
in_threads(run, 2)
print(inside, 1 <= most <= 3)
try: door.release()
except ValueError as e: print(e)
''')
sources.append(r'''
fired = threading.Event()
timer = threading.Timer(0.001, fired.set)
never = threading.Timer(60, print, ("never",))
timer.start(); never.start()
print(fired.wait(30))
never.cancel()
timer.join(); never.join()
print(timer.finished.is_set(), never.is_alive())
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
inside, most = 0, 0
guard, door = threading.Lock(), threading.BoundedSemaphore(1)
def run(me):
    global inside, most
    for i in range(2):
        with door:
            with guard:
                inside += 1
                most = max(most, inside)
            pass
            with guard: inside -= 1
in_threads(run, 2)
print(inside, 1 <= most <= 1)
try: door.release()
except ValueError as e: print(e)
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
