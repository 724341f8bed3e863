# The kernel of an operating system, simulated: tasks of different priorities, packets in their queues, a scheduler that
# runs the most urgent task that can run. Methods, attributes, linked lists.
SMALL, SIZE = 20, 30000

IDLE, WORKER, HANDLER, DEVICE = range(4)
LINK_DATA = 4


class Packet:
    def __init__(self, link, kind, owner):
        self.link = link
        self.kind = kind
        self.owner = owner
        self.datum = 0
        self.data = [0] * LINK_DATA


def append(queue, packet):
    packet.link = None
    if queue is None:
        return packet
    last = queue
    while last.link is not None:
        last = last.link
    last.link = packet
    return queue


class Task:
    def __init__(self, kernel, priority, queue):
        self.kernel = kernel
        self.priority = priority
        self.queue = queue
        self.held = False
        self.waiting = queue is None
        self.number = kernel.add(self)

    def runnable(self):
        return not self.held and (not self.waiting or self.queue is not None)

    def take(self):
        packet = self.queue
        if packet is not None:
            self.queue = packet.link
            packet.link = None
        return packet

    def wait(self):
        self.waiting = True

    def step(self):
        self.waiting = False
        self.run(self.take())


class Idle(Task):
    def __init__(self, kernel, count, devices):
        super().__init__(kernel, 0, None)
        self.waiting = False
        self.count = count
        self.seed = 1
        self.devices = devices

    def run(self, packet):
        self.count -= 1
        if self.count <= 0:
            self.held = True
            return
        if self.seed & 1:
            self.seed = (self.seed >> 1) ^ 0xD008
            self.kernel.release(self.devices[0])
        else:
            self.seed >>= 1
            self.kernel.release(self.devices[1])


class Worker(Task):
    def __init__(self, kernel, priority, queue, handlers):
        super().__init__(kernel, priority, queue)
        self.handlers = handlers
        self.turn = 0
        self.letter = 0

    def run(self, packet):
        if packet is None:
            self.wait()
            return
        self.turn = 1 - self.turn
        packet.datum = 0
        for i in range(LINK_DATA):
            self.letter = self.letter % 26 + 1
            packet.data[i] = self.letter
        self.kernel.send(packet, self.handlers[self.turn], self)


class Handler(Task):
    def __init__(self, kernel, priority, queue, device):
        super().__init__(kernel, priority, queue)
        self.device = device
        self.work = None
        self.ready = None

    def run(self, packet):
        if packet is not None:
            if packet.kind == WORKER:
                self.work = append(self.work, packet)
            else:
                self.ready = append(self.ready, packet)
        work = self.work
        if work is not None:
            if work.datum >= LINK_DATA:
                self.work = work.link
                self.kernel.send(work, work.owner, self)
                return
            ready = self.ready
            if ready is not None:
                self.ready = ready.link
                ready.datum = work.data[work.datum]
                work.datum += 1
                self.kernel.send(ready, self.device, self)
                return
        self.wait()


class Device(Task):
    def __init__(self, kernel, priority):
        super().__init__(kernel, priority, None)
        self.pending = None
        self.total = 0

    def run(self, packet):
        if packet is None:
            if self.pending is None:
                self.wait()
            else:
                packet, self.pending = self.pending, None
                self.kernel.send(packet, packet.owner, self)
        else:
            self.total += packet.datum
            self.pending = packet
            self.held = True


class Kernel:
    def __init__(self):
        self.tasks = []
        self.order = []
        self.sent = 0
        self.held = 0

    def add(self, task):
        self.tasks.append(task)
        return len(self.tasks) - 1

    def start(self):
        self.order = sorted(self.tasks, key=lambda task: -task.priority)

    def send(self, packet, target, source):
        self.sent += 1
        packet.owner = packet.owner if packet.kind == WORKER else source
        target.queue = append(target.queue, packet)

    def release(self, task):
        self.held += task.held
        task.held = False

    def run(self):
        order = self.order
        running = True
        while running:
            running = False
            for task in order:
                if task.runnable():
                    task.step()
                    running = True
                    break


def packets(kind, count, owner):
    queue = None
    for _ in range(count):
        queue = Packet(queue, kind, owner)
    return queue


def work(n):
    kernel = Kernel()
    devices = [Device(kernel, 5), Device(kernel, 4)]
    Idle(kernel, n, devices)
    handlers = [Handler(kernel, 3 - i, packets(DEVICE, 3, devices[i]), devices[i]) for i in range(2)]
    worker = Worker(kernel, 1, None, handlers)
    worker.queue = packets(WORKER, 3, worker)
    kernel.start()
    kernel.run()
    return kernel.sent, kernel.held, devices[0].total, devices[1].total


if __name__ == "__main__":
    print(work(SMALL))
    print(work(SIZE))
