// Native functions whose Python code changes what they work on, where CPython 3.13 reads memory that it has given back or
// crashes: here the answer is that of what is there, or an exception.
import assert from "node:assert/strict";
import { test } from "node:test";
import { leftovers, startProcess } from "./support.ts";

/** What the program prints, with debug hooks: what is freed is not what it was. Nothing may be left over. */
function printed(source: string): string {
  const output = { text: "", errors: "" };
  const process = startProcess("debug", output, { allocator: { flags: 2, geometry: 0, statistics: false } });
  process.runMain(new TextEncoder().encode(source), "program.py", true);
  process.runtime.finalize();
  assert.equal(leftovers(process).blocks, 0);
  return output.text + output.errors;
}

test("results are made before a loan ends, as its end may run Python", () => {
  const program = `
class Loan(bytearray):
    def __buffer__(s, f): return super().__buffer__(f)
    def __release_buffer__(s, v):
        v.release()
        o.clear()

for f in ("o.strip(x)", "o.removeprefix(x)", "o.partition(x)", "o.split(x)", "o.replace(x, b'-')", "o.find(x)", "x in o",
          "o.translate(None, x)", "o.startswith(x)"):
    o = bytearray(b"aXbXa"); x = Loan(b"a")
    print(f, eval(f), o)
`;
  const parts = [
    "o.strip(x) bytearray(b'XbX') bytearray(b'')",
    "o.removeprefix(x) bytearray(b'XbXa') bytearray(b'')",
    "o.partition(x) (bytearray(b''), bytearray(b'a'), bytearray(b'XbXa')) bytearray(b'')",
    "o.split(x) [bytearray(b''), bytearray(b'XbX'), bytearray(b'')] bytearray(b'')",
    "o.replace(x, b'-') bytearray(b'-XbX-') bytearray(b'')",
    "o.find(x) 0 bytearray(b'')",
    "x in o True bytearray(b'')",
    "o.translate(None, x) bytearray(b'XbX') bytearray(b'')",
    "o.startswith(x) True bytearray(b'')",
  ];
  assert.equal(printed(program), `${parts.join("\n")}\n`);
});

test("a bytearray cannot be resized while its bytes are read between calls of Python", () => {
  const program = `
class Separator(bytes):
    def __len__(s): o.clear(); return 1
class Number:
    def __int__(s): o.clear(); return 1
class Handler:
    def __call__(s, e): o.clear(); return "?", e.end
o = bytearray(b"abcdef")
for f in (lambda: o.hex(Separator(b"-")), lambda: o % Number(), lambda: o.join([b"a", Clears(), b"b"])):
    class Clears:
        def __buffer__(s, f): o.clear(); return memoryview(b"x")
    try: print(f(), o)
    except (BufferError, TypeError) as e: print(type(e).__name__, e, o)
    o = bytearray(b"%d")
`;
  assert.equal(
    printed(program),
    `BufferError Existing exports of data: object cannot be re-sized bytearray(b'abcdef')
BufferError Existing exports of data: object cannot be re-sized bytearray(b'%d')
TypeError sequence item 1: expected a bytes-like object, Clears found bytearray(b'%d')
`,
  );
});

test("tuples and lists that are being filled are not to be found", () => {
  const program = `
import gc, itertools
def source():
    for i in range(3):
        for x in gc.get_objects() + gc.get_referrers(None):
            if type(x) is tuple or type(x) is list:
                for y in x: y
        yield i
print(list(zip(source(), source())), list(itertools.zip_longest(source(), [])))
print(len(list(itertools.product(source(), source()))), tuple(source()), list(source()))
`;
  assert.equal(printed(program), "[(0, 0), (1, 1), (2, 2)] [(0, None), (1, None), (2, None)]\n9 (0, 1, 2) [0, 1, 2]\n");
});

test("a dict or set that is emptied while it is gone through", () => {
  const program = `
import marshal
class Lends:
    def __buffer__(s, f): o.clear(); return memoryview(b"x")
o = {Lends(): [1, 2], "k": [3]}
print(marshal.loads(marshal.dumps(o)), o)
o = {Lends()}
print(marshal.loads(marshal.dumps(o)), o)
class Key(int):
    def __hash__(s):
        if clears: o.clear()
        return 65
clears = False
o = {Key(65): "".join(["a", "b"]), 66: "c"}
clears = True
print("AB".translate(str.maketrans(o)), o)
class Name(str):
    def __str__(s): vars(o).clear(); return "n"
import sys
o = type(sys.implementation)()
vars(o)[Name("n")] = [1]
print(o, vars(o))
`;
  assert.equal(printed(program), "{b'x': [1, 2]} {}\n{b'x'} set()\nabB {}\nnamespace(n=[1]) {}\n");
});
