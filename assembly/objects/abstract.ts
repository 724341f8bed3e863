// The protocols that any object may follow, under one name (CPython 3.13's Include/abstract.h).

export * from "./abstract/iterator";
export * from "./abstract/number";
export * from "./abstract/object";
export * from "./abstract/sequence";
export { PyObject_GenericGetAttr, PyObject_GenericSetAttr } from "./attributes";
export { _PyObject_GetState } from "./type/base";
