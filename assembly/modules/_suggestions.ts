// The module _suggestions (CPython 3.13's Modules/_suggestions.c): the name that was probably meant.

import { Py_TPFLAGS_LIST_SUBCLASS, Py_TPFLAGS_UNICODE_SUBCLASS } from "../generated/constants";
import { _Py_NoneStruct, PyExc_TypeError } from "../generated/statics";
import { List } from "../objects/containers/list/list";
import { PyErr_BadArgument, PyErr_SetString } from "../objects/errors/raise";
import { closestName } from "../objects/errors/suggestions";
import { Py } from "../objects/object/head";

/**
 * @native _suggestions._generate_suggestions($module, candidates, item, /)
 *
 * Of the names, the one that is nearest to another.
 */
export function generate_suggestions(_m: usize, candidates: usize, item: usize): usize {
  if (!Py.check(candidates, Py_TPFLAGS_LIST_SUBCLASS)) {
    return PyErr_SetString(PyExc_TypeError, "candidates must be a list");
  }
  const n = Py.SIZE(candidates);
  for (let i: isize = 0; i < n; i++) {
    if (!Py.check(List.get(candidates, i), Py_TPFLAGS_UNICODE_SUBCLASS)) {
      return PyErr_SetString(PyExc_TypeError, "all elements in 'candidates' must be strings");
    }
  }
  if (!Py.check(item, Py_TPFLAGS_UNICODE_SUBCLASS)) return PyErr_BadArgument();
  const found = closestName(List.items(candidates), n, item);
  return found == 0 ? _Py_NoneStruct : Py.NewRef(found);
}

/**
 * @module _suggestions
 */
