# Threads: their order, locks, thread-locals, exceptions, daemons, what one sees of another.
import _thread
import sys
import threading
import time
import weakref

results = []
lock = threading.Lock()


def work(n):
    for i in range(200):
        with lock:
            results.append(n)


threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print(len(results), sorted(set(results)), threading.active_count())

# A counter without a lock's help keeps whole objects.
counter = [0]
rlock = threading.RLock()


def count():
    for _ in range(300):
        with rlock:
            with rlock:
                counter[0] += 1


threads = [threading.Thread(target=count) for _ in range(3)]
[t.start() for t in threads]
[t.join() for t in threads]
print(counter)

# Attributes of a thread's own.
local = threading.local()
local.x = "main"
seen = []


def own():
    seen.append(hasattr(local, "x"))
    local.x = threading.current_thread().name
    seen.append(local.x)


t = threading.Thread(target=own, name="other")
t.start()
t.join()
print(seen, local.x)


class Big:
    pass


def keep():
    local.big = Big()
    refs.append(weakref.ref(local.big))


refs = []
t = threading.Thread(target=keep)
t.start()
t.join()
print(refs[0]())

# An exception that nobody catches.
reports = []
hook = threading.excepthook
threading.excepthook = lambda args: reports.append((args.exc_type.__name__, str(args.exc_value), args.thread.name))
t = threading.Thread(target=lambda: 1 / 0, name="fails")
t.start()
t.join()
threading.excepthook = hook
print(reports)

# Waiting.
event = threading.Event()
print(event.wait(0.01), lock.acquire(timeout=0.01), lock.acquire(timeout=0.01), lock.acquire(False))
lock.release()
try:
    lock.release()
except RuntimeError as e:
    print(e)
threading.Timer(0.01, event.set).start()
print(event.wait(10))
barrier = threading.Barrier(3)
order = []


def meet():
    barrier.wait()
    order.append("met")


threads = [threading.Thread(target=meet) for _ in range(2)]
[t.start() for t in threads]
barrier.wait()
[t.join() for t in threads]
print(order)

# Conditions, as a queue has them.
import queue

q = queue.Queue(2)


def produce():
    for i in range(20):
        q.put(i)
    q.put(None)


t = threading.Thread(target=produce)
t.start()
got = []
while (item := q.get()) is not None:
    got.append(item)
t.join()
print(got == list(range(20)))

# Handles.
handle = _thread.start_joinable_thread(lambda: None)
handle.join()
print(handle.is_done(), handle.ident != _thread.get_ident())
try:
    _thread._make_thread_handle(_thread.get_ident()).join()
except RuntimeError as e:
    print(e)
for bad in (lambda: _thread.start_new_thread(1, ()), lambda: _thread.start_new_thread(print, 1)):
    try:
        bad()
    except TypeError as e:
        print(e)

# What runs where.
started = threading.Event()
stop = threading.Event()


def inner():
    started.set()
    stop.wait()


t = threading.Thread(target=inner)
t.start()
started.wait()
frames = sys._current_frames()
print(t.ident in frames, threading.main_thread().ident in frames, len(frames))
names = set()
frame = frames[t.ident]
while frame:
    names.add(frame.f_code.co_name)
    frame = frame.f_back
print("inner" in names)
del frame, frames
stop.set()
t.join()

# The interval is kept; two threads that compute take turns.
interval = sys.getswitchinterval()
sys.setswitchinterval(0.001)
turns = []
done = threading.Event()


def spin():
    while not done.is_set():
        turns.append(1)
        if len(turns) > 100000:
            turns.clear()


t = threading.Thread(target=spin)
t.start()
before = time.monotonic()
n = 0
while time.monotonic() < before + 0.2:
    n += 1
done.set()
t.join()
print(n > 0, sys.getswitchinterval())
sys.setswitchinterval(interval)

print("end")
