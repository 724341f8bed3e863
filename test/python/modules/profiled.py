# cProfile: what is counted, of Python's functions and native ones, recursive and not, who calls what; generators; a timer of
# one's own; what goes wrong.
import cProfile
import io
import pstats
import sys


def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


def numbers(n):
    for i in range(n):
        yield len(str(i))


def work():
    words = []
    for i in range(3):
        words.append(fib(5))
    return sorted(words, key=lambda w: -w), sum(numbers(4))


ticks = 0


def timer():
    global ticks
    ticks += 1
    return ticks


profile = cProfile.Profile(timer, 0.5)
print(profile.runcall(work))


def named(code):
    return code if isinstance(code, str) else code.co_name


for e in sorted(profile.getstats(), key=lambda e: named(e.code)):
    calls = sorted((named(c.code), c.callcount, c.reccallcount) for c in e.calls or ())
    print(named(e.code), e.callcount, e.reccallcount, e.totaltime > 0, e.totaltime >= e.inlinetime, calls)
profile.create_stats()
for (file, line, name), (cc, nc, tt, ct, callers) in sorted(profile.stats.items()):
    print(name, cc, nc, sorted((k[2], v[:2]) for k, v in callers.items()))

out = io.StringIO()
with cProfile.Profile(builtins=False) as profile:
    work()
pstats.Stats(profile, stream=out).strip_dirs().sort_stats("calls").print_stats("fib|work|built-in")
print([line.split()[0] for line in out.getvalue().splitlines() if "(" in line and ")" in line and line[:1] == " "])

with cProfile.Profile(subcalls=False) as profile:
    work()
print(any(e.calls for e in profile.getstats()), sys.monitoring.get_tool(2))
profile = cProfile.Profile()
profile.enable()
print(sys.monitoring.get_tool(sys.monitoring.PROFILER_ID))
try:
    cProfile.Profile().enable()
except ValueError as e:
    print(e)
profile.disable()
profile.disable()
print(len(profile.getstats()) > 0)
profile.clear()
print(profile.getstats())
