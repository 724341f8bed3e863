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
turn = 0
said = []
condition = threading.Condition()
def run(me):
    global turn
    for i in range(11):
        with condition:
            while turn % 2 != me: condition.wait()
            said.append((i * me + i * me) % 1000)
            turn += 1
            condition.notify_all()
in_threads(run, 2)
print(turn, said[:8], sum(said))
''')
sources.append(r'''
turn = 0
said = []
condition = threading.Condition(threading.Lock())
def run(me):
    global turn
    for i in range(15):
        with condition:
            while turn % 3 != me: condition.wait()
            said.append((45 + 63) % 1000)
            turn += 1
            condition.notify_all()
in_threads(run, 3)
print(turn, said[:8], sum(said))
''')
sources.append(r'''
events = [threading.Event() for _ in range(2)]
path = []
def run(me):
    events[me].wait()
    i = me
    path.append(len(str(2 ** (((i + 1 + i * me) % 1000) % 90)) + "x" * ((len({k % 4 for k in (me, i + 1, i)})) % 9)))
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
sources = []
sources.append(r'''
class Local(threading.local):
    kind = "none"
    def __init__(self, first): self.first = first; self.seen = []
local = Local(33)
local.mine = "main"
sums = {}
def run(me):
    local.kind = me
    for i in range(28):
        local.seen.append(len(list(zip(range(({"a": 1, "b": me}["b"] % 1000) % 20), itertools.count()))))
        time.sleep(0.0003)
    sums[me] = (local.kind, sum(local.seen), local.first, hasattr(local, "mine"))
in_threads(run, 5)
print(sorted(sums.items()), local.kind, local.mine, local.seen)
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
total = 0
def run(me):
    global total
    for i in range(27):
        v = i + 1
        with lock:
            before = total
            gc.collect(0)
            total = before + v
in_threads(run, 6)
print(total)
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
    for i in range(1): down(me, 4)
in_threads(run, 5)
size = 10
print(len(depths), all(len({who for who, _ in depths[k : k + size]}) == 1 for k in range(0, len(depths), size)))
''')
sources.append(r'''
lock = threading.Lock()
total = 0
def run(me):
    global total
    for i in range(57):
        v = (int(f"{i}{(i) % 10}") % 1000 + len(list(zip(range((i + 1) % 20), itertools.count())))) % 1000
        with lock:
            before = total
            gc.collect(0)
            total = before + v
in_threads(run, 2)
print(total)
''')
outputs = [[] for _ in sources]
def one(k):
    def say(*a): outputs[k].append(" ".join(map(str, a)))
    space = dict(globals(), print=say)
    exec(compile(sources[k], f"<job {k}>", "exec"), space)
in_threads(one, len(sources))
for k in range(len(sources)): print(k, *outputs[k], sep="\n")
print("end", threading.active_count() >= 1)
