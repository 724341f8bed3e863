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
def numbers():
    i = me = 1
    while True:
        yield i
        i += sorted([me, i, me])[1] % 1000 + 1
source = numbers()
taken = []
def run(me):
    for i in range(29):
        with lock: taken.append(next(source))
in_threads(run, 4)
print(len(taken), taken == sorted(taken), taken[-1])
async def nap(me):
    await asyncio.sleep(0)
    return await asyncio.to_thread(lambda i: max(((i + 1) * 7 % 113, [i + 1]), (i + 1, [(i + 1) * 7 % 113]))[0] % 1000, me)
async def main(): return await asyncio.gather(*(nap(k) for k in range(5)))
print(asyncio.run(main()))
''')
outputs = [[] for _ in sources]
def one(k):
    def say(*a): outputs[k].append(" ".join(map(str, a)))
    space = dict(globals(), print=say)
    exec(compile(sources[k], f"<job {k}>", "exec"), space)
in_threads(one, len(sources))
for k in range(len(sources)): print(k, *outputs[k], sep="\n")
print("end", threading.active_count() >= 1)
