// The identifier of a thread: the address of its state, as CPython's is that of the system's descriptor.

import { tstate } from "../../thread/current";

export function currentThreadId(): u64 {
  return <u64>tstate;
}
