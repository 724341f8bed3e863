"""What faulthandler writes, and when."""

import faulthandler
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time


def shown(text):
    return re.sub(r"0x[0-9a-f]+", "ID", re.sub(r'File "[^"]*/([^"/]*)"', r'File "\1"', text)).rstrip()


def written(f):
    with tempfile.TemporaryFile("w+") as file:
        f(file)
        file.seek(0)
        print(shown(file.read()))


def inner(f):
    f()


def dump(file):
    inner(lambda: faulthandler.dump_traceback(file, all_threads=False))


written(dump)


def registered(file):
    calls = []
    signal.signal(signal.SIGUSR1, lambda *_: calls.append(1))
    faulthandler.register(signal.SIGUSR1, file, all_threads=False, chain=True)
    inner(lambda: os.kill(os.getpid(), signal.SIGUSR1))
    faulthandler.register(signal.SIGUSR1, file, all_threads=False)
    inner(lambda: os.kill(os.getpid(), signal.SIGUSR1))
    print(calls, faulthandler.unregister(signal.SIGUSR1), faulthandler.unregister(signal.SIGUSR1))
    os.kill(os.getpid(), signal.SIGUSR1)
    print(calls)


written(registered)


def later(file):
    faulthandler.dump_traceback_later(0.1, file=file)
    inner(lambda: time.sleep(1))
    faulthandler.cancel_dump_traceback_later()


written(later)


def threads(file):
    event = threading.Event()
    ready = threading.Event()
    t = threading.Thread(target=lambda: (ready.set(), event.wait()))
    t.start()
    ready.wait()
    time.sleep(0.2)
    faulthandler.dump_traceback(file)
    event.set()
    t.join()


written(threads)
for code in "_sigsegv()", "_read_null()", "_sigabrt()", "_sigfpe()":
    code = f"import faulthandler; faulthandler.enable(all_threads=False); faulthandler.{code}"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    print(run.returncode, shown(run.stderr))
for arguments in ["a\0b"], ["a", "\0"]:
    try:
        subprocess.run(arguments)
    except ValueError as error:
        print(error)
try:
    subprocess.run(["true"], env={"A\0": "b"})
except ValueError as error:
    print(error)
