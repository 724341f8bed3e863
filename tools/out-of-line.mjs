// Part of the runtime's build, given to asc as a transform: marks what the optimiser must not inline.
//
// What the evaluation loop calls stays out of it: a rare instruction's body there costs the frequent ones their
// registers. So does the release of an object, which is at the end of every DECREF.

const LOOP = "assembly/vm/eval/run";
const ALWAYS = ["assembly/objects/object/dealloc/_Py_Dealloc"];

export default class {
  /** Called by asc, which has set `binaryen`, with the module that it has made and not optimised yet. */
  afterCompile(module) {
    const { binaryen } = this;
    const names = new Set(ALWAYS);
    const loop = module.getFunction(LOOP);
    if (loop) {
      const text = binaryen.emitText(binaryen.getFunctionInfo(loop).body);
      for (const [, name] of text.matchAll(/\(call \$([^\s)]+)/g)) names.add(name);
    }
    for (const name of names) {
      binaryen.setPassArgument("no-inline", name);
      module.runPasses(["no-inline"]);
    }
    binaryen.setPassArgument("no-inline", null);
  }
}
