// What the host takes for a program follows the program's own limit, and grows as what it is asked for.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Interpreter } from "../../src/index.ts";

const LIMIT = 64 << 20;

/** Runs a program under the limit; what it printed. The interpreter goes on, and nothing is left over. */
function run(source: string): string {
  const python = new Interpreter({ memoryLimit: LIMIT });
  python.run(`
def attempt(f):
    try: print(f())
    except Exception as e: print(type(e).__name__)
`);
  python.run(source);
  assert.equal(python.evaluate("1 + 1"), 2);
  const { output } = python;
  assert.equal(python.dispose(), 0);
  return output;
}

test("a source that is too much for the compiler is a MemoryError", () => {
  const output = run(`
attempt(lambda: compile('1' + ' and 1' * 10**6, 's', 'eval'))
attempt(lambda: exec('a\\n' * 2 * 10**6))
attempt(lambda: eval('[' + '1,' * 2 * 10**6 + ']'))
attempt(lambda: eval('2 + 2'))
`);
  assert.equal(output, "MemoryError\nMemoryError\nMemoryError\n4\n");
});

test("names of thousands of parts", () => {
  const output = run(`
for n in 7000, 40000:
    attempt(lambda: exec('import ' + '.'.join(['a'] * n)))
    attempt(lambda: __import__('.'.join(['a'] * n)))
    attempt(lambda: exec('from ' + '.'.join(['a'] * n) + ' import b'))
attempt(lambda: exec('import a.b.c'))
`);
  assert.equal(output, `${"RecursionError\n".repeat(6)}ModuleNotFoundError\n`);
});

test("literals obey the limit of digits that the program set", () => {
  const output = run(`
import sys
attempt(lambda: len(str(eval('1' * 4300))))
attempt(lambda: eval('1' * 4301))
sys.set_int_max_str_digits(700)
attempt(lambda: eval('1' * 701))
sys.set_int_max_str_digits(0)
attempt(lambda: eval('1' * 4301) == int('1' * 4301))
attempt(lambda: eval('0x' + 'f' * 10**6).bit_length())
`);
  assert.equal(output, "4300\nSyntaxError\nSyntaxError\nTrue\n4000000\n");
});

test("floats of any precision", () => {
  const output = run(`
attempt(lambda: format(1.5, '.400000000f'))
attempt(lambda: '%.1000000000f' % 1.5)
attempt(lambda: format(1.5, '.50000000g'))
attempt(lambda: len(format(1.5, '.5000000f')))
for v in 1.5, -0.0, 5e-324, 1.7976931348623157e308, 1/3:
    for kind in 'fFeEgG%':
        for flag in '', '#':
            short, long = (format(v, f'{flag}.{n}{kind}') for n in (1090, 5000))
            digits, mark, tail = long.partition('e' if kind in 'eg' else 'E' if kind in 'EG' else '%')
            if kind not in 'gG' or flag: digits = digits[:-3910] + digits[-3910:].lstrip('0')
            if digits + mark + tail != short: print(v, flag, kind)
attempt(lambda: format(float('inf'), '.5000f'))
attempt(lambda: float('1' * 309) == 1.1111111111111112e308)
attempt(lambda: float('0.' + '0' * 10**5 + '1e100001'))
attempt(lambda: float('9007199254740993' + '0' * 5000 + '1e-5001'))
attempt(lambda: float('-' + '9' * 10**5))
`);
  assert.equal(output, "MemoryError\nMemoryError\n1.5\n5000002\ninf\nTrue\n1.0\n9007199254740994.0\n-inf\n");
});

test("big ints are read out in linear time", () => {
  const python = new Interpreter();
  python.run("few = -(1 << 400_000) + 1; many = -(1 << 1_600_000) + 1");
  const time = (name: string) => {
    const start = process.cpuUsage().user;
    python.evaluate(name);
    return process.cpuUsage().user - start;
  };
  const least = (name: string) => Math.min(...Array.from({ length: 6 }, () => time(name)));
  assert.ok(least("many") < 10 * Math.max(least("few"), 1000));
  assert.equal(python.evaluate("many"), -(1n << 1_600_000n) + 1n);
  assert.deepEqual(python.evaluate("[0, -1, 1 << 30, -(1 << 30), 1 << 60, 2**53 - 1, -(2**64)]"), [
    0,
    -1,
    1 << 30,
    -(1 << 30),
    1n << 60n,
    2 ** 53 - 1,
    -(2n ** 64n),
  ]);
  assert.equal(python.dispose(), 0);
});

test("an interpreter takes memory in proportion to what it uses", () => {
  const alive: Interpreter[] = [];
  const external = process.memoryUsage().arrayBuffers;
  const resident = process.memoryUsage.rss();
  for (let i = 0; i < 100; i++) {
    const python = new Interpreter();
    python.run("x = [1]");
    alive.push(python);
  }
  assert.ok(alive[99]!.memory.buffer.byteLength < 12 << 20);
  assert.ok(process.memoryUsage().arrayBuffers - external < 100 * (12 << 20));
  assert.ok(process.memoryUsage.rss() - resident < 100 * (6 << 20));
  for (const python of alive) assert.equal(python.dispose(), 0);
});

test("what many refer to is read out once", () => {
  const python = new Interpreter({ memoryLimit: LIMIT });
  python.run("texts = ['x' * 10**6] * 100_000; blocks = [b'x' * 10**6] * 100_000");
  const before = process.memoryUsage();
  const texts = python.evaluate("texts") as string[];
  const blocks = python.evaluate("blocks") as Uint8Array[];
  const after = process.memoryUsage();
  assert.equal(texts.length, 100_000);
  assert.equal(texts[99_999].length, 10 ** 6);
  assert.equal(blocks[0], blocks[99_999]);
  assert.ok(after.heapUsed + after.external - before.heapUsed - before.external < 100 << 20);
  assert.equal(python.dispose(), 0);
});
