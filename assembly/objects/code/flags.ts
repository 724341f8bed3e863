// The flags of code objects and of their local variables (CPython 3.13's Include/cpython/code.h and pycore_code.h).

export const CO_OPTIMIZED: i32 = 0x0001;
export const CO_NEWLOCALS: i32 = 0x0002;
export const CO_VARARGS: i32 = 0x0004;
export const CO_VARKEYWORDS: i32 = 0x0008;
export const CO_NESTED: i32 = 0x0010;
export const CO_GENERATOR: i32 = 0x0020;
export const CO_COROUTINE: i32 = 0x0080;
export const CO_ITERABLE_COROUTINE: i32 = 0x0100;
export const CO_ASYNC_GENERATOR: i32 = 0x0200;

// co_localspluskinds, a byte a local.
export const CO_FAST_HIDDEN: u8 = 0x10;
export const CO_FAST_LOCAL: u8 = 0x20;
export const CO_FAST_CELL: u8 = 0x40;
export const CO_FAST_FREE: u8 = 0x80;
