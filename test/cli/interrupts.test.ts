// Interrupting a program: Ctrl-C on a terminal, of its own that `script` makes, in everything that may take long; and
// signals' handlers within long native operations, which CPython calls after them, if ever.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));
const command = `${root}dist/cli.js`;
const folder = mkdtempSync(join(tmpdir(), "vitrine-"));
after(() => rmSync(folder, { recursive: true }));

const withTerminal = spawnSync("script", ["--version"]).status === 0;

/**
 * What a terminal shows of a program that gets Ctrl-C some time after it has printed "ready", its status, and how long it
 * went on. Before the kernel beside the process has started, Ctrl-C ends it without a word: a busy machine gets more time.
 */
function interrupt(code: string, wait: number): Promise<{ shown: string; status: number | null; seconds: number }> {
  const file = join(folder, "program.py");
  writeFileSync(file, code);
  const child = spawn("script", ["-qfec", `'${process.execPath}' '${command}' '${file}'`, "/dev/null"], {
    env: { ...process.env, PYTHONHASHSEED: "0" },
  });
  return new Promise((resolve, reject) => {
    let shown = "";
    let pressed = 0;
    const end = setTimeout(() => {
      child.kill("SIGKILL");
      reject(new Error(`no end after Ctrl-C: ${shown}`));
    }, 60_000);
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      shown += text;
      if (pressed !== 0 || !shown.includes("ready")) return;
      pressed = -1;
      setTimeout(() => {
        pressed = performance.now();
        child.stdin.write("\x03");
      }, wait);
    });
    child.on("exit", (status) => {
      clearTimeout(end);
      resolve({ shown: shown.replaceAll("\r", ""), status, seconds: (performance.now() - pressed) / 1000 });
    });
  });
}

const situations: Record<string, string> = {
  "a loop": "while True: pass",
  "time.sleep()": "import time; time.sleep(60)",
  "waiting for a lock": "import _thread; lock = _thread.allocate_lock(); lock.acquire(); lock.acquire()",
  "input()": "input()",
  "waiting for a thread":
    "import threading, time; threading.Thread(target=time.sleep, args=(60,), daemon=True).start(); threading.enumerate()[1].join()",
  "waiting for a queue": "import queue; queue.Queue().get()",
  // One that Ctrl-C does not end: otherwise either may be told first.
  "waiting for a program": `import subprocess; subprocess.run(["sh", "-c", "trap '' INT; exec sleep 60"])`,
  "waiting for a connection": "import socket; s = socket.socket(); s.bind(('127.0.0.1', 0)); s.listen(); s.accept()",
  "a product of huge ints": "n = (1 << 400_000_000) - 1; n * n",
  "sorting ten million": "import random; r = [random.random() for _ in range(100_000)] * 100\nwhile True: sorted(r)",
  "a long sum": "sum(range(10**12))",
  "an expression that goes back": "import re; re.match('(a+)+$', 'a' * 60 + 'b')",
  "a power": "3 ** 30_000_000",
  "a power with a modulus": "pow(3, 1 << 2_000_000, 10**5000 + 7)",
  "a huge int as text": "import sys; sys.set_int_max_str_digits(0); str(7 << 40_000_000)",
  "text as a huge int": "import sys; sys.set_int_max_str_digits(0); int('7' * 10_000_000)",
  "a quotient of huge ints": "(1 << 400_000_000) // ((1 << 200_000_000) - 3)",
  "sorting by a key": "list(range(10**7)).sort(key=lambda n: -n % 1009)",
  "replacing in bytes": "b = b'ab' * 20_000_000\nwhile True: b.replace(b'a', b'xy')",
  "replacing in a str": "s = 'ab' * 20_000_000\nwhile True: s.replace('a', 'xy')",
  "joining bytes": "b = [bytes(1000)] * 100_000\nwhile True: b''.join(b)",
  "slices of a large list": "s = [None] * 20_000_000\nwhile True: s[::2]",
  "copying deeply": "import copy; d = [[i] for i in range(10**6)]\nwhile True: copy.deepcopy(d)",
  "writing JSON": "import json; d = [1] * 20_000_000\nwhile True: json.dumps(d)",
  "counting in a str": "s = 'ab' * 20_000_000\nwhile True: s.count('ba')",
  "joining what is generated": "import itertools; ''.join('x' for _ in itertools.repeat(0))",
  "a deque that is filled": "import collections, itertools; collections.deque(itertools.count(), maxlen=5)",
  "a list that is filled": "import itertools; [].extend(itertools.compress(itertools.count(), itertools.repeat(0)))",
  "a product of iterables": "import itertools; sum(1 for _ in itertools.product(range(1000), repeat=5))",
  "consuming a slice": "import itertools; next(itertools.islice(itertools.count(), 10**12, None))",
  "reading JSON": "import json; t = '[' + '1,' * 20_000_000 + '1]'\nwhile True: json.loads(t)",
  "hashing a large buffer": "import hashlib; b = bytes(50_000_000)\nwhile True: hashlib.sha256(b).digest()",
  "compressing a large buffer": "import zlib; b = bytes(50_000_000)\nwhile True: zlib.compress(b, 9)",
  "one compression": "import zlib; zlib.compress(bytes(range(256)) * 4_000_000, 9)",
  "a power of decimals": "from decimal import *; getcontext().prec = 500_000; Decimal(2) ** Decimal('0.3')",
  "unpickling and pickling": "import pickle; d = list(range(5 * 10**6))\nwhile True: pickle.loads(pickle.dumps(d))",
  "comparing what contains itself twice": "a, b = [], []\nfor _ in range(60): a, b = [a, a], [b, b]\na == b",
  "a collection of garbage": "import gc; held = [[] for _ in range(2 * 10**6)]\nwhile True: gc.collect()",
  "a selector":
    "import selectors, socket; s = selectors.DefaultSelector(); p = socket.socketpair(); s.register(p[0], 1); s.select()",
  asyncio: "import asyncio; asyncio.run(asyncio.sleep(60))",
  "reading a pipe": "import os; os.read(os.pipe()[0], 1)",
};

for (const [name, code] of Object.entries(situations)) {
  test(`Ctrl-C in ${name}`, { skip: !withTerminal && "there is no `script`" }, async () => {
    // What is imported is not what is interrupted.
    const [, imports = "", rest] = /^((?:import|from) [^;\n]+[;\n])?\s*([^]*)$/.exec(code)!;
    const program = `${imports}\nprint("ready", flush=True)\n${rest}\nprint("went on")\n`;
    let run = await interrupt(program, 1000);
    for (const wait of [4000, 15_000]) if (run.shown === "ready\n^C") run = await interrupt(program, wait);
    const { shown, status, seconds } = run;
    assert.match(shown, /^ready\n\^CTraceback \(most recent call last\):\n[^]*\nKeyboardInterrupt\n$/);
    assert.doesNotMatch(shown, /went on/);
    assert.equal(status, 130);
    // A machine that is busy may take longer than the second that is aimed at.
    assert.ok(seconds < 10, `it went on for ${seconds} s`);
  });
}

test("a handler that raises ends what takes long within one instruction", () => {
  const run = spawnSync(process.execPath, [command, `${root}test/cli/interrupts.py`], {
    encoding: "utf8",
    timeout: 120_000,
  });
  assert.equal(run.stderr, "");
  const lines = run.stdout.trim().split("\n");
  assert.ok(lines.length > 20);
  assert.deepEqual(
    lines.filter((line) => !line.endsWith(" interrupted")),
    [],
  );
});
