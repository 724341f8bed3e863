// What pickles are made of: a byte for each instruction of the machine that reads them, and the limits of the format
// (CPython 3.13's Modules/_pickle.c).

export const HIGHEST_PROTOCOL: i32 = 5;
export const DEFAULT_PROTOCOL: i32 = 4;
/** Items that go into a container at once. */
export const BATCHSIZE: i32 = 1000;
/** Containers in one another, without a memo, until it is asked whether one contains itself. */
export const FAST_NESTING_LIMIT: i32 = 50;
/** Bytes of the buffer of a pickler that is new. */
export const WRITE_BUF_SIZE: isize = 4096;
/** Bytes that are peeked at, at least. */
export const PREFETCH: isize = 131072;
/** Fewer bytes are not put in a frame; a frame that has more is ended. */
export const FRAME_SIZE_MIN: isize = 4;
export const FRAME_SIZE_TARGET: isize = 65536;
export const FRAME_HEADER_SIZE: isize = 9;

export const MARK: u8 = 0x28;
export const STOP: u8 = 0x2e;
export const POP: u8 = 0x30;
export const POP_MARK: u8 = 0x31;
export const DUP: u8 = 0x32;
export const FLOAT: u8 = 0x46;
export const INT: u8 = 0x49;
export const BININT: u8 = 0x4a;
export const BININT1: u8 = 0x4b;
export const LONG: u8 = 0x4c;
export const BININT2: u8 = 0x4d;
export const NONE: u8 = 0x4e;
export const PERSID: u8 = 0x50;
export const BINPERSID: u8 = 0x51;
export const REDUCE: u8 = 0x52;
export const STRING: u8 = 0x53;
export const BINSTRING: u8 = 0x54;
export const SHORT_BINSTRING: u8 = 0x55;
export const UNICODE: u8 = 0x56;
export const BINUNICODE: u8 = 0x58;
export const APPEND: u8 = 0x61;
export const BUILD: u8 = 0x62;
export const GLOBAL: u8 = 0x63;
export const DICT: u8 = 0x64;
export const EMPTY_DICT: u8 = 0x7d;
export const APPENDS: u8 = 0x65;
export const GET: u8 = 0x67;
export const BINGET: u8 = 0x68;
export const INST: u8 = 0x69;
export const LONG_BINGET: u8 = 0x6a;
export const LIST: u8 = 0x6c;
export const EMPTY_LIST: u8 = 0x5d;
export const OBJ: u8 = 0x6f;
export const PUT: u8 = 0x70;
export const BINPUT: u8 = 0x71;
export const LONG_BINPUT: u8 = 0x72;
export const SETITEM: u8 = 0x73;
export const TUPLE: u8 = 0x74;
export const EMPTY_TUPLE: u8 = 0x29;
export const SETITEMS: u8 = 0x75;
export const BINFLOAT: u8 = 0x47;

// Protocol 2
export const PROTO: u8 = 0x80;
export const NEWOBJ: u8 = 0x81;
export const EXT1: u8 = 0x82;
export const EXT2: u8 = 0x83;
export const EXT4: u8 = 0x84;
export const TUPLE1: u8 = 0x85;
export const TUPLE2: u8 = 0x86;
export const TUPLE3: u8 = 0x87;
export const NEWTRUE: u8 = 0x88;
export const NEWFALSE: u8 = 0x89;
export const LONG1: u8 = 0x8a;
export const LONG4: u8 = 0x8b;

// Protocol 3
export const BINBYTES: u8 = 0x42;
export const SHORT_BINBYTES: u8 = 0x43;

// Protocol 4
export const SHORT_BINUNICODE: u8 = 0x8c;
export const BINUNICODE8: u8 = 0x8d;
export const BINBYTES8: u8 = 0x8e;
export const EMPTY_SET: u8 = 0x8f;
export const ADDITEMS: u8 = 0x90;
export const FROZENSET: u8 = 0x91;
export const NEWOBJ_EX: u8 = 0x92;
export const STACK_GLOBAL: u8 = 0x93;
export const MEMOIZE: u8 = 0x94;
export const FRAME: u8 = 0x95;

// Protocol 5
export const BYTEARRAY8: u8 = 0x96;
export const NEXT_BUFFER: u8 = 0x97;
export const READONLY_BUFFER: u8 = 0x98;
