// The bits of a type's tp_flags, the rich comparison operators and the bits of the eval breaker (CPython 3.13's
// Include/object.h, pycore_ceval.h).

// tp_flags (Include/object.h).
export const Py_TPFLAGS_DISALLOW_INSTANTIATION: u64 = 1 << 7;

export const Py_TPFLAGS_IMMUTABLETYPE: u64 = 1 << 8;

export const Py_TPFLAGS_HEAPTYPE: u64 = 1 << 9;

export const Py_TPFLAGS_BASETYPE: u64 = 1 << 10;

export const Py_TPFLAGS_HAVE_VECTORCALL: u64 = 1 << 11;

export const Py_TPFLAGS_READY: u64 = 1 << 12;

export const Py_TPFLAGS_READYING: u64 = 1 << 13;

export const Py_TPFLAGS_HAVE_GC: u64 = 1 << 14;

export const Py_TPFLAGS_METHOD_DESCRIPTOR: u64 = 1 << 17;

export const Py_TPFLAGS_VALID_VERSION_TAG: u64 = 1 << 19;

export const Py_TPFLAGS_IS_ABSTRACT: u64 = 1 << 20;

export const _Py_TPFLAGS_MATCH_SELF: u64 = 1 << 22;

export const Py_TPFLAGS_ITEMS_AT_END: u64 = 1 << 23;

export const Py_TPFLAGS_LONG_SUBCLASS: u64 = 1 << 24;

export const Py_TPFLAGS_LIST_SUBCLASS: u64 = 1 << 25;

export const Py_TPFLAGS_TUPLE_SUBCLASS: u64 = 1 << 26;

export const Py_TPFLAGS_BYTES_SUBCLASS: u64 = 1 << 27;

export const Py_TPFLAGS_UNICODE_SUBCLASS: u64 = 1 << 28;

export const Py_TPFLAGS_DICT_SUBCLASS: u64 = 1 << 29;

export const Py_TPFLAGS_BASE_EXC_SUBCLASS: u64 = 1 << 30;

export const Py_TPFLAGS_TYPE_SUBCLASS: u64 = 1 << 31;

export const Py_TPFLAGS_INLINE_VALUES: u64 = 1 << 2;

export const Py_TPFLAGS_MANAGED_WEAKREF: u64 = 1 << 3;

export const Py_TPFLAGS_MANAGED_DICT: u64 = 1 << 4;

export const Py_TPFLAGS_SEQUENCE: u64 = 1 << 5;

export const Py_TPFLAGS_MAPPING: u64 = 1 << 6;

export const Py_TPFLAGS_DEFAULT: u64 = 0;

export const Py_TPFLAGS_STATIC_BUILTIN: u64 = 1 << 1;

/** A managed dict or weak reference list lives in two words before the gc head. */
export const Py_TPFLAGS_PREHEADER: u64 = (1 << 3) | (1 << 4);

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
