# mmap: memory of its own and of files.
import mmap
import tempfile
import os
import weakref


def err(f, *args, **kw):
    try:
        r = f(*args, **kw)
    except Exception as e:
        print(type(e).__name__, e)
    else:
        print("no error:", r)


print(mmap.error is OSError, mmap.PAGESIZE, mmap.ALLOCATIONGRANULARITY, mmap.ACCESS_COPY, mmap.MAP_ANON)
m = mmap.mmap(-1, 10)
print(m, len(m), m.closed, m.tell())
print(m[0], m[-1], m[2:4], m[::3])
m[0] = 65
m[1:4] = b"bcd"
m[4::2] = b"xyz"
print(m[:], m.find(b"cd"), m.rfind(b"x"), m.find(b"b", 2), m.find(b"z", -3), m.find(b""), m.find(b"b", 0, 1))
err(m.__setitem__, 0, b"a")
err(m.__setitem__, 0, 256)
err(m.__setitem__, 10, 1)
err(m.__setitem__, slice(0, 2), b"a")
err(m.__delitem__, 0)
err(m.__delitem__, slice(0, 1))
err(m.__getitem__, 10)
err(m.__getitem__, "a")
print(m.write(b"12345"), m.tell(), m.read(2), m.tell(), m.read())
err(m.write, b"1")
err(m.write_byte, 1)
err(m.read_byte)
print(m.seek(0), m.read_byte(), m.seek(-1, 2), m.seek(-2, 1), m.seekable())
err(m.seek, 11)
err(m.seek, -1)
err(m.seek, 0, 5)
err(m.read, "a")
m.seek(0)
m[:] = b"ab\ncd\n\nefg"
print(m.readline(), m.readline(), m.readline(), m.readline(), m.readline())
m.move(0, 3, 4)
print(m[:])
err(m.move, 0, 8, 3)
err(m.move, -1, 0, 1)
err(m.flush, 0, 11)
print(m.flush(), m.madvise(mmap.MADV_NORMAL))
err(m.madvise, mmap.MADV_NORMAL, 10)
err(m.size)
with memoryview(m) as v:
    v[0] = 90
    print(bytes(v[:3]), v.readonly)
    err(m.close)
    try:
        m.resize(5)
    except BufferError:
        print("not now")
m.close()
m = mmap.mmap(-1, 10, flags=mmap.MAP_PRIVATE)
m.resize(5000)
print(len(m), m[:12], set(m[10:]))
m.resize(4)
print(m[:], m)
m.close()
m.close()
print(m, m.closed)
for f in (m.read, m.read_byte, m.readline, m.tell, m.size, m.flush, m.__len__, m.__enter__):
    err(f)
err(m.find, b"")
err(m.__getitem__, 0)
err(memoryview, m)

err(mmap.mmap, -1, 0)
err(mmap.mmap, -1, -1)
err(mmap.mmap, -1)
err(mmap.mmap, -1, 10, access=7)
err(mmap.mmap, -1, 10, flags=mmap.MAP_PRIVATE, access=mmap.ACCESS_READ)
err(mmap.mmap, -1, 10, offset=-1)
err(mmap.mmap, 99, 10)

name = os.path.join(tempfile.gettempdir(), "mmaps.bin")
with open(name, "wb") as f:
    f.write(b"0123456789" * 1000)
with open(name, "r+b") as f:
    with mmap.mmap(f.fileno(), 0) as m:
        print(len(m), m[:12], m.size())
        m[3:6] = b"abc"
        m.flush()
        f.seek(0)
        print(f.read(10))
        m[0] = 33
        err(m.flush, 1, 2)
    f.seek(0)
    print(f.read(10))
    with mmap.mmap(f.fileno(), 0, access=mmap.ACCESS_READ) as m:
        err(m.__setitem__, 0, 1)
        err(m.write, b"1")
        err(m.write_byte, 1)
        err(m.move, 0, 1, 1)
        err(m.resize, 10)
        print(memoryview(m).readonly, m)
    with mmap.mmap(f.fileno(), 0, access=mmap.ACCESS_COPY) as m:
        m[0:3] = b"xxx"
        print(m[:5])
        err(m.resize, 10)
    with mmap.mmap(f.fileno(), 100, access=mmap.ACCESS_WRITE, offset=4096) as m:
        print(m[:8], m)
        m.seek(2)
        m.write(b"--")
    f.seek(4096)
    print(f.read(8))
    with mmap.mmap(f.fileno(), 0) as m:
        m.resize(20)
        print(len(m), m.size(), m[:])
        m.resize(30)
        print(m[:])
    print(os.path.getsize(name))
    err(mmap.mmap, f.fileno(), 31)
    err(mmap.mmap, f.fileno(), 0, offset=4096)
    f.truncate(0)
    err(mmap.mmap, f.fileno(), 0)
os.unlink(name)


class Sub(mmap.mmap):
    pass


s = Sub(-1, 3)
s.attribute = 1
r = weakref.ref(s)
print(s, r() is s)
del s
print(r())
