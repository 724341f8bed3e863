/**
 * The worker of a thread of an interpreter that was started with Interpreter.start(): it runs one thread after the other, and
 * never comes back to its loop of events.
 */
import { serveThreads } from "../process/places.ts";
import { Core } from "./core.ts";
import { theHost } from "./host.ts";
import type { PythonObject } from "./object.ts";
import { checkOptions } from "./options.ts";
import { type FromWorker, type FunctionMark, Receiver } from "./protocol.ts";
import { Side } from "./side.ts";
import { Threads, type ThreadStart } from "./threads.ts";

class ServedThread extends Side {
  constructor(
    post: (message: FromWorker) => void,
    private readonly start: ThreadStart,
  ) {
    super(post);
    const { options, common, place, channel } = start;
    const receiver = new Receiver(channel);
    this.receiver = receiver;
    const startWorker = (thread: number) => post({ thread });
    const threads = new Threads(common, place + 1, theHost().clock, options.clock === true, startWorker);
    threads.memory = common.memory;
    const emit = (output: 1 | 2) => (text: string) => {
      receiver.throttle(text.length);
      post({ output, text, bytes: text.length, number: threads.say() });
    };
    this.core = new Core({
      ...checkOptions({ ...options, stdout: emit(1), stderr: emit(2) }),
      mark: (number): FunctionMark => ({ function: number }),
      find: (number) => this.stub(number),
      sharing: threads,
      joins: true,
    });
    this.core.onDrop = (number) => post({ dropped: number });
  }

  protected keep(object: PythonObject): void {
    this.core.giveAway(object);
  }

  run(): never {
    const { common, place } = this.start;
    return serveThreads(new Int32Array(common.places), place, (thread) => this.core.runThread(thread, common.levels));
  }
}

/** Runs the threads that a place is given, for ever. What goes wrong is told, and ends the interpreter. */
export function serveThread(post: (message: FromWorker) => void, start: ThreadStart): void {
  try {
    new ServedThread(post, start).run();
  } catch (error) {
    post({ failed: error instanceof Error ? error.message : String(error) });
  }
}
