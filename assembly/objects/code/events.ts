// The events that a tool can be told of, and the tools (CPython 3.13's Include/cpython/monitoring.h and
// pycore_instruments.h).

export const PY_START: i32 = 0;
export const PY_RESUME: i32 = 1;
export const PY_RETURN: i32 = 2;
export const PY_YIELD: i32 = 3;
export const CALL: i32 = 4;
export const LINE: i32 = 5;
export const INSTRUCTION: i32 = 6;
export const JUMP: i32 = 7;
export const BRANCH: i32 = 8;
export const STOP_ITERATION: i32 = 9;
/** The events before come from instructions, and a tool can want them of one code object alone. */
export const LOCAL_EVENTS: i32 = 10;
export const RAISE: i32 = 10;
export const EXCEPTION_HANDLED: i32 = 11;
export const PY_UNWIND: i32 = 12;
export const PY_THROW: i32 = 13;
export const RERAISE: i32 = 14;
/** The two events that follow come with CALL. */
export const UNGROUPED_EVENTS: i32 = 15;
export const C_RETURN: i32 = 15;
export const C_RAISE: i32 = 16;
export const EVENTS: i32 = 17;

/** The tools of sys.setprofile() and sys.settrace(). */
export const SYS_PROFILE_ID: i32 = 6;
export const SYS_TRACE_ID: i32 = 7;
