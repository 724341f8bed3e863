# Descriptors of timers and of processes, and what programs that are started share with the one that starts them.
import errno
import os
import select
import signal
import subprocess
import sys
import tempfile
import termios
import time


def attempt(f, *args, **kwargs):
    try:
        return f(*args, **kwargs)
    except OSError as e:
        return errno.errorcode[e.errno]
    except termios.error as e:
        return f"termios.error {errno.errorcode[e.args[0]]}"
    except Exception as e:
        return f"{type(e).__name__}: {e}"


fd = os.timerfd_create(time.CLOCK_MONOTONIC, flags=os.TFD_NONBLOCK)
print(attempt(os.read, fd, 8), os.timerfd_gettime(fd), os.timerfd_settime_ns(fd, initial=10**6, interval=10**6))
print(select.select([fd], [], [])[0] == [fd], int.from_bytes(os.read(fd, 8), sys.byteorder) >= 1)
print(os.timerfd_gettime_ns(fd)[1], os.timerfd_settime(fd)[1], os.timerfd_gettime(fd), attempt(os.read, fd, 8))
print(attempt(os.timerfd_settime, fd, initial=-1), attempt(os.timerfd_settime, fd, initial=float("nan")))
print(attempt(os.timerfd_create, 99), attempt(os.timerfd_settime, 0), attempt(os.read, fd, 7))
os.close(fd)
soon = os.timerfd_create(time.CLOCK_REALTIME)
os.timerfd_settime(soon, flags=os.TFD_TIMER_ABSTIME, initial=time.time() + 0.01)
print(os.read(soon, 8))
os.close(soon)

child = subprocess.Popen(["sleep", "100"])
fd = os.pidfd_open(child.pid)
print(select.select([fd], [], [], 0)[0], attempt(os.read, fd, 1))
signal.pidfd_send_signal(fd, signal.SIGTERM)
print(select.select([fd], [], [])[0] == [fd], child.wait())
os.close(fd)
print(attempt(os.pidfd_open, child.pid), attempt(os.pidfd_open, -1), attempt(signal.pidfd_send_signal, 99, 15))

r, w = os.pipe()
with tempfile.TemporaryFile() as f:
    f.write(b"ours ")
    f.flush()
    code = f"import os; os.write({w}, b'told'); os.write({f.fileno()}, b'theirs ')"
    subprocess.run([sys.executable, "-S", "-c", code], pass_fds=[w, f.fileno()], check=True)
    subprocess.run(["echo", "echoed"], stdout=f, check=True)
    f.write(b"ours again")
    f.seek(0)
    print(os.read(r, 100), f.read())
    f.seek(5)
    print(subprocess.run(["cat"], stdin=f, capture_output=True).stdout, f.tell())
os.close(r)
os.close(w)
code = "print(open('/dev/stdin').read())"
print(subprocess.run([sys.executable, "-S", "-c", code], input=b"asked for by name", capture_output=True).stdout)
code = "import os; os.open('made', os.O_CREAT, 0o666); print(oct(os.stat('made').st_mode))"
with tempfile.TemporaryDirectory() as folder:
    print(subprocess.run([sys.executable, "-S", "-c", code], cwd=folder, umask=0o027, capture_output=True).stdout)
with open(os.devnull, "r+") as null:
    print(null.write("x"), null.seek(7), null.read(), null.tell())

import fcntl

r, w = os.pipe()
print(fcntl.fcntl(w, fcntl.F_GETPIPE_SZ), fcntl.fcntl(w, fcntl.F_SETPIPE_SZ, 5000), fcntl.fcntl(r, fcntl.F_GETPIPE_SZ))
os.set_blocking(w, False)
print(os.write(w, b"x" * 9000), attempt(os.write, w, b"x"))
print(attempt(termios.tcgetattr, r), attempt(termios.tcsetattr, r, 0, []), attempt(termios.tcgetwinsize, r))
