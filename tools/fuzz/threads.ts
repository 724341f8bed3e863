/**
 * Random programs of threads whose output does not depend on how the threads are scheduled, run by Vitrine and by
 * CPython 3.13: both must print the same.
 *
 *   npm run fuzz:threads -- [OPTION...] [COUNT [SEED]]
 *
 *   --stress N       the debug runtime, which gives the lock of the interpreter away after every N instructions
 *   --record FOLDER  writes the programs there, each with CPython's output, instead of comparing
 *
 * A program is several jobs at once, each of some threads: counting under a lock, queues, conditions, barriers, semaphores,
 * events, thread-locals, exceptions, pools, objects with __del__ and cycles that another thread drops, daemons that are
 * still at work at the end. A process runs many programs (each.py). In the debug runtime the heap is checked after each,
 * and nothing may be left over at the end. Programs that differ together are run by halves, down to one.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { findOracle } from "../oracle/oracle.ts";
import { Random } from "./random.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { stress: { type: "string" }, record: { type: "string" } },
});
const count = Number(positionals[0] ?? 20);
const firstSeed = Number(positionals[1] ?? 1);

const numbers = new Random(1);
const random = (n: number): number => numbers.below(n);
const between = (low: number, high: number): number => low + random(high - low + 1);
const pick = <T>(items: readonly T[]): T => numbers.pick(items);
const chance = (percent: number): boolean => numbers.chance(percent);

/** An expression over the ints `i` and `me` that makes some objects and is an int below 1000. */
function value(depth = 2): string {
  if (depth === 0 || chance(20)) return pick(["i", "me", String(between(1, 99)), "i * me", "i + 1"]);
  const a = value(depth - 1);
  const b = value(depth - 1);
  return pick([
    `(${a} + ${b}) % 1000`,
    `(${a}) * 7 % ${between(11, 997)}`,
    `len(str(2 ** ((${a}) % 90)) + "x" * ((${b}) % 9))`,
    `sum([k % 5 for k in range((${a}) % 30)]) % 1000`,
    `len({k % ${between(2, 9)} for k in (${a}, ${b}, i)})`,
    `{"a": ${a}, "b": ${b}}["${pick(["a", "b"])}"] % 1000`,
    `sorted([${a}, ${b}, me])[1] % 1000`,
    `max((${a}, [${b}]), (${b}, [${a}]))[0] % 1000`,
    `int(f"{(${a})}{(${b}) % 10}") % 1000`,
    `len(list(zip(range((${a}) % 20), itertools.count())))`,
  ]);
}

/** Something that gives the others a chance. */
const pause = (): string =>
  pick(["pass", "pass", "time.sleep(0)", "time.sleep(0.0003)", "gc.collect(0)", "list(range(40))"]);

/** The statements of a job: a function main() that prints whatever is the same under every schedule. */
type Job = () => string;

const counting: Job = () => {
  const lock = pick(["Lock()", "RLock()", "Condition()", "Semaphore(1)", "BoundedSemaphore(1)"]);
  return `
lock = threading.${lock}
total = 0
def run(me):
    global total
    for i in range(${between(5, 60)}):
        v = ${value()}
        with lock:
            before = total
            ${pause()}
            total = before + v
in_threads(run, ${between(2, 6)})
print(total)`;
};

const recursive: Job = () => {
  const n = between(1, 20);
  return `
lock = threading.RLock()
depths = []
def down(me, n):
    with lock:
        depths.append((me, n))
        if n: down(me, n - 1)
        depths.append((me, -n))
def run(me):
    for i in range(${between(1, 6)}): down(me, ${n})
in_threads(run, ${between(2, 5)})
size = ${2 * (n + 1)}
print(len(depths), all(len({who for who, _ in depths[k : k + size]}) == 1 for k in range(0, len(depths), size)))`;
};

const queues: Job = () => {
  const kind = pick(["Queue", "LifoQueue", "SimpleQueue", "PriorityQueue"]);
  const producers = between(1, 4);
  const consumers = between(1, 4);
  const room = kind === "SimpleQueue" ? "" : pick(["", "1", "3"]);
  return `
q = queue.${kind}(${room})
results = queue.SimpleQueue()
def produce(me):
    for i in range(${between(3, 40)}):
        q.put(${value()})
        ${pause()}
def consume(me):
    while True:
        i = q.get()
        if i < 5000: results.put((i * 3 + 1, str(i)))
        ${kind === "LifoQueue" ? "q.task_done()" : "pass"}
        if i >= 5000: break
consumers = start(consume, ${consumers})
in_threads(produce, ${producers})
${kind === "LifoQueue" ? "q.join()" : "pass"}
for _ in range(${consumers}): q.put(5000)
join(consumers)
got = sorted(results.get() for _ in range(results.qsize()))
print(len(got), got[:3], sum(n for n, _ in got))`;
};

const turns: Job = () => {
  const n = between(2, 5);
  return `
turn = 0
said = []
condition = threading.Condition(${pick(["", "threading.Lock()"])})
def run(me):
    global turn
    for i in range(${between(2, 15)}):
        with condition:
            ${pick([`condition.wait_for(lambda: turn % ${n} == me)`, `while turn % ${n} != me: condition.wait()`])}
            said.append(${value(1)})
            turn += 1
            condition.notify_all()
in_threads(run, ${n})
print(turn, said[:8], sum(said))`;
};

const phases: Job = () => {
  const n = between(2, 5);
  return `
actions = []
barrier = threading.Barrier(${n}, action=lambda: actions.append(sum(row)))
row = [0] * ${n}
def run(me):
    for i in range(${between(2, 8)}):
        row[me] += ${value()}
        barrier.wait()
        ${pause()}
        barrier.wait()
in_threads(run, ${n})
print(row, actions)`;
};

const bounded: Job = () => {
  const room = between(1, 3);
  return `
inside, most = 0, 0
guard, door = threading.Lock(), threading.BoundedSemaphore(${room})
def run(me):
    global inside, most
    for i in range(${between(2, 12)}):
        with door:
            with guard:
                inside += 1
                most = max(most, inside)
            ${pause()}
            with guard: inside -= 1
in_threads(run, ${between(2, 6)})
print(inside, 1 <= most <= ${room})
try: door.release()
except ValueError as e: print(e)`;
};

const events: Job = () => {
  const n = between(2, 7);
  return `
events = [threading.Event() for _ in range(${n})]
path = []
def run(me):
    events[me].wait()
    i = me
    path.append(${value()})
    if me + 1 < ${n}: events[me + 1].set()
threads = start(run, ${n})
events[0].set()
join(threads)
print(path, [e.is_set() for e in events])`;
};

const locals: Job = () => `
class Local(threading.local):
    kind = "none"
    def __init__(self, first): self.first = first; self.seen = []
local = Local(${between(1, 50)})
local.mine = "main"
sums = {}
def run(me):
    local.kind = me
    for i in range(${between(2, 30)}):
        local.seen.append(${value()})
        ${pause()}
    sums[me] = (local.kind, sum(local.seen), local.first, hasattr(local, "mine"))
in_threads(run, ${between(2, 6)})
print(sorted(sums.items()), local.kind, local.mine, local.seen)`;

const exceptions: Job = () => {
  const error = pick(["1 // 0", "[][i]", "{}['k']", "int('x')", "None.x", "assert_(i)", "raise_(ValueError(me))"]);
  return `
caught = []
def assert_(i): assert i < 0, "no"
def raise_(e): raise e from KeyError("cause")
def run(me):
    try:
        for i in range(${between(1, 20)}): ${value()}
        i = 3
        ${error}
    except Exception as e:
        trace = traceback.extract_tb(e.__traceback__)
        caught.append((me, type(e).__name__, str(e), len(trace), type(e.__cause__).__name__))
        ${chance(40) ? "raise" : "pass"}
hooked = []
threading.excepthook = lambda a: hooked.append((a.exc_type.__name__, a.thread.name.split("-")[0]))
in_threads(run, ${between(2, 5)})
threading.excepthook = threading.__excepthook__
print(sorted(caught))
print(sorted(hooked))`;
};

const pool: Job = () => `
def job(me):
    out = []
    for i in range(${between(1, 15)}): out.append(${value()})
    if me % ${between(3, 9)} == 1: raise LookupError(me)
    return sum(out)
with futures.ThreadPoolExecutor(${between(1, 5)}) as executor:
    jobs = [executor.submit(job, me) for me in range(${between(3, 15)})]
    ended = [f.exception() or f.result() for f in jobs]
print([e if isinstance(e, int) else repr(e) for e in ended])`;

const finalizers: Job = () => `
dropped = []
class Node:
    def __init__(self, n, next=None): self.n, self.next, self.me = n, next, None
    def __del__(self): dropped.append(self.n)
refs = []
handed = queue.SimpleQueue()
def make(me):
    for i in range(${between(2, 20)}):
        node = Node(${value()}, Node(i))
        ${chance(60) ? "node.me = node" : "pass"}
        refs.append(weakref.ref(node))
        handed.put(node)
        del node
        ${pause()}
def drop(me):
    while True:
        node = handed.get()
        if node is None: break
        ${pause()}
        del node
droppers = start(drop, ${between(1, 3)})
in_threads(make, ${between(1, 4)})
for _ in droppers: handed.put(None)
join(droppers)
gc.collect()
print(len(dropped), sum(dropped), all(r() is None for r in refs))`;

const shared: Job = () => `
d, l, s = {}, [], set()
def run(me):
    for i in range(${between(5, 50)}):
        d[me, i] = ${value()}
        l.append(i)
        s.add(i % 7)
        ${chance(50) ? "if i % 5 == 4: del d[me, i]" : "d.setdefault(i, i)"}
in_threads(run, ${between(2, 6)})
print(len(d), sum(d.values()), len(l), sum(l), sorted(s))`;

const generators: Job = () => `
lock = threading.Lock()
def numbers():
    i = me = 1
    while True:
        yield i
        i += ${value(1)} + 1
source = numbers()
taken = []
def run(me):
    for i in range(${between(3, 30)}):
        with lock: taken.append(next(source))
in_threads(run, ${between(2, 5)})
print(len(taken), taken == sorted(taken), taken[-1])
async def nap(me):
    await asyncio.sleep(0)
    return await asyncio.to_thread(lambda i: ${value()}, me)
async def main(): return await asyncio.gather(*(nap(k) for k in range(${between(1, 5)})))
${chance(50) ? "print(asyncio.run(main()))" : "pass"}`;

const nested: Job = () => `
lock = threading.Lock()
leaves = []
def grow(me, depth):
    i = me % 50
    if depth == 0:
        with lock: leaves.append(${value()})
        return
    in_threads(lambda k: grow(me * 2 + k, depth - 1), ${between(1, 3)})
grow(1, ${between(1, 3)})
print(len(leaves), sum(leaves), threading.main_thread() is threading.current_thread())`;

const daemons: Job = () => `
def forever(me):
    i = 0
    while not hasattr(threading, "over"):
        i = ${value()}
        ${pause()}
daemon = threading.Thread(target=forever, args=(1,), daemon=True)
daemon.start()
print(daemon.daemon, daemon.is_alive())`;

const timers: Job = () => `
fired = threading.Event()
timer = threading.Timer(0.001, fired.set)
never = threading.Timer(60, print, ("never",))
timer.start(); never.start()
print(fired.wait(30))
never.cancel()
timer.join(); never.join()
print(timer.finished.is_set(), never.is_alive())`;

const tracing: Job = () => `
counts = {}
def trace(frame, event, arg):
    if frame.f_code.co_name == "traced": counts[event] = counts.get(event, 0) + 1
    return trace
def traced(i): return i + 1
def run(me):
    for i in range(${between(1, 10)}): traced(i)
threading.settrace(trace)
in_threads(run, 1)
threading.settrace(None)
print(sorted(counts.items()))`;

const jobs: Job[] = [
  ...[counting, recursive, queues, turns, phases, bounded, events, locals, exceptions, pool, finalizers, shared],
  ...[generators, nested, daemons, timers],
];

const HEAD = `import asyncio, concurrent.futures as futures, gc, io, itertools, queue, threading, time, traceback, weakref
import contextlib, sys


def start(target, n):
    threads = [threading.Thread(target=target, args=(k,)) for k in range(n)]
    for t in threads: t.start()
    return threads


def join(threads):
    for t in threads: t.join()


def in_threads(target, n): join(start(target, n))

`;

/** A program: jobs one after the other, or several at once, each in a thread and a namespace of its own. */
function program(seed: number): string {
  numbers.state = (seed * 2654435761) | 1;
  for (let i = 0; i < 8; i++) random(2);
  const parts: string[] = [HEAD];
  for (let left = between(1, 3); left > 0; left--) {
    if (chance(15)) {
      parts.push(tracing());
      continue;
    }
    // What is set for the whole process, and what is daemonic, is not beside others.
    const together = Array.from({ length: between(1, 3) }, () => pick(jobs)).filter(
      (job, _, all) => all.length === 1 || (job !== exceptions && job !== finalizers),
    );
    parts.push("sources = []");
    for (const job of together) parts.push(`sources.append(r'''${job()}\n''')`);
    parts.push(`outputs = [[] for _ in sources]
def one(k):
    def say(*a): outputs[k].append(" ".join(map(str, a)))
    space = dict(globals(), print=say)
    exec(compile(sources[k], f"<job {k}>", "exec"), space)
in_threads(one, len(sources))
for k in range(len(sources)): print(k, *outputs[k], sep="\\n")`);
  }
  if (chance(50)) parts.push("gc.collect()");
  parts.push('print("end", threading.active_count() >= 1)');
  return `${parts.join("\n")}\n`;
}

const oracle = findOracle();
if (!oracle) {
  console.error("no CPython 3.13 found: set PYTHON_ORACLE");
  process.exit(2);
}
const folder = mkdtempSync(join(tmpdir(), "fuzz-threads-"));
const environment = { ...process.env, PYTHONHASHSEED: "0" };
const each = join(root, "tools/fuzz/each.py");
/** Programs that one process runs. Those that leave threads at work are fewer: the threads go on during the next. */
const TOGETHER = 250;
const TOGETHER_LEAVING = 8;
/** Of the programs with daemonic threads, one of so many leaves them at work; those of the others are told to end. */
const LEAVING = 5;

interface Program {
  seed: number;
  file: string;
  text: string;
}

function written(seed: number): Program {
  const file = join(folder, `threads${seed}.py`);
  const text = program(seed);
  writeFileSync(file, text);
  return { seed, file, text };
}

const leaves = ({ seed, text }: Program): boolean => text.includes("daemon=True") && seed % LEAVING === 0;

/** What a command says of the programs, one after the other, and how it ends. */
function run(command: readonly string[], programs: readonly Program[]): string {
  const leaving = programs.some(leaves);
  const child = spawnSync(command[0]!, [...command.slice(1), ...programs.map(({ file }) => file)], {
    encoding: "utf8",
    env: leaving ? { ...environment, LEAVE_THREADS: "1" } : environment,
    maxBuffer: 1 << 28,
    timeout: 60_000 + 10_000 * programs.length,
    killSignal: "SIGKILL",
  });
  let { status, stderr } = child;
  // What a thread that is still at work has in its frames is left over, in CPython too.
  if (values.stress && status === 3 && leaving) {
    status = 0;
    stderr = stderr.replace(/^\d+ blocks are left over:\n( {2}0x.*\n)*/m, "");
  }
  const end = child.error ? `${child.error.message}\n` : status === 0 ? "" : `status ${status ?? child.signal}\n`;
  return `${child.stdout}${stderr}${end}`;
}

const theirs = [oracle, each];
const ours = values.stress
  ? [process.execPath, join(root, "tools/run/run.mjs"), "--stress", values.stress, "--each"]
  : [process.execPath, join(root, "dist/cli.js"), each];

/** What differs of programs that were run together: told one by one where they differ alone, too. */
function compare(programs: readonly Program[]): number {
  if (programs.length === 0) return 0;
  const expected = run(theirs, programs);
  const got = run(ours, programs);
  if (got === expected) return 0;
  const [first] = programs as [Program];
  if (programs.length > 1) {
    const half = programs.length >> 1;
    const differing = compare(programs.slice(0, half)) + compare(programs.slice(half));
    if (differing > 0) return differing;
  }
  const seeds = programs.map(({ seed }) => seed).join(" ");
  console.log(`seed ${seeds} differs\nCPython:\n${expected}\nVitrine:\n${got}\n`);
  for (const { file, seed } of programs.length > 1 ? [] : [first])
    console.log(`seed ${seed}:\n${readFileSync(file, "utf8")}`);
  return 1;
}

function record(into: string): void {
  mkdirSync(into, { recursive: true });
  for (let seed = firstSeed; seed < firstSeed + count; seed++) {
    const { file, text } = written(seed);
    const name = join(into, `threads${seed}`);
    const { stdout } = spawnSync(oracle!, [file], { encoding: "utf8", env: environment });
    writeFileSync(`${name}.py`, text);
    writeFileSync(`${name}.out`, stdout);
  }
}

function compareAll(): number {
  let differing = 0;
  let ordinary: Program[] = [];
  let leaving: Program[] = [];
  for (let seed = firstSeed; seed < firstSeed + count; seed++) {
    const made = written(seed);
    (leaves(made) ? leaving : ordinary).push(made);
    const last = seed === firstSeed + count - 1;
    if (ordinary.length === TOGETHER || last) {
      differing += compare(ordinary);
      ordinary = [];
    }
    if (leaving.length === TOGETHER_LEAVING || last) {
      differing += compare(leaving);
      leaving = [];
    }
    const done = seed - firstSeed + 1;
    if (done % 500 === 0)
      console.log(`of the first ${done - ordinary.length - leaving.length} programs ${differing} differ`);
  }
  return differing;
}

if (values.record !== undefined) record(values.record);
else {
  const differing = compareAll();
  console.log(`${count - differing} of ${count} programs print what CPython prints`);
  process.exitCode = differing === 0 ? 0 : 1;
}
rmSync(folder, { recursive: true });
