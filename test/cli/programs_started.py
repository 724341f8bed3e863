# What programs that are started get as their pipes: real ones, which they can open by name, and hand on.
import os
import select
import subprocess
import sys
import tempfile

before = set(os.listdir(tempfile.gettempdir()))
print(subprocess.run(["cat", "/dev/stdin"], input=b"by name", capture_output=True).stdout)
both = subprocess.run(["sh", "-c", "echo err > /dev/stderr; echo out > /dev/stdout"], capture_output=True)
print(both.stdout, both.stderr)

# What one program writes, another reads, all of it.
for count in 5, 100000:
    first = subprocess.Popen(["seq", str(count)], stdout=subprocess.PIPE)
    print(subprocess.run(["wc", "-l"], stdin=first.stdout, capture_output=True).stdout.strip())
    first.stdout.close()
    print(first.wait())
endless = subprocess.Popen(["yes"], stdout=subprocess.PIPE)
print(subprocess.run(["head", "-c", "300000"], stdin=endless.stdout, capture_output=True).stdout.count(b"y\n"))
endless.stdout.close()
print(endless.wait())

# Pipes under other numbers, in both directions.
reader, writer = os.pipe()
back, there = os.pipe()
program = f"import os; os.write({there}, os.read({reader}, 100).upper())"
child = subprocess.Popen([sys.executable, "-c", program], pass_fds=(reader, there))
os.close(there)
os.write(writer, b"whisper")
print(os.read(back, 100), os.read(back, 100), child.wait())

# The first write to a program that has ended fails.
ended = subprocess.Popen(["true"], stdin=subprocess.PIPE)
ended.wait()
try:
    os.write(ended.stdin.fileno(), b"late")
except BrokenPipeError as error:
    print(error)

# Who waits for the end of a program's input is told when the program has ended.
killed = subprocess.Popen(["sleep", "100"], stdin=subprocess.PIPE)
killed.kill()
poll = select.poll()
poll.register(killed.stdin, 0)
print(poll.poll(10000) == [(killed.stdin.fileno(), select.POLLERR)], killed.wait())

# More pipes than are made at once.
for i in range(12):
    print(subprocess.run(["cat"], input=bytes([65 + i]), capture_output=True).stdout.decode(), end="")
print()
print({name for name in set(os.listdir(tempfile.gettempdir())) - before if name.startswith("vitrine-")})
