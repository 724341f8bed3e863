// The module: everything that the host may call.

export { configure } from "./api/config";
export { attach, endProgram, finalize, initialize, openStreams, resume } from "./api/lifecycle";
export {
  connectErrors,
  flushStreams,
  prepareMain,
  release,
  reportArenas,
  reprOf,
  retain,
  runMain,
  runSource,
  startTracing,
  takeException,
} from "./api/run";
export { main, preloadSite } from "./api/main";
export {
  awaitObject,
  buildValue,
  callObject,
  callWords,
  getAttribute,
  getItem,
  hasFailed,
  iterate,
  mainDict,
  newConstant,
  newNumber,
  newText,
  nextItem,
  raiseError,
  setAttribute,
  setItem,
  sizeOf,
} from "./api/values";
export { enterLevels, leaveLevels, probesLeft } from "./api/stack";
export { probeStack } from "./generated/stackprobe";
export { PyMarshal_ReadObjectFromString } from "./marshal/read";
export { checkHeap } from "./memory/check";
export { setSerialStop } from "./memory/debughooks";
export { allocationsToFailure, setAllocationFailure, setAllocationFailureMode } from "./memory/failure";
export { runThread } from "./modules/_thread/bootstrap";
export { endHeapLog, startHeapLog } from "./memory/heaplog";
export { dropGil, retakeGil, startGilLog } from "./thread/gil";
export { PyMem_RawFree, PyMem_RawMalloc } from "./memory/pymem";
export { getallocatedblocks } from "./memory/statistics";
export { reportFault } from "./modules/faulthandler";
export { checkMalloc, checkPages } from "./os/check";
export { setMemoryLimit } from "./os/machine";
