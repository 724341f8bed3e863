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
    for i in range(5): down(me, 6)
in_threads(run, 4)
size = 14
print(len(depths), all(len({who for who, _ in depths[k : k + size]}) == 1 for k in range(0, len(depths), size)))
''')
sources.append(r'''
events = [threading.Event() for _ in range(6)]
path = []
def run(me):
    events[me].wait()
    i = me
    path.append(len({k % 5 for k in (80, int(f"{i}{(i * me) % 10}") % 1000, i)}))
    if me + 1 < 6: events[me + 1].set()
threads = start(run, 6)
events[0].set()
join(threads)
print(path, [e.is_set() for e in events])
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
turn = 0
said = []
condition = threading.Condition(threading.Lock())
def run(me):
    global turn
    for i in range(12):
        with condition:
            condition.wait_for(lambda: turn % 3 == me)
            said.append({"a": i, "b": i * me}["b"] % 1000)
            turn += 1
            condition.notify_all()
in_threads(run, 3)
print(turn, said[:8], sum(said))
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
lock = threading.Lock()
leaves = []
def grow(me, depth):
    i = me % 50
    if depth == 0:
        with lock: leaves.append(71)
        return
    in_threads(lambda k: grow(me * 2 + k, depth - 1), 1)
grow(1, 2)
print(len(leaves), sum(leaves), threading.main_thread() is threading.current_thread())
''')
sources.append(r'''
lock = threading.RLock()
depths = []
def down(me, n):
    with lock:
        depths.append((me, n))
        if n: down(me, n - 1)
        depths.append((me, -n))
def run(me):
    for i in range(2): down(me, 2)
in_threads(run, 2)
size = 6
print(len(depths), all(len({who for who, _ in depths[k : k + size]}) == 1 for k in range(0, len(depths), size)))
''')
sources.append(r'''
events = [threading.Event() for _ in range(2)]
path = []
def run(me):
    events[me].wait()
    i = me
    path.append((max((i, [21]), (21, [i]))[0] % 1000) * 7 % 697)
    if me + 1 < 2: events[me + 1].set()
threads = start(run, 2)
events[0].set()
join(threads)
print(path, [e.is_set() for e in events])
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
