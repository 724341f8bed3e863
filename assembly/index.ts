import { PyListObject } from "./generated/layouts";
import { ID } from "./generated/statics";
import { objectsRoots } from "./generated/runtime";
export function f(p: usize): usize { PyListObject.at(p).ob_item = ID.__init__; objectsRoots.interned = p; return PyListObject.at(p).ob_size; }
