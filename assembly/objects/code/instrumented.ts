// Reading the instructions of code that is watched (the reading half of CPython 3.13's Python/instrumentation.c). What
// stands in an instruction's place when somebody wants to be told of it is written by assembly/vm/monitoring.
//
// INSTRUMENTED_LINE hides an opcode, which is in `lines`; that may be INSTRUMENTED_INSTRUCTION, which hides another, in
// `per_instruction_opcodes`; that may be the INSTRUMENTED_ form of an instruction.

import {
  _Py_CODEUNIT,
  _PyCoLineInstrumentationData,
  _PyCoMonitoringData,
  PyCodeObject,
  SIZEOF__PyCoLineInstrumentationData,
} from "../../generated/layouts";
import { INSTRUMENTED_INSTRUCTION, INSTRUMENTED_LINE, opCaches, opDeopt } from "../../generated/opcodes";
import { PyMem_Free } from "../../memory/pymem";
import { PyCode_Addr2Line } from "./code";

/** In the place of a line's delta: the instruction has no line. */
export const NO_LINE: i32 = -128;
/** It is to be looked up, and differs from the line before. */
export const COMPUTED_LINE_CHANGE: i32 = -127;
/** It is to be looked up. */
export const COMPUTED_LINE: i32 = -126;

/** The parts of watched code. */
export class Watched {
  /** The address of code unit i. */
  @inline static unit(code: usize, i: i32): usize {
    return PyCodeObject.at(code).co_code_adaptive + ((<usize>i) << 1);
  }

  /** What is kept for the line of code unit i. */
  @inline static line(code: usize, i: i32): _PyCoLineInstrumentationData {
    const lines = _PyCoMonitoringData.at(PyCodeObject.at(code)._co_monitoring).lines;
    return _PyCoLineInstrumentationData.at(lines + <usize>i * SIZEOF__PyCoLineInstrumentationData);
  }

  /** The address of the opcode that INSTRUMENTED_INSTRUCTION hides at code unit i. */
  @inline static hidden(code: usize, i: i32): usize {
    return _PyCoMonitoringData.at(PyCodeObject.at(code)._co_monitoring).per_instruction_opcodes + <usize>i;
  }
}

/** The opcode of the instruction at code unit i, in its generic form. */
export function _Py_GetBaseOpcode(code: usize, i: i32): i32 {
  let opcode: i32 = _Py_CODEUNIT.at(Watched.unit(code, i)).code;
  if (opcode == INSTRUMENTED_LINE) opcode = Watched.line(code, i).original_opcode;
  if (opcode == INSTRUMENTED_INSTRUCTION) opcode = load<u8>(Watched.hidden(code, i));
  return load<u8>(opDeopt + <usize>opcode);
}

/** The code units of the instruction at code unit i, its caches included. */
export function instructionLength(code: usize, i: i32): i32 {
  return 1 + load<u8>(opCaches + <usize>_Py_GetBaseOpcode(code, i));
}

/** The line of code unit i, whose delta is kept; -1 where it has none. */
export function watchedLine(code: usize, i: i32): i32 {
  const delta = <i32>(<i8>Watched.line(code, i).line_delta);
  if (delta == NO_LINE) return -1;
  if (delta > COMPUTED_LINE) return PyCodeObject.at(code).co_firstlineno + (i >> 4) + delta;
  return PyCode_Addr2Line(code, i << 1);
}

/** Frees what the code keeps for being watched. For the end of the code. */
export function freeMonitoring(code: usize): void {
  const block = PyCodeObject.at(code)._co_monitoring;
  if (block == 0) return;
  const data = _PyCoMonitoringData.at(block);
  PyMem_Free(data.tools);
  PyMem_Free(data.lines);
  PyMem_Free(data.line_tools);
  PyMem_Free(data.per_instruction_opcodes);
  PyMem_Free(data.per_instruction_tools);
  PyMem_Free(block);
}
