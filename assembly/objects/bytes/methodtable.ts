// The methods that bytes and bytearray both have, as a table.

import { addMethod, METH_FASTCALL, METH_KEYWORDS, METH_NOARGS, METH_O, METH_STATIC } from "../define/tables";
import {
  bytes_capitalize,
  bytes_center,
  bytes_count,
  bytes_decode,
  bytes_endswith,
  bytes_expandtabs,
  bytes_find,
  bytes_hex,
  bytes_index,
  bytes_isalnum,
  bytes_isalpha,
  bytes_isascii,
  bytes_isdigit,
  bytes_islower,
  bytes_isspace,
  bytes_istitle,
  bytes_isupper,
  bytes_join,
  bytes_ljust,
  bytes_lower,
  bytes_maketrans,
  bytes_removeprefix,
  bytes_removesuffix,
  bytes_replace,
  bytes_rfind,
  bytes_rindex,
  bytes_rjust,
  bytes_startswith,
  bytes_swapcase,
  bytes_title,
  bytes_translate,
  bytes_upper,
  bytes_zfill,
} from "./methods";
import {
  bytes_lstrip,
  bytes_partition,
  bytes_rpartition,
  bytes_rsplit,
  bytes_rstrip,
  bytes_split,
  bytes_splitlines,
  bytes_strip,
} from "./split";

/** Adds the shared methods to a type. */
export function addBytesMethods(t: usize): void {
  const keywords = METH_FASTCALL | METH_KEYWORDS;
  addMethod(t, "capitalize", bytes_capitalize.index, METH_NOARGS);
  addMethod(t, "center", bytes_center.index, METH_FASTCALL);
  addMethod(t, "count", bytes_count.index, METH_FASTCALL);
  addMethod(t, "decode", bytes_decode.index, keywords);
  addMethod(t, "endswith", bytes_endswith.index, METH_FASTCALL);
  addMethod(t, "expandtabs", bytes_expandtabs.index, keywords);
  addMethod(t, "find", bytes_find.index, METH_FASTCALL);
  addMethod(t, "hex", bytes_hex.index, keywords);
  addMethod(t, "index", bytes_index.index, METH_FASTCALL);
  addMethod(t, "isalnum", bytes_isalnum.index, METH_NOARGS);
  addMethod(t, "isalpha", bytes_isalpha.index, METH_NOARGS);
  addMethod(t, "isascii", bytes_isascii.index, METH_NOARGS);
  addMethod(t, "isdigit", bytes_isdigit.index, METH_NOARGS);
  addMethod(t, "islower", bytes_islower.index, METH_NOARGS);
  addMethod(t, "isspace", bytes_isspace.index, METH_NOARGS);
  addMethod(t, "istitle", bytes_istitle.index, METH_NOARGS);
  addMethod(t, "isupper", bytes_isupper.index, METH_NOARGS);
  addMethod(t, "join", bytes_join.index, METH_O);
  addMethod(t, "ljust", bytes_ljust.index, METH_FASTCALL);
  addMethod(t, "lower", bytes_lower.index, METH_NOARGS);
  addMethod(t, "lstrip", bytes_lstrip.index, METH_FASTCALL);
  addMethod(t, "maketrans", bytes_maketrans.index, METH_FASTCALL | METH_STATIC);
  addMethod(t, "partition", bytes_partition.index, METH_O);
  addMethod(t, "removeprefix", bytes_removeprefix.index, METH_O);
  addMethod(t, "removesuffix", bytes_removesuffix.index, METH_O);
  addMethod(t, "replace", bytes_replace.index, METH_FASTCALL);
  addMethod(t, "rfind", bytes_rfind.index, METH_FASTCALL);
  addMethod(t, "rindex", bytes_rindex.index, METH_FASTCALL);
  addMethod(t, "rjust", bytes_rjust.index, METH_FASTCALL);
  addMethod(t, "rpartition", bytes_rpartition.index, METH_O);
  addMethod(t, "rsplit", bytes_rsplit.index, keywords);
  addMethod(t, "rstrip", bytes_rstrip.index, METH_FASTCALL);
  addMethod(t, "split", bytes_split.index, keywords);
  addMethod(t, "splitlines", bytes_splitlines.index, keywords);
  addMethod(t, "startswith", bytes_startswith.index, METH_FASTCALL);
  addMethod(t, "strip", bytes_strip.index, METH_FASTCALL);
  addMethod(t, "swapcase", bytes_swapcase.index, METH_NOARGS);
  addMethod(t, "title", bytes_title.index, METH_NOARGS);
  addMethod(t, "translate", bytes_translate.index, keywords);
  addMethod(t, "upper", bytes_upper.index, METH_NOARGS);
  addMethod(t, "zfill", bytes_zfill.index, METH_O);
}
