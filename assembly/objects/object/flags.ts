// The bits of a type's tp_flags, the rich comparison operators and the bits of the eval breaker (CPython 3.13's
// Include/object.h, pycore_ceval.h).

// tp_flags (Include/object.h), by bit.

/** A static type of the runtime. */
export const Py_TPFLAGS_STATIC_BUILTIN: u64 = 1 << 1;
/** Attribute values follow the instance. */
export const Py_TPFLAGS_INLINE_VALUES: u64 = 1 << 2;
/** The list of weak references lies before the gc head. */
export const Py_TPFLAGS_MANAGED_WEAKREF: u64 = 1 << 3;
/** The dict lies before the gc head. */
export const Py_TPFLAGS_MANAGED_DICT: u64 = 1 << 4;
/** Matches sequence patterns. */
export const Py_TPFLAGS_SEQUENCE: u64 = 1 << 5;
/** Matches mapping patterns. */
export const Py_TPFLAGS_MAPPING: u64 = 1 << 6;
/** Calls of the type make nothing. */
export const Py_TPFLAGS_DISALLOW_INSTANTIATION: u64 = 1 << 7;
/** Attributes of the type cannot be set. */
export const Py_TPFLAGS_IMMUTABLETYPE: u64 = 1 << 8;
/** The type is allocated: instances keep it alive. */
export const Py_TPFLAGS_HEAPTYPE: u64 = 1 << 9;
/** Classes may derive from it. */
export const Py_TPFLAGS_BASETYPE: u64 = 1 << 10;
/** Instances have a function for vectorcalls, at tp_vectorcall_offset. */
export const Py_TPFLAGS_HAVE_VECTORCALL: u64 = 1 << 11;
/** PyType_Ready is done. */
export const Py_TPFLAGS_READY: u64 = 1 << 12;
/** PyType_Ready is at it. */
export const Py_TPFLAGS_READYING: u64 = 1 << 13;
/** Instances have a gc head. */
export const Py_TPFLAGS_HAVE_GC: u64 = 1 << 14;
/** Instances are unbound methods: a call may pass the object instead of binding. */
export const Py_TPFLAGS_METHOD_DESCRIPTOR: u64 = 1 << 17;
/** tp_version_tag counts. */
export const Py_TPFLAGS_VALID_VERSION_TAG: u64 = 1 << 19;
/** Some method is abstract. */
export const Py_TPFLAGS_IS_ABSTRACT: u64 = 1 << 20;
/** A class pattern with one positional part matches the object itself. */
export const _Py_TPFLAGS_MATCH_SELF: u64 = 1 << 22;
/** Items follow the whole instance, a subclass's fields included. */
export const Py_TPFLAGS_ITEMS_AT_END: u64 = 1 << 23;
// Instances are of the built-in type or derive from it: what Py.check asks.
export const Py_TPFLAGS_LONG_SUBCLASS: u64 = 1 << 24;
export const Py_TPFLAGS_LIST_SUBCLASS: u64 = 1 << 25;
export const Py_TPFLAGS_TUPLE_SUBCLASS: u64 = 1 << 26;
export const Py_TPFLAGS_BYTES_SUBCLASS: u64 = 1 << 27;
export const Py_TPFLAGS_UNICODE_SUBCLASS: u64 = 1 << 28;
export const Py_TPFLAGS_DICT_SUBCLASS: u64 = 1 << 29;
export const Py_TPFLAGS_BASE_EXC_SUBCLASS: u64 = 1 << 30;
export const Py_TPFLAGS_TYPE_SUBCLASS: u64 = 1 << 31;

export const Py_TPFLAGS_DEFAULT: u64 = 0;

/** A managed dict or weak reference list lives in two words before the gc head. */
export const Py_TPFLAGS_PREHEADER: u64 = Py_TPFLAGS_MANAGED_WEAKREF | Py_TPFLAGS_MANAGED_DICT;

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
