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
    for i in range(6): traced(i)
threading.settrace(trace)
in_threads(run, 1)
threading.settrace(None)
print(sorted(counts.items()))
print("end", threading.active_count() >= 1)
