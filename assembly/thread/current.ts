// The current thread state: the one mutable global of the module, because it must differ between the instances that
// run over one memory. Everything that it points to is in the heap (CPython's Include/cpython/pystate.h).

/** Address of the running thread's PyThreadState. */
export let tstate: usize = 0;

/** Makes `ts` the current thread state of this instance. */
export function setThreadState(ts: usize): void {
  tstate = ts;
}
