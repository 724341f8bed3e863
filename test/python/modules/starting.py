# Programs that are started without a fork: posix_spawn and its actions, the spawn family, environments; and what the system tells
# of processes, limits, groups; pipes with names, bytes from file to file.
import os
import signal
import stat
import sys
import tempfile
import warnings

warnings.simplefilter("ignore")
os.chdir(tempfile.mkdtemp())


def attempt(f, *args, **kwargs):
    try:
        return f(*args, **kwargs)
    except Exception as e:
        return f"{type(e).__name__}: {e}"


def run(*args, **kwargs):
    pid = attempt(os.posix_spawn, *args, **kwargs)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) if isinstance(pid, int) else pid


sh, env = "/bin/sh", {"PATH": "/bin:/usr/bin", "WORD": "told"}
O, C, D = os.POSIX_SPAWN_OPEN, os.POSIX_SPAWN_CLOSE, os.POSIX_SPAWN_DUP2
write = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
print(run(sh, ["sh", "-c", "exit 3"], env), run(sh, ("sh", "-c", "kill -9 $$"), env))
print(run(sh, ["sh", "-c", "echo $WORD; echo err >&2"], env, file_actions=[(O, 1, "out", write, 0o600), (D, 1, 2)]))
print(open("out").read().split(), oct(stat.S_IMODE(os.stat("out").st_mode)))
print(run(sh, ["sh", "-c", "cat > copy"], env, file_actions=[(O, 0, "out", os.O_RDONLY, 0)]), open("copy").read().split())
print(run(sh, ["sh", "-c", "echo x 2>/dev/null"], env, file_actions=[(C, 1)]) != 0)
print(run(sh, ["sh", "-c", "cat <&7 >copy"], env, file_actions=[(O, 7, "out", os.O_RDONLY, 0)]), open("copy").read().split())
with open("fd", "wb") as f:
    print(run(sh, ["sh", "-c", "echo to the file"], None, file_actions=[(D, f.fileno(), 1)]))
print(open("fd").read().split())
print(run(sh, ["sh", "-c", "exit 4"], env, setsid=True, resetids=True, setsigdef=[signal.SIGUSR2], setsigmask=()))
print(os.waitstatus_to_exitcode(os.waitpid(os.posix_spawnp("sh", ["sh", "-c", "exit 5"], env), 0)[1]))
for args, kwargs in (
    (("/nope", ["x"], {}), {}), ((sh, "x", {}), {}), ((sh, [], {}), {}), ((sh, [""], {}), {}), ((sh, ["x"], 5), {}),
    ((sh, ["x"], {"a=b": "c"}), {}), ((sh, ["a\0b"], {}), {}), ((sh, ["x"], {}), {"file_actions": [()]}),
    ((sh, ["x"], {}), {"file_actions": [None]}), ((sh, ["x"], {}), {"file_actions": [(9,)]}),
    ((sh, ["x"], {}), {"file_actions": [(C,)]}), ((sh, ["x"], {}), {"file_actions": [(D, 1)]}),
    ((sh, ["x"], {}), {"file_actions": [(O, 1, "a\0b", 0, 0)]}), ((sh, ["x"], {}), {"file_actions": 5}),
    ((sh, ["x"], {}), {"setsigmask": [1000]}), ((sh, ["x"], {}), {"setsigdef": 3}), ((sh, ["x"], {}), {"setpgroup": "1"}),
    ((sh, ["x"], {}), {"file_actions": [(O, 1, "no/such", os.O_RDONLY, 0)]}),
):
    print(run(*args, **kwargs))

print(os.spawnv(os.P_WAIT, sh, ["sh", "-c", "exit 6"]), os.spawnl(os.P_WAIT, sh, "sh", "-c", "kill -15 $$"))
print(os.spawnvpe(os.P_WAIT, "sh", ["sh", "-c", 'test "$WORD" = told'], env), os.spawnlp(os.P_WAIT, "sh", "sh", "-c", "exit 7"))
pid = os.spawnle(os.P_NOWAIT, sh, "sh", "-c", "exit $N", {"N": "8"})
result = os.waitid(os.P_PID, pid, os.WEXITED)
print(result.si_pid == pid, result.si_status, result.si_code == os.CLD_EXITED, result.si_signo == signal.SIGCHLD)
os.environ["WORD"] = "set here"
print(os.popen("echo $WORD").read(), end="")
del os.environ["WORD"]
print(os.popen("echo none $WORD").read(), end="")

os.mkfifo("fifo", 0o600)
os.mknod("plain", stat.S_IFREG | 0o640)
print(stat.S_ISFIFO(os.stat("fifo").st_mode), stat.S_ISREG(os.stat("plain").st_mode), attempt(os.mkfifo, "fifo"))
print(attempt(os.mkfifo, "no/such"), attempt(os.mknod, "plain", stat.S_IFIFO))
src, dst = os.open("out", os.O_RDWR), os.open("other", os.O_RDWR | os.O_CREAT)
os.pwrite(src, b"0123456789", 0)
print(os.copy_file_range(src, dst, 4, 3, 2), os.pread(dst, 20, 0), os.copy_file_range(src, dst, 100), os.lseek(src, 0, 1))
r, w = os.pipe()
print(os.splice(src, w, 5, offset_src=2), os.read(r, 20), attempt(os.splice, src, dst, 5), attempt(os.copy_file_range, src, dst, -1))
print(os.lseek(src, 4, os.SEEK_DATA), os.lseek(src, 4, os.SEEK_HOLE), attempt(os.lseek, src, 10, os.SEEK_DATA))
print(os.preadv(src, [bytearray(3), bytearray(2)], 1, os.RWF_HIPRI), attempt(os.preadv, src, [bytearray(3)], 0, 1 << 20))
fd = os.eventfd(5)
os.eventfd_write(fd, 7)
print(os.get_inheritable(fd), os.eventfd_read(fd), os.write(fd, (3).to_bytes(8, sys.byteorder)), os.read(fd, 8) == (3).to_bytes(8, sys.byteorder))
print(attempt(os.write, fd, b"abc"), attempt(os.eventfd_write, fd, -1))
fd = os.eventfd(2, os.EFD_SEMAPHORE | os.EFD_NONBLOCK)
print([attempt(os.eventfd_read, fd) for _ in range(3)])
fd = os.memfd_create("name")
print(os.write(fd, b"in memory"), os.pread(fd, 20, 3), os.get_inheritable(fd), os.get_inheritable(os.memfd_create("n", 0)))
print(attempt(os.tcgetpgrp, fd), attempt(os.tcsetpgrp, 999, 0))
print(os.fstatvfs(src) == os.statvfs(src) == os.statvfs("out") or "moved", os.statvfs in os.supports_fd)
os.utime("out", ns=(1234567890123456789, 1234567890987654321))
print(os.stat("out").st_mtime_ns)

print(os.getpgid(0) == os.getpgrp(), os.getsid(0) == os.getsid(os.getpid()), attempt(os.getsid, 0x7FFFFFF0))
print(os.sched_get_priority_max(os.SCHED_RR), os.sched_get_priority_min(os.SCHED_FIFO), os.sched_get_priority_max(os.SCHED_OTHER))
print(os.sched_getscheduler(0), os.sched_getparam(0), os.sched_param(sched_priority=5), attempt(os.sched_param))
cpus = os.sched_getaffinity(0)
print(len(cpus) >= 1, os.process_cpu_count() == len(cpus), os.sched_setaffinity(0, cpus), os.sched_getaffinity(0) == cpus)
print(attempt(os.sched_setaffinity, 0, [-1]), attempt(os.sched_getaffinity, 0x7FFFFFF0))
os.setpriority(os.PRIO_PROCESS, 0, os.getpriority(os.PRIO_PROCESS, 0))
print(attempt(os.sched_get_priority_max, 99), attempt(os.setpriority, 9, 0, 0))
print(os.sysconf("SC_PAGE_SIZE"), os.sysconf("SC_CLK_TCK"), os.sysconf("SC_PHYS_PAGES") > 1000, os.sysconf(30), os.sysconf("SC_IOV_MAX"))
print(attempt(os.sysconf, "no"), attempt(os.sysconf, 9999), attempt(os.sysconf, None), attempt(os.confstr, 9999))
print(os.confstr("CS_PATH"), os.pathconf("/", "PC_NAME_MAX"), os.fpathconf(src, "PC_PATH_MAX"), attempt(os.fpathconf, -1, 3))
print(attempt(os.pathconf, "/no", 3), len(os.sysconf_names), len(os.confstr_names), len(os.pathconf_names))
me = os.getresuid()
print(os.setresuid(*me), os.setreuid(-1, -1), os.setresgid(-1, -1, -1), attempt(os.setuid, "x"), attempt(os.setgid, 1 << 40))
print(os.getgrouplist("nobody", 65534)[:1], attempt(os.getgrouplist, 5, 5), attempt(os.setgroups, 5))
print(os.major(-1), os.minor(-1), os.makedev(-1, -1), attempt(os.makedev, -2, 1))
sys.stdout.flush()
