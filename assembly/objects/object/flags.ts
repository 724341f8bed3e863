// The rich comparison operators (CPython 3.13's Include/object.h).

// Rich comparison operators.
export const Py_LT: i32 = 0;
export const Py_LE: i32 = 1;
export const Py_EQ: i32 = 2;
export const Py_NE: i32 = 3;
export const Py_GT: i32 = 4;
export const Py_GE: i32 = 5;
