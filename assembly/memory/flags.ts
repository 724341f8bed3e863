// What the allocator does beyond handing out blocks: one word, `memoryRoots.flags`, checked once at the start of each
// request. 0 means plain pymalloc, and the request takes the fast path.

/** The mem and object domains go to libc (PYTHONMALLOC=malloc and malloc_debug). */
export const USE_LIBC: u32 = 1;
/** Every domain has CPython's debug hooks (PYTHONMALLOC=debug, pymalloc_debug, malloc_debug). */
export const DEBUG_HOOKS: u32 = 2;
/** The debug hooks write a serial number behind each block. */
export const SERIAL_NUMBERS: u32 = 4;
/** A request is going to fail (failure.ts). */
export const HOOK_FAILURE: u32 = 8;
/** Allocations are traced. */
export const HOOK_TRACE: u32 = 16;

/** The domains, each named by the letter that CPython's debug hooks write into their blocks. */
export const DOMAIN_RAW: u32 = 0x72;
export const DOMAIN_MEM: u32 = 0x6d;
export const DOMAIN_OBJ: u32 = 0x6f;
