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
def job(me):
    out = []
    for i in range(10): out.append((i) * 7 % 985)
    if me % 9 == 1: raise LookupError(me)
    return sum(out)
with futures.ThreadPoolExecutor(4) as executor:
    jobs = [executor.submit(job, me) for me in range(4)]
    ended = [f.exception() or f.result() for f in jobs]
print([e if isinstance(e, int) else repr(e) for e in ended])
''')
sources.append(r'''
lock = threading.Lock()
def numbers():
    i = me = 1
    while True:
        yield i
        i += i + 1
source = numbers()
taken = []
def run(me):
    for i in range(4):
        with lock: taken.append(next(source))
in_threads(run, 2)
print(len(taken), taken == sorted(taken), taken[-1])
async def nap(me):
    await asyncio.sleep(0)
    return await asyncio.to_thread(lambda i: i * me, me)
async def main(): return await asyncio.gather(*(nap(k) for k in range(1)))
pass
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
barrier = threading.Barrier(5, action=lambda: actions.append(sum(row)))
row = [0] * 5
def run(me):
    for i in range(2):
        row[me] += i * me
        barrier.wait()
        pass
        barrier.wait()
in_threads(run, 5)
print(row, actions)
''')
sources.append(r'''
d, l, s = {}, [], set()
def run(me):
    for i in range(26):
        d[me, i] = len(str(2 ** ((sum([k % 5 for k in range((i) % 30)]) % 1000) % 90)) + "x" * ((sorted([me, i, me])[1] % 1000) % 9))
        l.append(i)
        s.add(i % 7)
        if i % 5 == 4: del d[me, i]
in_threads(run, 2)
print(len(d), sum(d.values()), len(l), sum(l), sorted(s))
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
