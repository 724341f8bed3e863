# resource: what it takes and what is the same everywhere.
import resource


def tries(f, *args, **kwargs):
    try:
        return f(*args, **kwargs)
    except Exception as e:
        return f"{type(e).__name__}: {e}"


usage = resource.getrusage(resource.RUSAGE_SELF)
print(type(usage), len(usage), usage.ru_utime > 0, usage.ru_maxrss > 1000, usage.ru_ixrss, usage.ru_nsignals)
print(usage.__reduce__() == (resource.struct_rusage, (tuple(usage), {})), resource.struct_rusage.__match_args__)
print(resource.getrusage(resource.RUSAGE_CHILDREN)[:3], resource.getrusage(resource.RUSAGE_THREAD).ru_utime > 0)
print(tries(resource.getrusage, 2), tries(resource.getrusage, -2), tries(resource.getrusage), tries(resource.getrusage, 1.5))
print(resource.error is OSError, resource.getpagesize(), resource.RLIM_INFINITY)
for which in (-1, 16, 2**40):
    print(tries(resource.getrlimit, which), tries(resource.setrlimit, which, (1, 1)), tries(resource.prlimit, 0, which))
print(tries(resource.setrlimit, 9, 5), tries(resource.setrlimit, 9, (1,)), tries(resource.setrlimit, 9, (1, 2, 3)), tries(resource.setrlimit, 9, (1.5, 2)))
print(tries(resource.setrlimit, 9, (2**70, 1)), tries(resource.setrlimit, 9, (2, 1)), tries(resource.setrlimit, 9), tries(resource.prlimit))
print(resource.getrlimit(resource.RLIMIT_AS))
print(resource.setrlimit(resource.RLIMIT_AS, (1 << 30, -1)), resource.getrlimit(resource.RLIMIT_AS))
try:
    bytes(1 << 30)
except MemoryError:
    print("too much")
print(resource.prlimit(0, resource.RLIMIT_AS, (-1, -1)), resource.prlimit(0, resource.RLIMIT_AS))
print(tries(resource.prlimit, 2**22 + 7, resource.RLIMIT_AS), tries(resource.prlimit, 0, resource.RLIMIT_AS, (3, 2)))
