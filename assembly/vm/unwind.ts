// Finding the handler of an exception (the exception_unwind part of CPython 3.13's Python/ceval.c).
//
// The exception table is a row of entries, each four variable-length numbers: start, length, target (all in code
// units), and depth * 2 + lasti. A number is 6 bits a byte, big-endian, 0x40 says that more follow, 0x80 begins an entry.

import { _PyInterpreterFrame, PyBytesObject, PyCodeObject } from "../generated/layouts";
import { vmRoots } from "../generated/runtime";
import { _PyFrame_IsIncomplete } from "../objects/code/frameaccess";
import { PyErr_GetRaisedException } from "../objects/errors/raise";
import { Long } from "../objects/numbers/int/access";
import { PyLong_FromLong } from "../objects/numbers/int/create";
import { Py } from "../objects/object/head";
import { PyTraceBack_Here } from "../objects/traceback/traceback";
import { Frame } from "./frame";
import { Told } from "./monitoring/events";

/** In the place of an instruction's index for which there was no memory. */
export const NO_LASTI: i32 = -1;

/**
 * Looks for a handler of the exception that is set in the frame, at the instruction `at`. Found: unwinds the value
 * stack to the handler's depth, pushes the exception, sets instr_ptr to the handler, and returns the new sp. Otherwise
 * drops what is on the value stack and returns 0. `fresh`: the exception gets a traceback entry for this frame.
 */
export function handleException(frame: usize, sp: usize, at: usize, fresh: bool): usize {
  const f = _PyInterpreterFrame.at(frame);
  const co = PyCodeObject.at(f.f_executable);
  const start = co.co_code_adaptive;
  if (fresh && !_PyFrame_IsIncomplete(frame)) PyTraceBack_Here(frame);
  if (fresh) Told.raise(frame, at);
  const instr = <i32>((at - start) >> 1);
  const base = Frame.local(frame, co.co_nlocalsplus);
  let p: usize = PyBytesObject.at(co.co_exceptiontable).ob_sval;
  // A program that is being ended handles nothing.
  const end = vmRoots.stopping != 0 ? p : p + <usize>Py.SIZE(co.co_exceptiontable);
  while (p < end) {
    // start
    let b: i32 = load<u8>(p++);
    let from = b & 63;
    while (b & 64) {
      b = load<u8>(p++);
      from = (from << 6) | (b & 63);
    }
    if (from > instr) break;
    b = load<u8>(p++);
    let length = b & 63;
    while (b & 64) {
      b = load<u8>(p++);
      length = (length << 6) | (b & 63);
    }
    b = load<u8>(p++);
    let target = b & 63;
    while (b & 64) {
      b = load<u8>(p++);
      target = (target << 6) | (b & 63);
    }
    b = load<u8>(p++);
    let depthAndLasti = b & 63;
    while (b & 64) {
      b = load<u8>(p++);
      depthAndLasti = (depthAndLasti << 6) | (b & 63);
    }
    if (instr >= from + length) continue;
    const keep = base + ((<usize>(depthAndLasti >> 1)) << 3);
    while (sp > keep) {
      sp -= 8;
      Py.XDECREF(load<u32>(sp));
    }
    if (depthAndLasti & 1) {
      let lasti = PyLong_FromLong(<i32>((f.instr_ptr - start) >> 1));
      // MemoryError takes the exception's place. To look for its handler would fail here again, and for ever.
      if (lasti == 0) lasti = Long.small(NO_LASTI);
      store<u64>(sp, lasti);
      sp += 8;
    }
    const exc = PyErr_GetRaisedException();
    store<u64>(sp, exc);
    sp += 8;
    const handler = start + ((<usize>target) << 1);
    Frame.save(frame, sp);
    if (Told.handled(frame, handler, exc) < 0) return handleException(frame, sp, handler - 2, false);
    f.instr_ptr = handler;
    return sp;
  }
  while (sp > base) {
    sp -= 8;
    Py.XDECREF(load<u32>(sp));
  }
  f.stacktop = co.co_nlocalsplus;
  Told.unwind(frame, at);
  return 0;
}
