// The module _sysconfig (CPython 3.13's Modules/_sysconfig.c): what the build was configured with, as far as it is not in a
// file of the library.

import { PyDict_New, PyDict_SetItemLiteral } from "../objects/containers/dict/dict";
import { PyLong_FromLong } from "../objects/numbers/int/create";
import { Py } from "../objects/object/head";

/**
 * @native _sysconfig.config_vars($module, /)
 *
 * What this was built with, a dict of what sysconfig shows besides what is in its file.
 */
export function config_vars(_m: usize, _u: usize): usize {
  const d = PyDict_New();
  if (d == 0) return 0;
  // There is no build without the GIL.
  const zero = PyLong_FromLong(0);
  if (PyDict_SetItemLiteral(d, "Py_GIL_DISABLED", zero) == 0) return d;
  Py.DECREF(d);
  return 0;
}

/**
 * @module _sysconfig
 *
 * What sysconfig is helped with.
 */
