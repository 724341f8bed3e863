# Sockets of Unix within a process: descriptors beside messages, where those are cut, datagrams, abstract names, ends.
import array
import errno
import os
import socket
import tempfile

folder = tempfile.mkdtemp()
RIGHTS = (socket.SOL_SOCKET, socket.SCM_RIGHTS)


def attempt(f, *args):
    try:
        return f(*args)
    except OSError as e:
        return errno.errorcode[e.errno]
    except Exception as e:
        return f"{type(e).__name__}: {e}"


def descriptors(messages):
    got = array.array("i")
    for level, kind, data in messages:
        assert (level, kind) == RIGHTS
        got.frombytes(data)
    return list(got)


a, b = socket.socketpair()
r, w = os.pipe()
print(socket.send_fds(a, [b"two of them"], [r, w]))
os.close(r)
os.close(w)
msg, (r, w), flags, addr = socket.recv_fds(b, 100, 2)
os.write(w, b"through")
print(msg, os.read(r, 100), flags, addr)

# Bytes without, with, without: a message is not read beyond the end of what came with something.
a.send(b"before ")
a.sendmsg([b"wi", b"th"], [(*RIGHTS, array.array("i", [r]))])
a.send(b" after")
data, messages, flags, addr = b.recvmsg(100, socket.CMSG_SPACE(4))
print(data, len(descriptors(messages)), flags)
print(b.recvmsg(100, socket.CMSG_SPACE(4)))
for fd in descriptors(messages):
    os.close(fd)

for room in (0, 1, socket.CMSG_LEN(0), socket.CMSG_LEN(4), socket.CMSG_LEN(8), socket.CMSG_SPACE(16)):
    a.sendmsg([b"x"], [(*RIGHTS, array.array("i", [r, w]))])
    data, messages, flags, addr = b.recvmsg(10, room)
    got = descriptors(messages)
    print(room, data, len(got), bool(flags & socket.MSG_CTRUNC))
    for fd in got:
        os.close(fd)
buffers = [bytearray(2), bytearray(3)]
a.sendmsg([b"abcd"])
print(b.recvmsg_into(buffers), buffers)
print(attempt(a.sendmsg, [b"x"], [(*RIGHTS, array.array("i", [-1]))]))
print(attempt(a.sendmsg, [b"x"], [RIGHTS]), attempt(a.sendmsg, ["x"]), attempt(b.recvmsg_into, [b"x"]))
print(socket.CMSG_LEN(0), socket.CMSG_SPACE(1), attempt(socket.CMSG_SPACE, 0x7FFFFFE8))
a.shutdown(socket.SHUT_WR)
print(b.recv(10), attempt(a.send, b"x"))
b.close()
print(a.recv(10))
a.close()

path = os.path.join(folder, "stream")
with socket.socket(socket.AF_UNIX) as listener, socket.socket(socket.AF_UNIX) as client:
    print(attempt(client.connect, path), attempt(listener.listen))
    listener.bind(path)
    print(attempt(client.connect, path))
    listener.listen(1)
    client.bind(os.path.join(folder, "client"))
    client.connect(path)
    server, name = listener.accept()
    print(os.path.basename(name), os.path.basename(client.getpeername()), os.path.basename(server.getsockname()))
    server.sendmsg([b"hello"], [(*RIGHTS, array.array("i", [r]))])
    data, messages, flags, addr = client.recvmsg(10, 100)
    print(data, len(descriptors(messages)), attempt(client.connect, path))
    server.close()
    print(client.recv(1), attempt(client.send, b"x"))
print(sorted(os.listdir(folder)), attempt(socket.socket(socket.AF_UNIX).connect, path))

with socket.socket(socket.AF_UNIX) as listener, socket.socket(socket.AF_UNIX) as client:
    name = b"\0of nobody else %d" % os.getpid()
    print(attempt(client.connect, name))
    listener.bind(name)
    listener.listen()
    client.connect(name)
    server, _ = listener.accept()
    print(server.getsockname() == name, client.getpeername() == name)
    server.close()

one = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
two = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
place = os.path.join(folder, "datagrams")
one.bind(place)
print(attempt(two.send, b"x"), attempt(two.sendto, b"x", os.path.join(folder, "none")))
print(two.sendto(b"first", place), two.sendto(b"second", place), one.recvfrom(100), one.recv(3))
two.bind(os.path.join(folder, "other"))
two.connect(place)
two.send(b"third")
data, name = one.recvfrom(100)
print(data, os.path.basename(name), one.sendto(b"back", name), two.recv(10))
one.setblocking(False)
print(attempt(one.recv, 1), attempt(one.bind, place))
two.sendmsg([b"cut ", b"short"], [(*RIGHTS, array.array("i", [r]))])
data, messages, flags, addr = one.recvmsg(4, 100)
print(data, len(descriptors(messages)), bool(flags & socket.MSG_TRUNC), os.path.basename(addr))
one.close()
print(attempt(two.send, b"x"), os.path.exists(place))
two.close()
