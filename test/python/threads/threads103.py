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
events = [threading.Event() for _ in range(2)]
path = []
def run(me):
    events[me].wait()
    i = me
    path.append({"a": {"a": me, "b": 86}["a"] % 1000, "b": 39}["a"] % 1000)
    if me + 1 < 2: events[me + 1].set()
threads = start(run, 2)
events[0].set()
join(threads)
print(path, [e.is_set() for e in events])
''')
sources.append(r'''
d, l, s = {}, [], set()
def run(me):
    for i in range(23):
        d[me, i] = i + 1
        l.append(i)
        s.add(i % 7)
        if i % 5 == 4: del d[me, i]
in_threads(run, 6)
print(len(d), sum(d.values()), len(l), sum(l), sorted(s))
''')
sources.append(r'''
turn = 0
said = []
condition = threading.Condition(threading.Lock())
def run(me):
    global turn
    for i in range(3):
        with condition:
            while turn % 2 != me: condition.wait()
            said.append(len({k % 7 for k in (i + 1, me, i)}))
            turn += 1
            condition.notify_all()
in_threads(run, 2)
print(turn, said[:8], sum(said))
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
