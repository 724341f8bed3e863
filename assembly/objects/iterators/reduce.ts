// What iterators over containers are copied and pickled as.

import { ID } from "../../generated/statics";
import { PyTuple_Pack1, PyTuple_Pack2 } from "../containers/tuple";
import { getBuiltin } from "../module/builtinlookup";
import { Py } from "../object/head";

/** (iter, (list,)) of the list of what is left, whose reference is taken. Null with an exception, or where it is null. */
export function reduceToList(list: usize): usize {
  if (list == 0) return 0;
  const iter = getBuiltin(ID.iter);
  const args = iter == 0 ? 0 : PyTuple_Pack1(list);
  Py.DECREF(list);
  const r = args == 0 ? 0 : PyTuple_Pack2(iter, args);
  Py.XDECREF(args);
  Py.XDECREF(iter);
  return r;
}
