// The rich comparison operators and the bits of the eval breaker (CPython 3.13's Include/object.h, pycore_ceval.h).

// Rich comparison operators.
export const Py_LT: i32 = 0;
export const Py_LE: i32 = 1;
export const Py_EQ: i32 = 2;
export const Py_NE: i32 = 3;
export const Py_GT: i32 = 4;
export const Py_GE: i32 = 5;

export const _PY_ASYNC_EXCEPTION_BIT: u32 = 1 << 3;
export const _PY_GC_SCHEDULED_BIT: u32 = 1 << 4;

/** Ours: the host asks to stop (time limit, interrupt). */
export const _PY_HOST_REQUEST_BIT: u32 = 1 << 7;
