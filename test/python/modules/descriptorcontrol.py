# fcntl: the flags of descriptors and files, duplicates, arguments of the wrong kind.
import fcntl, os, sys


def tries(f, *args, **kwargs):
    try:
        return f(*args, **kwargs)
    except Exception as e:
        return f"{type(e).__name__}: {e}"


r, w = os.pipe()
print(fcntl.fcntl(r, fcntl.F_GETFD), fcntl.fcntl(r, fcntl.F_SETFD, 0), fcntl.fcntl(r, fcntl.F_GETFD))
print(os.get_inheritable(r), fcntl.fcntl(r, fcntl.F_SETFD, fcntl.FD_CLOEXEC), os.get_inheritable(r))
print(fcntl.fcntl(w, fcntl.F_GETFL), fcntl.fcntl(w, fcntl.F_SETFL, os.O_NONBLOCK), fcntl.fcntl(w, fcntl.F_GETFL) & os.O_NONBLOCK)
print(os.get_blocking(w), fcntl.fcntl(w, fcntl.F_GETFD))
copies = fcntl.fcntl(w, fcntl.F_DUPFD, 50), fcntl.fcntl(w, fcntl.F_DUPFD_CLOEXEC, 50)
print(copies, [os.get_inheritable(fd) for fd in copies])
os.write(copies[0], b"text")
print(os.read(r, 10))
for fd in copies:
    os.close(fd)
print(fcntl.fcntl(r, fcntl.F_GETFD, b"abc"), fcntl.fcntl(r, fcntl.F_GETFD, "text"), tries(fcntl.fcntl, r, fcntl.F_GETFD, bytearray(3)))
print(tries(fcntl.fcntl, r, fcntl.F_GETFD, b"x" * 1024) == b"x" * 1024, tries(fcntl.fcntl, r, fcntl.F_GETFD, b"x" * 1025))
print(tries(fcntl.fcntl, r, fcntl.F_GETFD, 1.5), tries(fcntl.fcntl, r, fcntl.F_GETFD, None), tries(fcntl.fcntl, r, 1.5))
print(tries(fcntl.fcntl, "x", 1), tries(fcntl.fcntl, -1, 1), tries(fcntl.fcntl, 400, fcntl.F_GETFD), tries(fcntl.fcntl, r))
print(tries(fcntl.fcntl, r, 2**31), tries(fcntl.fcntl, r, 12345), tries(fcntl.fcntl, r, fcntl.F_GETFD, 2**70))
with open(__file__) as f:
    print(fcntl.fcntl(f, fcntl.F_GETFD), tries(fcntl.lockf, f, 0), tries(fcntl.lockf, f, fcntl.LOCK_UN, "x"))
    print(tries(fcntl.lockf, f, fcntl.LOCK_UN, 0, 0, 7), tries(fcntl.lockf, f), tries(fcntl.flock, f, "x"))
    print(tries(fcntl.ioctl, f, 0x5413, bytearray(8)), tries(fcntl.ioctl, f, 0x5413, b"12345678"), tries(fcntl.ioctl, f, 1, "x" * 1025))
    print(tries(fcntl.ioctl, f, 0x5413), tries(fcntl.ioctl, f, 0x5413, 1.5), tries(fcntl.ioctl, f, "x"))
print(tries(fcntl.flock, 400, fcntl.LOCK_SH), tries(fcntl.lockf, 400, fcntl.LOCK_SH), tries(fcntl.ioctl, 400, 1))
print(fcntl.LOCK_EX, fcntl.F_SETLKW, fcntl.FD_CLOEXEC, fcntl.DN_MULTISHOT)
