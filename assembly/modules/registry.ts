// Every native module and the function that makes it, for imports (objects/module/inittab.ts). `builtins` and `sys` are made at
// the start and stay in sys.modules; a program that removes them gets the same modules back.

import { vmRoots } from "../generated/runtime";
import { addFunction } from "../objects/define/tables";
import { Py } from "../objects/object/head";
import { makeFutureModule } from "./__future__";
import { makeIoModule } from "./_io/module";
import { makeTracemallocModule } from "./_tracemalloc";
import { makeWeakrefModule } from "./_weakref";
import { makeErrnoModule } from "./errno";
import { makeGcModule } from "./gc";
import { makeItertoolsModule } from "./itertools/module";
import { makeMarshalModule } from "./marshal";
import { makeMathModule } from "./math/module";
import { makeTimeModule } from "./time";

function builtinsAgain(): usize {
  return Py.NewRef(vmRoots.builtins_module);
}

function sysAgain(): usize {
  return Py.NewRef(vmRoots.sys_module);
}

/** Fills the table. For initialisation. */
export function registerModules(): void {
  const table = addFunction(0, "builtins", builtinsAgain.index, 0);
  addFunction(table, "sys", sysAgain.index, 0);
  addFunction(table, "__future__", makeFutureModule.index, 0);
  addFunction(table, "_io", makeIoModule.index, 0);
  addFunction(table, "_tracemalloc", makeTracemallocModule.index, 0);
  addFunction(table, "_weakref", makeWeakrefModule.index, 0);
  addFunction(table, "gc", makeGcModule.index, 0);
  addFunction(table, "marshal", makeMarshalModule.index, 0);
  addFunction(table, "math", makeMathModule.index, 0);
  addFunction(table, "time", makeTimeModule.index, 0);
  addFunction(table, "errno", makeErrnoModule.index, 0);
  addFunction(table, "itertools", makeItertoolsModule.index, 0);
  vmRoots.inittab = table;
}
