// The bits of a type's tp_flags, the rich comparison operators and the bits of the eval breaker (CPython 3.13's
// Include/object.h, pycore_ceval.h).

export {
  _Py_TPFLAGS_MATCH_SELF,
  Py_TPFLAGS_BASE_EXC_SUBCLASS,
  Py_TPFLAGS_BASETYPE,
  Py_TPFLAGS_BYTES_SUBCLASS,
  Py_TPFLAGS_DEFAULT,
  Py_TPFLAGS_DICT_SUBCLASS,
  Py_TPFLAGS_DISALLOW_INSTANTIATION,
  Py_TPFLAGS_HAVE_GC,
  Py_TPFLAGS_HAVE_VECTORCALL,
  Py_TPFLAGS_HEAPTYPE,
  Py_TPFLAGS_IMMUTABLETYPE,
  Py_TPFLAGS_INLINE_VALUES,
  Py_TPFLAGS_IS_ABSTRACT,
  Py_TPFLAGS_ITEMS_AT_END,
  Py_TPFLAGS_LIST_SUBCLASS,
  Py_TPFLAGS_LONG_SUBCLASS,
  Py_TPFLAGS_MANAGED_DICT,
  Py_TPFLAGS_MANAGED_WEAKREF,
  Py_TPFLAGS_MAPPING,
  Py_TPFLAGS_METHOD_DESCRIPTOR,
  Py_TPFLAGS_PREHEADER,
  Py_TPFLAGS_READY,
  Py_TPFLAGS_READYING,
  Py_TPFLAGS_SEQUENCE,
  Py_TPFLAGS_STATIC_BUILTIN,
  Py_TPFLAGS_TUPLE_SUBCLASS,
  Py_TPFLAGS_TYPE_SUBCLASS,
  Py_TPFLAGS_UNICODE_SUBCLASS,
  Py_TPFLAGS_VALID_VERSION_TAG,
} from "../../generated/constants";

// Rich comparison operators.
export const Py_LT: i32 = 0;

export const Py_LE: i32 = 1;

export const Py_EQ: i32 = 2;

export const Py_NE: i32 = 3;

export const Py_GT: i32 = 4;

export const Py_GE: i32 = 5;

// The eval breaker's bits (pycore_ceval.h).
export const _PY_GIL_DROP_REQUEST_BIT: u32 = 1 << 0;

export const _PY_SIGNALS_PENDING_BIT: u32 = 1 << 1;

export const _PY_CALLS_TO_DO_BIT: u32 = 1 << 2;

export const _PY_ASYNC_EXCEPTION_BIT: u32 = 1 << 3;

export const _PY_GC_SCHEDULED_BIT: u32 = 1 << 4;

/** Ours: the host asks to stop (time limit, interrupt). */
export const _PY_HOST_REQUEST_BIT: u32 = 1 << 7;
