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
local = Local(1)
local.mine = "main"
sums = {}
def run(me):
    local.kind = me
    for i in range(10):
        local.seen.append(max(((43) * 7 % 973, [sum([k % 5 for k in range((i) % 30)]) % 1000]), (sum([k % 5 for k in range((i) % 30)]) % 1000, [(43) * 7 % 973]))[0] % 1000)
        time.sleep(0.0003)
    sums[me] = (local.kind, sum(local.seen), local.first, hasattr(local, "mine"))
in_threads(run, 6)
print(sorted(sums.items()), local.kind, local.mine, local.seen)
''')
sources.append(r'''
d, l, s = {}, [], set()
def run(me):
    for i in range(7):
        d[me, i] = (i) * 7 % 773
        l.append(i)
        s.add(i % 7)
        if i % 5 == 4: del d[me, i]
in_threads(run, 3)
print(len(d), sum(d.values()), len(l), sum(l), sorted(s))
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

counts = {}
def trace(frame, event, arg):
    if frame.f_code.co_name == "traced": counts[event] = counts.get(event, 0) + 1
    return trace
def traced(i): return i + 1
def run(me):
    for i in range(3): traced(i)
threading.settrace(trace)
in_threads(run, 1)
threading.settrace(None)
print(sorted(counts.items()))
sources = []
sources.append(r'''
lock = threading.Lock()
leaves = []
def grow(me, depth):
    i = me % 50
    if depth == 0:
        with lock: leaves.append(i * me)
        return
    in_threads(lambda k: grow(me * 2 + k, depth - 1), 1)
grow(1, 3)
print(len(leaves), sum(leaves), threading.main_thread() is threading.current_thread())
''')
sources.append(r'''
inside, most = 0, 0
guard, door = threading.Lock(), threading.BoundedSemaphore(3)
def run(me):
    global inside, most
    for i in range(10):
        with door:
            with guard:
                inside += 1
                most = max(most, inside)
            time.sleep(0.0003)
            with guard: inside -= 1
in_threads(run, 6)
print(inside, 1 <= most <= 3)
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
print("end", threading.active_count() >= 1)
