/**
 * The threads of a process of ours, as their states in its memory have them, and the words of the lock of the interpreter.
 */
import { roots, structs } from "../generated/memory.ts";
import { textOf } from "./objects/describe.ts";
import { frameChunks, threadStates } from "./roots/vitrine.ts";
import type { Survey } from "./survey.ts";
import { WAITS } from "./waits.ts";

const FRAMES_MAX = 100_000;
const NAME_MAX = 200;

export interface Thread {
  /** The main thread's is 1. */
  number: number;
  /** Of its state. */
  address: number;
  /** Whether it has the lock of the interpreter. */
  holds: boolean;
  /** What it does, in words. */
  does: string;
  /** What the lock, or the handle of a thread, is that it waits for: a type and an address; undefined where it waits for neither. */
  waitsFor: { type: string; address: number } | undefined;
  /** Its frames, the innermost first: functions, and the files that they come from. */
  frames: { name: string; file: string }[];
  /** Bytes in which its frames lie, and its scratch memory. */
  frameBytes: number;
  scratchBytes: number;
}

export interface Threads {
  threads: Thread[];
  /** The lock of the interpreter: whether a thread has it, how many want it, and how often it went from one to another. */
  lock: { held: boolean; wanted: number; switches: number };
}

/** The threads of a process of ours. */
export function readThreads(survey: Survey): Threads {
  const { memory } = survey;
  const { gil } = roots;
  const held = memory.root(gil.locked) !== 0;
  const holder = held ? memory.root(gil.last_holder) : 0;
  return {
    threads: threadStates(memory).map((address) => readThread(survey, address, address === holder)),
    lock: { held, wanted: memory.root(gil.waiters), switches: memory.root(gil.switch_number) },
  };
}

function readThread(survey: Survey, address: number, holds: boolean): Thread {
  const { memory, blocks } = survey;
  const T = structs.PyThreadState;
  const queue = memory.get(address, T.waits_on);
  const node = queue === 0 ? -1 : blocks.around(queue);
  const chunks = frameChunks(memory, address);
  return {
    number: memory.get(address, T.id),
    address,
    holds,
    does: holds ? "has the lock of the interpreter" : (WAITS[memory.get(address, T.waiting)] ?? "unknown"),
    waitsFor: node < 0 ? undefined : { type: blocks.type(node)?.name ?? "unknown", address: blocks.object(node) },
    frames: readFrames(survey, memory.get(address, T.current_frame)),
    frameBytes: chunks.reduce((sum, chunk) => sum + memory.get(chunk, structs._PyStackChunk.size), 0),
    scratchBytes: memory.get(address, T.scratch_limit) - memory.get(address, T.scratch_base),
  };
}

/** The frames of Python functions from one on. */
function readFrames({ memory, walk, types, layout }: Survey, innermost: number): Thread["frames"] {
  const found: Thread["frames"] = [];
  const seen = new Set<number>();
  for (let frame = innermost; frame !== 0 && memory.has(frame) && !seen.has(frame); frame = walk.previous(frame)) {
    seen.add(frame);
    if (seen.size > FRAMES_MAX) break;
    const code = walk.codeOf(frame);
    if (types.of(code)?.core !== "code") continue;
    const text = (field: string) => textOf(memory, types, memory.u64(code + layout.at(field)), NAME_MAX);
    found.push({ name: text("PyCodeObject.co_qualname"), file: text("PyCodeObject.co_filename") });
  }
  return found;
}
