// A trace function that sends other frames elsewhere than the one that it is told of: CPython 3.13.0 ends by a fault of the
// machine where such a frame is amid an instruction, has not begun or has ended; here it is a ValueError.
import assert from "node:assert/strict";
import { test } from "node:test";
import { leftovers, startProcess } from "../process/support.ts";

const program = `
import sys
def g():
    x = 1
    y = 2
    return x
def gen():
    a = 1
    yield a
    b = 2
    yield b
def ended():
    global over
    over = sys._getframe()
    return 1
ended()
suspended = gen()
next(suspended)
fresh = gen()
done = gen()
done_frame = done.gi_frame
list(done)
class A:
    def __add__(self, other):
        return g()
def say(name, frame, line):
    try:
        frame.f_lineno = frame.f_code.co_firstlineno + line
        print(name, "goes")
    except ValueError as error:
        print(name, error)
def trace(frame, event, arg):
    if event == "line" and frame.f_code is g.__code__ and frame.f_lineno == g.__code__.co_firstlineno + 1:
        say("caller", frame.f_back, 2)
        say("ended", over, 2)
        say("ended generator", done_frame, 2)
        say("fresh generator", fresh.gi_frame, 2)
        say("suspended generator", suspended.gi_frame, 1)
        say("own", frame, 2)
        say("tracer", sys._getframe(), 1)
    return trace
def main():
    sys.settrace(trace)
    try:
        A() + 1
        [1, 2, g()]
    except UnboundLocalError:
        pass
    sys.settrace(None)
main()
print(next(suspended), list(fresh))
say("untraced", sys._getframe(), 1)
`;

const not = "f_lineno can only be set in a trace function";
const told = `caller ${not}
ended ${not}
ended generator ${not}
fresh generator ${not}
suspended generator goes
own goes
tracer ${not}
`;

test("only the frame that a trace function is told of goes elsewhere, or one of a suspended generator", () => {
  const output = { text: "", errors: "" };
  const process = startProcess("debug", output);
  const status = process.runMain(new TextEncoder().encode(program), "jumps.py", true);
  assert.equal(output.text, `${told}${told}1 [1, 2]\nuntraced ${not}\n`, output.errors);
  assert.equal(status, 0, output.errors);
  process.runtime.finalize();
  assert.equal(leftovers(process).blocks, 0);
});
