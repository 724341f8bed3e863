import select
import selectors
import socket
import tempfile
import time

ep = select.epoll()
a, b = socket.socketpair()
print(ep.closed, ep.fileno() > 2)
ep.register(a.fileno(), select.EPOLLIN | select.EPOLLOUT)
print(ep.poll(0) == [(a.fileno(), select.EPOLLOUT)])
try: ep.register(a)
except OSError as e: print(repr(e))
b.send(b"x")
time.sleep(0.1)
print([e for _, e in ep.poll(1)])
ep.modify(a, select.EPOLLIN | select.EPOLLET)
print([e for _, e in ep.poll(0.2)], ep.poll(0.05))
ep.modify(a, select.EPOLLIN | select.EPOLLONESHOT)
print([e for _, e in ep.poll(0.2)], ep.poll(0.05))
ep.unregister(a)
for f in (lambda: ep.unregister(a), lambda: ep.modify(a, 1), lambda: ep.register(99), lambda: ep.poll(0, -2), lambda: select.epoll(-2), lambda: select.epoll(flags=12356), lambda: ep.poll("x"), lambda: ep.register(a, "x")):
    try: print(f())
    except Exception as e: print(repr(e))
with tempfile.TemporaryFile() as t:
    try: ep.register(t)
    except OSError as e: print(repr(e))
e2 = select.epoll.fromfd(ep.fileno())
print(e2.fileno() == ep.fileno())
with ep as x: print(x is ep)
try: ep.poll(0)
except ValueError as e: print(e)
print(ep.closed)
e2 = None
a.close(); b.close()
print(selectors.DefaultSelector)
