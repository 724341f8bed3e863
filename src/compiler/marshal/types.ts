/** The type bytes of marshal (`Python/marshal.c`), as far as constants and code objects need them. */
export const enum Type {
  NULL = 0x30, // 0
  NONE = 0x4e, // N
  FALSE = 0x46, // F
  TRUE = 0x54, // T
  ELLIPSIS = 0x2e, // .
  INT = 0x69, // i
  LONG = 0x6c, // l
  BINARY_FLOAT = 0x67, // g
  BINARY_COMPLEX = 0x79, // y
  STRING = 0x73, // s, which is bytes
  INTERNED = 0x74, // t
  REF = 0x72, // r
  TUPLE = 0x28, // (
  SMALL_TUPLE = 0x29, // )
  CODE = 0x63, // c
  UNICODE = 0x75, // u
  LIST = 0x5b, // [
  DICT = 0x7b, // {
  FROZENSET = 0x3e, // >
  ASCII = 0x61, // a
  ASCII_INTERNED = 0x41, // A
  SHORT_ASCII = 0x7a, // z
  SHORT_ASCII_INTERNED = 0x5a, // Z
}

/** Set on a type byte: the value gets the next reference number. */
export const FLAG_REF = 0x80;
