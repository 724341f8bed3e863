// The instructions of compiled regular expressions, as the standard library's re/_constants.py numbers them for MAGIC
// (CPython 3.13's Modules/_sre/sre_constants.h). Code is an array of 32-bit words; operands follow their instruction.

export const SRE_MAGIC: i32 = 20230612;
export const SRE_MAXREPEAT: u32 = 0xffffffff;
export const SRE_MAXGROUPS: i32 = 0x3fffffff;

export const FAILURE: u32 = 0;
export const SUCCESS: u32 = 1;
export const ANY: u32 = 2;
export const ANY_ALL: u32 = 3;
export const ASSERT: u32 = 4;
export const ASSERT_NOT: u32 = 5;
export const AT: u32 = 6;
export const BRANCH: u32 = 7;
export const CATEGORY: u32 = 8;
export const CHARSET: u32 = 9;
export const BIGCHARSET: u32 = 10;
export const GROUPREF: u32 = 11;
export const GROUPREF_EXISTS: u32 = 12;
export const IN: u32 = 13;
export const INFO: u32 = 14;
export const JUMP: u32 = 15;
export const LITERAL: u32 = 16;
export const MARK: u32 = 17;
export const MAX_UNTIL: u32 = 18;
export const MIN_UNTIL: u32 = 19;
export const NOT_LITERAL: u32 = 20;
export const NEGATE: u32 = 21;
export const RANGE: u32 = 22;
export const REPEAT: u32 = 23;
export const REPEAT_ONE: u32 = 24;
export const MIN_REPEAT_ONE: u32 = 26;
export const ATOMIC_GROUP: u32 = 27;
export const POSSESSIVE_REPEAT: u32 = 28;
export const POSSESSIVE_REPEAT_ONE: u32 = 29;
export const GROUPREF_IGNORE: u32 = 30;
export const IN_IGNORE: u32 = 31;
export const LITERAL_IGNORE: u32 = 32;
export const NOT_LITERAL_IGNORE: u32 = 33;
export const GROUPREF_LOC_IGNORE: u32 = 34;
export const IN_LOC_IGNORE: u32 = 35;
export const LITERAL_LOC_IGNORE: u32 = 36;
export const NOT_LITERAL_LOC_IGNORE: u32 = 37;
export const GROUPREF_UNI_IGNORE: u32 = 38;
export const IN_UNI_IGNORE: u32 = 39;
export const LITERAL_UNI_IGNORE: u32 = 40;
export const NOT_LITERAL_UNI_IGNORE: u32 = 41;
export const RANGE_UNI_IGNORE: u32 = 42;

export const AT_BEGINNING: u32 = 0;
export const AT_BEGINNING_LINE: u32 = 1;
export const AT_BEGINNING_STRING: u32 = 2;
export const AT_BOUNDARY: u32 = 3;
export const AT_NON_BOUNDARY: u32 = 4;
export const AT_END: u32 = 5;
export const AT_END_LINE: u32 = 6;
export const AT_END_STRING: u32 = 7;
export const AT_LOC_BOUNDARY: u32 = 8;
export const AT_LOC_NON_BOUNDARY: u32 = 9;
export const AT_UNI_BOUNDARY: u32 = 10;
export const AT_UNI_NON_BOUNDARY: u32 = 11;
export const AT_LAST: u32 = 11;

// The odd ones are the opposites of those before them.
export const CATEGORY_DIGIT: u32 = 0;
export const CATEGORY_SPACE: u32 = 2;
export const CATEGORY_WORD: u32 = 4;
export const CATEGORY_LINEBREAK: u32 = 6;
export const CATEGORY_LOC_WORD: u32 = 8;
export const CATEGORY_UNI_DIGIT: u32 = 10;
export const CATEGORY_UNI_SPACE: u32 = 12;
export const CATEGORY_UNI_WORD: u32 = 14;
export const CATEGORY_UNI_LINEBREAK: u32 = 16;
export const CATEGORY_LAST: u32 = 17;

export const INFO_PREFIX: u32 = 1;
export const INFO_LITERAL: u32 = 2;
export const INFO_CHARSET: u32 = 4;

export const FLAG_LOCALE: i32 = 4;
export const FLAG_UNICODE: i32 = 32;
export const FLAG_DEBUG: i32 = 128;
export const FLAG_ASCII: i32 = 256;

// What a match can come to that is neither success (1) nor failure (0).
export const ERROR_ILLEGAL: i32 = -1;
export const ERROR_STATE: i32 = -2;
export const ERROR_MEMORY: i32 = -9;
/** An exception has been set. */
export const ERROR_INTERRUPTED: i32 = -10;

/** How code is read. */
export class Code {
  /** Word `i` of the code at `code`. */
  @inline static word(code: usize, i: usize): u32 {
    return load<u32>(code + (i << 2));
  }
}
