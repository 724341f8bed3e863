// What a program has put into the runtime's own places and never taken out again does not keep the program when its
// interpreter is disposed of: hooks, traces, contexts, loops, what is registered somewhere.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Interpreter } from "../../src/index.ts";

/** Each puts `hold`, a method of an object that knows everything, somewhere. */
const places = {
  "hooks for asynchronous generators": "sys.set_asyncgen_hooks(hold, hold)",
  "a running loop": "import asyncio.events; asyncio.events._set_running_loop(known)",
  "a loop that was stopped": "import asyncio; asyncio.new_event_loop().run_until_complete(endless())",
  "a context": "import contextvars; contextvars.ContextVar('v').set(known)",
  "a trace function": "sys.settrace(hold)",
  "a profile function": "sys.setprofile(hold)",
  "trace functions of threads": "import threading; threading.settrace(hold); threading.setprofile(hold)",
  monitoring:
    "m = sys.monitoring; m.use_tool_id(1, 'x'); m.register_callback(1, m.events.PY_START, hold); m.set_events(1, 1)",
  "hooks of sys": "sys.excepthook = sys.displayhook = sys.unraisablehook = sys.breakpointhook = hold",
  "an audit hook": "sys.addaudithook(hold)",
  "an exit function": "import atexit; atexit.register(hold)",
  "a callback of the collector": "import gc; gc.callbacks.append(hold)",
  garbage: "import gc; gc.garbage.append(known)",
  "frozen objects": "import gc; gc.freeze()",
  "a codec": "import codecs; codecs.register(hold); codecs.register_error('x', hold)",
  "finders of modules":
    "sys.meta_path.append(known); sys.path_hooks.append(hold); sys.path_importer_cache['x'] = known",
  "a module": "sys.modules['x'] = known",
  "a built-in name": "import builtins; builtins.x = known",
  "a reducer": "import copyreg; copyreg.pickle(Known, hold)",
  "a cache": "import functools; f = functools.cache(hold); f(1)",
  "a weak reference's callback": "import weakref; r = weakref.ref(known, hold); weakref.finalize(known, hold)",
  "an attribute of a thread": "import threading; l = threading.local(); l.x = known",
  "a subclass of a built-in type": "import abc; abc.ABC.register = None\nclass A(abc.ABC): k = known",
  "a module that failed at first":
    "sys.modules['numbers'] = None\ntry: import _decimal\nexcept ImportError: del sys.modules['numbers']\nimport _decimal",
  "an exception that is handled":
    "try: raise ValueError(known)\nexcept ValueError as e: sys.last_exc = sys.last_value = e; stop()",
  "a generator that runs": "def g():\n    yield known\n    stop()\nfor x in g(): pass",
} as const;

const prelude = `
import sys
class Known:
    def __init__(self): self.all = globals()
    def hold(self, *arguments): return self.hold
known = Known()
hold = known.hold
async def endless():
    while True: pass
def stop():
    while True: pass
`;

test("what the runtime was given to hold does not outlive the interpreter, stopped or not", () => {
  for (const [place, source] of Object.entries(places)) {
    const python = new Interpreter({ timeLimit: 1000 });
    try {
      python.run(prelude + source);
    } catch (error) {
      assert.match(String(error), /more than 1000 ms/, place);
    }
    // What is called by the way is no matter here.
    assert.equal(python.dispose(), 0, place);
  }
});
