"""What was sent arrives, though the socket was shut down and closed at once."""
import socket
import threading
import time


def send(sock, size, down):
    sock.sendall(bytes(size))
    if down:
        sock.shutdown(socket.SHUT_WR)
    sock.close()


def receive(sock):
    total = 0
    while chunk := sock.recv(1 << 16):
        total += len(chunk)
        # So that the other side closes while the system still has no room for all.
        time.sleep(0.001)
    sock.close()
    return total


for down in False, True:
    for size in 0, 1, 4_000_000, 16_000_000:
        with socket.create_server(("127.0.0.1", 0)) as server:
            near = socket.create_connection(server.getsockname())
            far, _ = server.accept()
        thread = threading.Thread(target=send, args=(far, size, down))
        thread.start()
        print(down, size, receive(near))
        thread.join()
