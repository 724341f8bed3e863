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
def forever(me):
    i = 0
    while True:
        i = len(str(2 ** ((51) % 90)) + "x" * ((i * me) % 9))
        gc.collect(0)
daemon = threading.Thread(target=forever, args=(1,), daemon=True)
daemon.start()
print(daemon.daemon, daemon.is_alive())
''')
sources.append(r'''
events = [threading.Event() for _ in range(6)]
path = []
def run(me):
    events[me].wait()
    i = me
    path.append(int(f"{max((i * me, [i * me]), (i * me, [i * me]))[0] % 1000}{(int(f"{i + 1}{(80) % 10}") % 1000) % 10}") % 1000)
    if me + 1 < 6: events[me + 1].set()
threads = start(run, 6)
events[0].set()
join(threads)
print(path, [e.is_set() for e in events])
''')
sources.append(r'''
turn = 0
said = []
condition = threading.Condition()
def run(me):
    global turn
    for i in range(15):
        with condition:
            condition.wait_for(lambda: turn % 3 == me)
            said.append(38)
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
print("end", threading.active_count() >= 1)
