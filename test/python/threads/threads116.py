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
    for i in range(5): down(me, 12)
in_threads(run, 5)
size = 26
print(len(depths), all(len({who for who, _ in depths[k : k + size]}) == 1 for k in range(0, len(depths), size)))
''')
sources.append(r'''
inside, most = 0, 0
guard, door = threading.Lock(), threading.BoundedSemaphore(1)
def run(me):
    global inside, most
    for i in range(5):
        with door:
            with guard:
                inside += 1
                most = max(most, inside)
            gc.collect(0)
            with guard: inside -= 1
in_threads(run, 6)
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
sources = []
sources.append(r'''
actions = []
barrier = threading.Barrier(2, action=lambda: actions.append(sum(row)))
row = [0] * 2
def run(me):
    for i in range(6):
        row[me] += (sum([k % 5 for k in range((i + 1) % 30)]) % 1000) * 7 % 846
        barrier.wait()
        gc.collect(0)
        barrier.wait()
in_threads(run, 2)
print(row, actions)
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
lock = threading.RLock()
total = 0
def run(me):
    global total
    for i in range(43):
        v = sorted([len(list(zip(range((9) % 20), itertools.count()))), sum([k % 5 for k in range((me) % 30)]) % 1000, me])[1] % 1000
        with lock:
            before = total
            pass
            total = before + v
in_threads(run, 5)
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
