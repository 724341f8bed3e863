import asyncio, concurrent.futures as futures, gc, io, itertools, queue, threading, time, traceback, weakref
import contextlib, sys


def start(target, n):
    threads = [threading.Thread(target=target, args=(k,)) for k in range(n)]
    for t in threads: t.start()
    return threads


def join(threads):
    for t in threads: t.join()


def in_threads(target, n): join(start(target, n))



counts = {}
def trace(frame, event, arg):
    if frame.f_code.co_name == "traced": counts[event] = counts.get(event, 0) + 1
    return trace
def traced(i): return i + 1
def run(me):
    for i in range(2): traced(i)
threading.settrace(trace)
in_threads(run, 1)
threading.settrace(None)
print(sorted(counts.items()))
sources = []
sources.append(r'''
def job(me):
    out = []
    for i in range(6): out.append(sum([k % 5 for k in range((me) % 30)]) % 1000)
    if me % 4 == 1: raise LookupError(me)
    return sum(out)
with futures.ThreadPoolExecutor(4) as executor:
    jobs = [executor.submit(job, me) for me in range(8)]
    ended = [f.exception() or f.result() for f in jobs]
print([e if isinstance(e, int) else repr(e) for e in ended])
''')
outputs = [[] for _ in sources]
def one(k):
    def say(*a): outputs[k].append(" ".join(map(str, a)))
    space = dict(globals(), print=say)
    exec(compile(sources[k], f"<job {k}>", "exec"), space)
in_threads(one, len(sources))
for k in range(len(sources)): print(k, *outputs[k], sep="\n")
print("end", threading.active_count() >= 1)
