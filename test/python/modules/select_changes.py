# What poll() and select() say while nothing changes, and when something has: by this thread, by another, by a program.
import os
import select
import socket
import subprocess
import sys
import threading

reader, writer = os.pipe()
poll = select.poll()
poll.register(reader, select.POLLIN)
poll.register(writer, select.POLLOUT)


def polled():
    names = {reader: "reader", writer: "writer"}
    return sorted((names[fd], event) for fd, event in poll.poll(0))


for _ in range(3):
    print(polled())
os.write(writer, b"abc")
for _ in range(3):
    print(polled())
os.read(reader, 2)
print(polled())
os.read(reader, 1)
print(polled())
os.set_blocking(writer, False)
try:
    while True:
        os.write(writer, bytes(4096))
except BlockingIOError:
    pass
print(polled(), polled())
os.read(reader, 8192)
print(polled())
poll.modify(writer, 0)
print(polled())
os.close(writer)
print(polled())
poll.unregister(reader)
print([event for _, event in poll.poll(0)])
os.close(reader)

one, two = socket.socketpair()
print(select.select([one], [], [], 0)[0] == [], select.select([one], [], [], 0)[0] == [])
thread = threading.Thread(target=lambda: two.send(b"x"))
thread.start()
thread.join()
print(select.select([one], [], [], 0)[0] == [one], select.select([one], [], [], 0)[0] == [one])
print(one.recv(1), select.select([one], [], [], 0)[0] == [])

# Another thread writes while this one asks and does not wait.
thread = threading.Thread(target=lambda: two.send(b"y"))
thread.start()
while not select.select([one], [], [], 0)[0]:
    pass
thread.join()
print(one.recv(1))

child = subprocess.Popen([sys.executable, "-c", "print('said')"], stdout=subprocess.PIPE)
while not select.select([child.stdout], [], [], 0)[0]:
    pass
print(child.stdout.read(), child.wait())
child.stdout.close()
two.close()
print(select.select([one], [], [], 0)[0] == [one], one.recv(1))
one.close()
