# The module posix: files and folders below a temporary folder, paths of every kind, errors with their names, entries of
# scandir, descriptors, statuses of processes. Prints nothing that depends on the machine.
import posix

BASE = "/tmp/vitrine-posix-%d" % posix.getpid()


def show(f, *args, **kwargs):
    try:
        r = f(*args, **kwargs)
    except Exception as e:
        text = str(e).replace(BASE, "BASE")
        names = [getattr(e, n, None) for n in ("filename", "filename2")]
        print(type(e).__name__, text, [str(n).replace(BASE, "BASE") if n is not None else None for n in names])
    else:
        print(repr(r).replace(BASE, "BASE"))


class P:
    def __init__(self, path):
        self.path = path

    def __fspath__(self):
        return self.path


class File:
    def __init__(self, fd):
        self.fd = fd

    def fileno(self):
        return self.fd


HOME = posix.getcwd()
posix.umask(0o22)
posix.mkdir(BASE)
posix.chdir(BASE)
show(posix.getcwd)
show(posix.getcwdb)

# Paths of every kind.
for path in ("a", b"b", P("c"), P(b"d"), "\udcff\xe9", b"\xfe"):
    posix.close(posix.open(path, posix.O_CREAT | posix.O_WRONLY))
print(sorted(posix.listdir()), sorted(posix.listdir(b".")), sorted(posix.listdir(BASE.encode())))
for path in (3.5, None, "x\0y", b"x\0y", P(3), P(None), object, [], 2**40, -(2**40), "\ud800"):
    show(posix.stat, path)
    show(posix.lstat, path)
    show(lambda: sorted(posix.listdir(path)))
    show(posix.mkdir, path)
    show(posix.fspath, path)
for path in ("nope", b"nope", P("nope"), "a/x", "", "x" * 300, "y/" * 3000):
    for f in (posix.stat, posix.lstat, posix.listdir, posix.scandir, posix.rmdir, posix.unlink, posix.readlink, posix.chdir):
        try:
            f(path)
        except OSError as e:
            print(f.__name__, type(e).__name__, e.errno, e.strerror, str(e.filename)[:20], e.filename2)
show(posix.rename, "nope", b"new")
show(posix.link, P("nope"), "new")
show(posix.symlink, "target", "a")
show(posix.mkdir, "a")
show(posix.stat, "a", dir_fd="x")
show(posix.stat, 1, follow_symlinks=False)

# Statuses.
s = posix.stat("a")
print(type(s), len(s), s.n_fields, s.n_sequence_fields, s.n_unnamed_fields, s.__match_args__)
print(oct(s.st_mode), s.st_size, s.st_nlink, s[0] == s.st_mode, s[6] == s.st_size, s.st_ino == s[1], s.st_uid == posix.geteuid())
print(s.st_mtime_ns // 10**9 == s[8] == int(s.st_mtime), type(s[8]), type(s.st_mtime), s == posix.lstat("a"), s.st_rdev, s.st_blocks)
t = posix.stat_result(range(10))
print(t, t.st_atime, t.st_atime_ns, t.__reduce__())
t = posix.stat_result(range(19))
print(t, t.st_atime, t.st_mtime_ns, t.st_rdev)
show(posix.stat_result, range(9))
show(posix.stat_result, range(20))
show(posix.stat_result, range(10), {"st_rdev": 5})
show(posix.stat_result, range(10), {"nothing": 5})
show(t.__replace__, st_mode=1)
print(posix.terminal_size((3, 4)), posix.times_result(range(5)), posix.uname_result("abcde"), posix.statvfs_result(range(11)).f_fsid)

# Modes, owners, times, lengths.
posix.chmod("a", 0o600)
print(oct(posix.stat("a").st_mode))
fd = posix.open("a", posix.O_RDWR)
posix.fchmod(fd, 0o640)
posix.chmod(fd, 0o644)
print(oct(posix.stat(fd).st_mode), posix.fstat(fd) == posix.stat("a"))
posix.chown("a", -1, -1)
posix.lchown("a", -1, -1)
posix.fchown(fd, -1, -1)
show(posix.chown, "a", -2, 0)
show(posix.chown, "a", 2**32, 0)
show(posix.chown, "a", "x", 0)
posix.utime("a", (1, 2.5))
print(posix.stat("a").st_atime, posix.stat("a").st_mtime_ns)
posix.utime(fd, ns=(3 * 10**9, 4 * 10**9 + 5000))
print(posix.stat("a").st_atime_ns, posix.stat("a").st_mtime_ns)
show(posix.utime, "a", (1,))
show(posix.utime, "a", (1, 2), ns=(1, 2))
show(posix.utime, "a", ("x", 2))
show(posix.utime, "a", ns=3)
print(posix.access("a", posix.F_OK), posix.access("nope", posix.F_OK), posix.access("a", posix.R_OK | posix.W_OK))

# Descriptors.
print(posix.write(fd, b"hello world"), posix.lseek(fd, -5, 2), posix.read(fd, 3), posix.pread(fd, 20, 1), posix.lseek(fd, 0, 1))
print(posix.pwrite(fd, bytearray(b"HE"), 0), posix.write(fd, memoryview(b"!")), posix.pread(fd, 20, 0))
posix.ftruncate(fd, 4)
posix.truncate("a", 6)
posix.truncate(fd, 7)
print(posix.pread(fd, 20, 0), posix.fsync(fd), posix.fdatasync(File(fd)))
show(posix.fsync, "x")
show(posix.fsync, -1)
show(posix.fsync, File("x"))
other = posix.dup(fd)
print(posix.lseek(other, 0, 0), posix.read(fd, 2), posix.lseek(other, 0, 1), posix.get_inheritable(other))
posix.set_inheritable(other, True)
print(posix.get_inheritable(other), posix.get_inheritable(fd), posix.dup2(fd, other) == other, posix.get_inheritable(other))
print(posix.dup2(fd, other, inheritable=False) == other, posix.get_inheritable(other))
posix.close(other)
for f in (posix.close, posix.fstat, posix.dup, posix.get_inheritable, posix.stat):
    show(f, other)
show(posix.read, fd, -1)
show(posix.read, other, 1)
show(posix.write, fd, "x")
show(posix.lseek, fd, -1, 0)
show(posix.lseek, fd, 0, 9)
show(posix.ftruncate, fd, -1)
print(posix.isatty(fd), posix.isatty(999), posix.device_encoding(fd))
posix.close(fd)
r, w = posix.pipe()
print(posix.write(w, b"through"), posix.read(r, 3), posix.read(r, 100), oct(posix.fstat(r).st_mode & 0o170000), posix.get_blocking(r))
show(posix.lseek, r, 0, 0)
posix.set_blocking(r, False)
print(posix.get_blocking(r), posix.get_blocking(w))
show(posix.read, r, 1)
posix.close(w)
print(posix.read(r, 1))
posix.close(r)
r, w = posix.pipe2(posix.O_NONBLOCK)
print(posix.get_inheritable(r), posix.get_blocking(w))
posix.close(r)
posix.close(w)

# Folders and links.
posix.mkdir("folder", 0o700)
posix.mkdir(P("folder/inner"))
print(oct(posix.stat("folder").st_mode), oct(posix.stat("folder/inner").st_mode))
show(posix.rmdir, "folder")
show(posix.unlink, "nope")
posix.symlink("../a", "folder/link")
posix.symlink(b"nowhere", b"folder/broken")
posix.link("a", "folder/hard")
print(posix.readlink("folder/link"), posix.readlink(b"folder/broken"), posix.stat("folder/hard").st_nlink)
print(posix.lstat("folder/link").st_size, posix.stat("folder/link").st_size, posix.stat("folder/link", follow_symlinks=False) == posix.lstat("folder/link"))
show(posix.stat, "folder/broken")
for folder in ("folder", b"folder", "folder/", P("folder")):
    with posix.scandir(folder) as it:
        for e in sorted(it, key=lambda e: e.path):
            print(e, e.name, e.path, e.is_dir(), e.is_file(), e.is_symlink(), e.is_junction(), end=" ")
            print(e.is_dir(follow_symlinks=False), e.is_file(follow_symlinks=False), e.inode() == posix.lstat(e.path).st_ino, posix.fspath(e) == e.path)
            show(e.stat(follow_symlinks=False).__eq__, posix.lstat(e.path))
            show(lambda: e.stat() == posix.stat(e.path) and e.stat() is e.stat())
it = posix.scandir("folder")
print(type(it), iter(it) is it, len(list(it)), next(it, "end"))
it.close()
show(posix.DirEntry)
show(type(it))
posix.chdir("folder")
print(sorted(e.path for e in posix.scandir()), posix.getcwd() == BASE + "/folder")
posix.chdir("inner/..")
print(posix.getcwd() == BASE + "/folder")
fd = posix.open("..", posix.O_RDONLY)
print(sorted(posix.listdir(fd)) == sorted(posix.listdir("..")), sorted(e.name for e in posix.scandir(fd)) == sorted(posix.listdir("..")))
posix.fchdir(fd)
print(posix.getcwd() == BASE)
posix.chdir("folder")
posix.chdir(fd)
posix.close(fd)
show(posix.chdir, "a")
posix.rename("a", "A")
posix.replace(b"A", b"b")
print(sorted(posix.listdir()))

# Paths as text.
for path in ("", ".", "..", "/", "//", "///", "a/../..", "/..", "/../a", "//../a", "./a", ".//a/.", "a//b/./c/..", "../../a/..", "a\0b/..", "\udcff/../\xe9", "//a//", "./..", ".."):
    print(ascii(posix._path_normpath(path)), ascii(posix._path_splitroot_ex(path)))
print(posix._path_normpath(b"/a/../b"), posix._path_splitroot_ex(b"//a"))

# Statuses of processes, numbers of devices.
for status in (0, 256, 255 << 8, 9, 0x8B, 0x137F, 0xFFFF):
    print([f(status) for f in (posix.WIFEXITED, posix.WIFSIGNALED, posix.WIFSTOPPED, posix.WIFCONTINUED, posix.WCOREDUMP)], end=" ")
    print([f(status) for f in (posix.WEXITSTATUS, posix.WTERMSIG, posix.WSTOPSIG)], end=" ")
    show(posix.waitstatus_to_exitcode, status)
d = posix.makedev(0x12345, 0x6789A)
print(d, posix.major(d), posix.minor(d))

# The process and its environment.
print(posix.getuid() == posix.geteuid(), posix.getppid() > 0, posix.cpu_count() > 0, type(posix.getgroups()))
print(all(type(k) is bytes and type(v) is bytes for k, v in posix.environ.items()), b"PATH" in posix.environ)
posix.putenv("NAME", b"value")
posix.unsetenv(b"NAME")
show(posix.putenv, "A=B", "C")
show(posix.putenv, "A\0", "C")
show(posix.putenv, 3, "C")
show(posix.unsetenv, "")
print(posix.strerror(2), "|", posix.strerror(9999), len(posix.urandom(7)), len(posix.getrandom(3)), posix.urandom(0))
show(posix.urandom, -1)
print(len(posix.uname()), posix.uname().sysname == posix.uname()[0], len(posix.times()), posix.times().elapsed > 0)
old = posix.umask(0o77)
posix.close(posix.open("masked", posix.O_CREAT, 0o666))
print(oct(old), oct(posix.umask(old)), oct(posix.stat("masked").st_mode))
show(posix.kill, posix.getpid(), 0)
show(posix.get_terminal_size, 999)

for name in posix.listdir("folder"):
    path = "folder/" + name
    (posix.rmdir if posix.stat(path, follow_symlinks=False).st_mode & 0o40000 == 0o40000 and name == "inner" else posix.unlink)(path)
posix.rmdir("folder")
for name in posix.listdir(b"."):
    posix.remove(name)
posix.chdir(HOME)
posix.rmdir(BASE)
show(posix.rmdir, BASE)
