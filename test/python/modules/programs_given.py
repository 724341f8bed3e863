# What programs that are started get: bytes that are no text as their arguments, variables, folder and path; the signals that are
# ignored; users and groups; a group of processes of their own. system() and killpg().
import _posixsubprocess
import os
import signal
import subprocess
import sys
import tempfile

os.chdir(tempfile.mkdtemp())
PATH = os.environ["PATH"]


def attempt(f, *args, **kwargs):
    try:
        return f(*args, **kwargs)
    except Exception as e:
        return f"{type(e).__name__}: {e}"


def told(*args, **kwargs):
    return attempt(lambda: subprocess.run(*args, stdout=subprocess.PIPE, check=True, **kwargs).stdout)


print(told([b"printf", "%s|", b"a\xff\n\n", "it's", b"\xc3\xa9\\\x01"]), told([b"printf", b"\xff%s$0\n", "it's"]))
print(told(["sh", "-c", 'printf %s "$X"'], env={b"X": b"\xfe'\n", "PATH": PATH}))
print(b"no-name\xfe=x\xff" in told(["env"], env={b"no-name\xfe": b"x\xff", "PATH": PATH}).splitlines())
os.mkdir(b"folder\xff")
with open(b"folder\xff/program\xfe", "w") as f:
    f.write('#!/bin/sh\necho "$0" $1; exit 3\n')
os.chmod(b"folder\xff/program\xfe", 0o755)
print(told(["sh", "-c", "ls; pwd"], cwd=b"folder\xff").replace(os.getcwdb(), b""))
print(subprocess.run([b"./program\xfe", "word"], cwd=b"folder\xff", stdout=subprocess.PIPE))
print(told([b"folder\xff/none"]), told(["true"], cwd=b"none\xff"))


def ignored(**kwargs):
    line = told(["grep", "SigIgn", "/proc/self/status"], **kwargs)
    return [signal.Signals(n + 1).name for n in range(31) if int(line.split()[1], 16) >> n & 1]


print(ignored(), ignored(restore_signals=False))
signal.signal(signal.SIGINT, signal.SIG_IGN)
print(ignored(), ignored(restore_signals=False), ignored(close_fds=False))
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGUSR1, lambda *_: None)
print(ignored(close_fds=False))

# Of who may not do it, only that is seen.
as_user = told(["id", "-u"], user=12345)
print(as_user in (b"12345\n", "PermissionError: [Errno 1] Operation not permitted"))
may = isinstance(as_user, bytes)
print(not may or told(["id", "-g"], group=12346) == b"12346\n")
print(not may or told(["id", "-G"], extra_groups=[], group=12346) == b"12346\n")
print(not may or told(["sh", "-c", "id -u; id -G"], user=12345, group=5, extra_groups=[7, 6]) == b"12345\n5 6 7\n")
print(told(["true"], user=os.geteuid(), group=os.getegid()))
for wrong in ({"extra_groups": [-1]}, {"extra_groups": [2**64]}, {"user": -1}, {"group": 2**40}):
    print(told(["true"], **wrong))

child = subprocess.Popen(["sh", "-c", "sleep 100; true"], process_group=0)
print(os.getpgid(child.pid) == child.pid, os.getpgrp() != child.pid, attempt(os.killpg, -5, 15))
os.killpg(child.pid, signal.SIGTERM)
print(child.wait())
print(told(["echo", "x"], process_group=os.getpgrp()))

sys.stdout.flush()
print(os.system("echo said; exit 5") >> 8, os.system(b"kill -9 $$"), os.system("none 2>/dev/null") >> 8)
print(attempt(os.system, "a\0b"), attempt(os.system, 5))
# The keys of a terminal are the shell's alone while it runs.
print(os.system(f"kill -INT {os.getpid()}"), os.system(f"kill -QUIT {os.getpid()}"))
signal.signal(signal.SIGINT, lambda *_: print("handled"))
os.system(f"kill -INT {os.getpid()}")
os.kill(os.getpid(), signal.SIGINT)


def fork_exec(keep, pipe=4):
    return _posixsubprocess.fork_exec(
        [b"false"], [b"false"], True, keep, None, [b"env"], -1, -1, -1, -1, 1, 2, 3, pipe, True, True, 0,
        None, None, None, -1, None, True,
    )


for keep in (-1, 2), ("a", 4), (18, 2**63), (5, 4), (6, 7, 7), (True, 0):
    print(attempt(fork_exec, keep))
print(attempt(fork_exec, (5,), 2), attempt(fork_exec, [5]))
