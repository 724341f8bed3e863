# posix: paths that begin in an open folder (dir_fd), several buffers at once, bytes from file to file, paths as text.
import os, shutil, stat, sys


def tries(f, *args, **kwargs):
    try:
        return f(*args, **kwargs)
    except Exception as e:
        return f"{type(e).__name__}: {e}".replace(base, "BASE")


base = "/tmp/openfolders.%d" % os.getpid()
os.makedirs(base + "/inner")
fd = os.open(base, os.O_RDONLY)
try:
    f = os.open("file", os.O_WRONLY | os.O_CREAT, 0o640, dir_fd=fd)
    os.write(f, b"contents")
    os.close(f)
    print(sorted(os.listdir(fd)), os.stat("file", dir_fd=fd).st_size, oct(os.stat(b"file", dir_fd=fd).st_mode))
    os.mkdir("inner/deep", dir_fd=fd)
    os.symlink("file", "link", dir_fd=fd)
    print(os.readlink("link", dir_fd=fd), stat.S_ISLNK(os.stat("link", dir_fd=fd, follow_symlinks=False).st_mode), os.lstat("link", dir_fd=fd).st_size)
    os.link("file", "second", src_dir_fd=fd, dst_dir_fd=fd)
    os.rename("second", "inner/second", src_dir_fd=fd, dst_dir_fd=fd)
    os.replace("inner/second", base + "/third", src_dir_fd=fd)
    print(sorted(os.listdir(base)), os.access("third", os.R_OK, dir_fd=fd), os.access("nothing", os.F_OK, dir_fd=fd))
    os.chmod("third", 0o600, dir_fd=fd)
    os.utime("third", (1, 2), dir_fd=fd)
    print(oct(os.stat(base + "/third").st_mode), os.stat(base + "/third").st_mtime)
    os.chown("third", -1, -1, dir_fd=fd)
    os.unlink("third", dir_fd=fd)
    os.rmdir("inner/deep", dir_fd=fd)
    print(tries(os.stat, "nothing", dir_fd=fd), tries(os.open, "nothing", os.O_RDONLY, dir_fd=fd), tries(os.unlink, "nothing", dir_fd=fd))
    print(tries(os.stat, "file", dir_fd=-1), tries(os.stat, "file", dir_fd=999), tries(os.stat, "file", dir_fd="x"), tries(os.stat, "file", dir_fd=2**40))
    print(tries(os.stat, fd, dir_fd=fd), tries(os.stat, "/", dir_fd=999).st_size > 0)
    plain = os.open(base + "/file", os.O_RDONLY)
    print(tries(os.stat, "file", dir_fd=plain), tries(os.mkdir, "x", dir_fd=plain))
    with os.scandir(fd) as entries:
        print(sorted((e.name, e.path, e.is_dir(), e.stat(follow_symlinks=False).st_size > 0) for e in entries))
    for where, folders, files, folder in os.fwalk(base):
        print(where.replace(base, "BASE"), folders, sorted(files), folder > 2)
    print({os.open, os.stat, os.unlink, os.rmdir, os.rename, os.link, os.readlink, os.symlink, os.mkdir} <= os.supports_dir_fd, shutil.rmtree.avoids_symlink_attacks)

    print(os.readv(plain, [bytearray(3), bytearray(2)]), os.lseek(plain, 0, 1))
    parts = [bytearray(4), bytearray(4), bytearray(4)]
    print(os.preadv(plain, parts, 2), parts, os.lseek(plain, 0, 1))
    print(tries(os.readv, plain, 5), tries(os.readv, plain, [b"fixed"]), tries(os.readv, plain, [5]), os.readv(plain, []), tries(os.preadv, plain, parts, -1))
    both = os.open(base + "/both", os.O_RDWR | os.O_CREAT)
    print(os.writev(both, [b"one", bytearray(b" and "), memoryview(b"two")]), os.pwritev(both, (b"O", b"N"), 0), os.pread(both, 100, 0))
    print(tries(os.writev, both, ["x"]), tries(os.writev, plain, [b"x"]), tries(os.pwritev, both, [b"x"], -1))
    print(os.sendfile(both, plain, 0, 4), os.pread(both, 100, 0), os.lseek(plain, 1, 0), os.sendfile(both, plain, None, 3), os.lseek(plain, 0, 1))
    print(os.pread(both, 100, 0), os.sendfile(both, plain, 100, 5), tries(os.sendfile, both, plain, -1, 5), tries(os.sendfile, 999, plain, 0, 5), tries(os.sendfile, both, plain, "x", 1))
    for text in ("/a\udfff/../b\0c", "a/./\ud800//", "//x/..", "///x", "", ".", "/..", b"a//b/../\xff"):
        print(ascii(os.path.normpath(text)), ascii(os.path.splitroot(text)))
    print(os.posix_fallocate(both, 0, 50), os.fstat(both).st_size, tries(os.posix_fallocate, both, -1, 5), tries(os.posix_fallocate, 999, 0, 5))
    print(os.posix_fadvise(both, 0, 0, os.POSIX_FADV_WILLNEED), tries(os.posix_fadvise, 999, 0, 0, 0), tries(os.posix_fadvise, both, 0, 0, 9), os.sched_yield())
    print(len(os.getresuid()), os.getresuid()[1] == os.geteuid(), os.getresgid()[0] == os.getgid(), tries(os.makedev, 2**32, 0), os.makedev(8, 1))
finally:
    shutil.rmtree(base)
print(os.path.exists(base))


# An audit hook is told the folder's number, which is asked for once.
class Folder:
    asked = 0

    def __index__(self):
        Folder.asked += 1
        return fd


told = []
sys.addaudithook(lambda event, args: told and told.append((event, *("fd" if a == fd else a for a in args))))
os.mkdir(base)
fd = os.open(base, os.O_RDONLY)
try:
    for f, args, folders in (
        (os.mkdir, ("a",), ["dir_fd"]),
        (os.chmod, ("a", 0o700), ["dir_fd"]),
        (os.rename, ("a", "b"), ["src_dir_fd", "dst_dir_fd"]),
        (os.utime, ("b",), ["dir_fd"]),
        (os.symlink, ("b", "link"), ["dir_fd"]),
        (os.rmdir, ("b",), ["dir_fd"]),
        (os.unlink, ("none",), ["dir_fd"]),
        (os.rename, ("none", "none"), ["dst_dir_fd"]),
    ):
        told[:] = [f.__name__]
        Folder.asked = 0
        error = tries(f, *args, **dict.fromkeys(folders, Folder()))
        print(error, Folder.asked, told)
        told.clear()
finally:
    shutil.rmtree(base)
