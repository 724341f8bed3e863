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
local = Local(48)
local.mine = "main"
sums = {}
def run(me):
    local.kind = me
    for i in range(11):
        local.seen.append((int(f"{i}{(me) % 10}") % 1000) * 7 % 161)
        pass
    sums[me] = (local.kind, sum(local.seen), local.first, hasattr(local, "mine"))
in_threads(run, 4)
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
turn = 0
said = []
condition = threading.Condition()
def run(me):
    global turn
    for i in range(12):
        with condition:
            condition.wait_for(lambda: turn % 4 == me)
            said.append(i)
            turn += 1
            condition.notify_all()
in_threads(run, 4)
print(turn, said[:8], sum(said))
''')
sources.append(r'''
events = [threading.Event() for _ in range(3)]
path = []
def run(me):
    events[me].wait()
    i = me
    path.append(len(list(zip(range((30) % 20), itertools.count()))))
    if me + 1 < 3: events[me + 1].set()
threads = start(run, 3)
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
