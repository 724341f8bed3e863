// The marshal format's type bytes (CPython 3.13's Python/marshal.c).

/** Says in a type byte that the object gets a number, by which it is referred to later. */
export const FLAG_REF: i32 = 0x80;
/** How many objects within objects are read or written. */
export const MAX_DEPTH: i32 = 2000;

export const enum Type {
  null_ = 0x30, // 0
  none = 0x4e, // N
  false_ = 0x46, // F
  true_ = 0x54, // T
  stopIteration = 0x53, // S
  ellipsis = 0x2e, // .
  int = 0x69, // i
  int64 = 0x49, // I
  float_ = 0x66, // f
  binaryFloat = 0x67, // g
  complex = 0x78, // x
  binaryComplex = 0x79, // y
  long = 0x6c, // l
  string = 0x73, // s
  interned = 0x74, // t
  ref = 0x72, // r
  tuple = 0x28, // (
  list = 0x5b, // [
  dict = 0x7b, // {
  code = 0x63, // c
  unicode = 0x75, // u
  set = 0x3c, // <
  frozenset = 0x3e, // >
  ascii = 0x61, // a
  asciiInterned = 0x41, // A
  smallTuple = 0x29, // )
  shortAscii = 0x7a, // z
  shortAsciiInterned = 0x5a, // Z
}
