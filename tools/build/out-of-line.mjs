// Part of the runtime's build, given to asc as a transform: marks what the optimiser must not inline.
//
// What the evaluation loop calls stays out of it: a rare instruction's body there costs the frequent ones their
// registers. So does the release of an object, which is at the end of every DECREF. What sleeps has locals of its own,
// for the reason that assembly/thread/word.ts tells.

const LOOPS = ["assembly/vm/eval/run<u8>", "assembly/vm/eval/run<u16>"];
const ALWAYS = ["assembly/objects/object/dealloc/_Py_Dealloc", "assembly/thread/word/waitOnWord"];

export default class {
  /**
   * Nothing is managed, so that the stack of references for a collector, which the compiler keeps with every runtime that it
   * does not know, would be of no use; it would lie behind the static data, where the roots begin.
   */
  afterInitialize(program) {
    program.options.stackSize = 0;
    program.module.useShadowStack = false;
  }

  /** Called by asc, which has set `binaryen`, with the module that it has made and not optimised yet. */
  afterCompile(module) {
    const { binaryen } = this;
    // Without this nothing would tell that a function has moved but the time that programs take.
    const find = (name) => {
      const found = module.getFunction(name);
      if (!found) throw new Error(`tools/build/out-of-line.mjs: the runtime has no function ${name}`);
      return found;
    };
    for (const name of ALWAYS) find(name);
    const calls = LOOPS.flatMap((loop) => [
      ...binaryen.emitText(binaryen.getFunctionInfo(find(loop)).body).matchAll(/\(call \$([^\s)]+)/g),
    ]);
    for (const name of new Set([...ALWAYS, ...calls.map(([, name]) => name)])) {
      binaryen.setPassArgument("no-inline", name);
      module.runPasses(["no-inline"]);
    }
    binaryen.setPassArgument("no-inline", null);
  }
}
