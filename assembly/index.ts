export { initialize, finalize, attach } from "./api/lifecycle";
export { PyMarshal_ReadObjectFromString } from "./marshal/read";
export { PyEval_EvalCode } from "./vm/entry";
