/**
 * The runtime's module instantiated over a memory, with the system calls that it makes: what a process runs on.
 *
 * Machines of processes that have ended serve those that come next. An engine reserves and gives back gigabytes of addresses
 * for each memory that it makes, has its collector find those that are not used any more, and pays for the first touch of
 * every page.
 *
 * Invariant: who gives a machine back is the last to have seen its memory. Before somebody else has it, all of that is cleared,
 * or written over, whatever its process may have written where; and besides the memory an instance has no state but who its
 * current thread is, which every start sets. So it is as one that was never used.
 */
import { machine as pages } from "../generated/constants.ts";
import { hostImports, type SystemCalls } from "../kernel/generated/dispatch.ts";
import type { RuntimeExports } from "./exports.ts";

/** Memories that are larger, in bytes, take longer to clear than new ones to make. */
const KEPT_BYTES = 20 << 20;

/** A part of a memory. */
type Run = readonly [address: number, length: number];

/** What a process does that has ended, or has not begun. */
const none: SystemCalls = new Proxy({} as SystemCalls, {
  get() {
    throw new Error("no process runs");
  },
});

export class Machine {
  readonly exports: RuntimeExports;
  /** What the system calls do, as long as a process runs on it. */
  private readonly host = { calls: none };
  private aborted: (where: number[]) => never = () => {
    throw new Error("no process runs");
  };
  /** Whether all of the memory is zeros. */
  private isClear = true;

  constructor(
    readonly module: WebAssembly.Module,
    readonly memory: WebAssembly.Memory,
  ) {
    const imports = {
      env: { memory, abort: (...where: number[]) => this.aborted(where) },
      host: hostImports(memory, this.host, (n) => this.exports.PyMem_RawMalloc(n)),
    };
    // A copy is an object that an engine knows the shape of; that of an instance is a table of names.
    this.exports = { ...(new WebAssembly.Instance(module, imports).exports as unknown as RuntimeExports) };
  }

  /** Has a process run on it. */
  serve(calls: SystemCalls, aborted: (where: number[]) => never): void {
    this.host.calls = calls;
    this.aborted = aborted;
    this.isClear = false;
  }

  /** Forgets whom it has served. */
  forget(): void {
    this.serve(none, () => {
      throw new Error("the process has ended");
    });
  }

  /** Clears the memory but for what somebody is about to write over. */
  clear(but: Iterable<Run> = []): void {
    if (this.isClear) return;
    const memory = new Uint8Array(this.memory.buffer);
    let at = 0;
    // Where the runs are in no order, more is cleared.
    for (const [address, length] of but) {
      if (address < at) continue;
      memory.fill(0, at, address);
      at = address + length;
    }
    memory.fill(0, at);
    this.isClear = true;
  }
}

/** The last that was given back. More would be memory of the host's that nobody may ever use. */
let kept: Machine | undefined;

/** A machine of `initial` WebAssembly pages or more, all zeros but for `written`, which is the taker's to write. */
export function takeMachine(module: WebAssembly.Module, initial: number, written: Iterable<Run>): Machine {
  const machine = kept;
  if (machine?.module !== module)
    return new Machine(module, new WebAssembly.Memory({ initial, maximum: pages.WASM_PAGES_MAX }));
  kept = undefined;
  machine.clear(written);
  const more = initial - machine.memory.buffer.byteLength / pages.WASM_PAGE_SIZE;
  if (more > 0) machine.memory.grow(more);
  return machine;
}

/** Gives a machine back, whose memory is not shared, and nobody looks at any more. */
export function giveMachine(machine: Machine): void {
  machine.forget();
  if (machine.memory.buffer.byteLength > KEPT_BYTES) return;
  kept = machine;
  // Where there is time before somebody takes it.
  const timer: unknown = setTimeout(() => {
    if (kept === machine) machine.clear();
  }, 0);
  (timer as { unref?(): void }).unref?.();
}
