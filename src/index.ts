/**
 * Vitrine from TypeScript: an interpreter with a heap of its own, whose memory is limited, whose services are granted
 * one by one, and whose heap can be looked at.
 *
 *     const python = new Interpreter({ memoryLimit: 64 << 20 });
 *     python.run("squares = [n * n for n in range(10)]");
 *     python.evaluate("sum(squares)");            // 285
 *     python.survey().totals;                     // what is in the heap, by type
 *     python.dispose();
 */
import { memorySource, type Survey, saveImage, survey } from "./inspect/index.ts";
import type { Clock, Files } from "./kernel/services.ts";
import { nodeClock, nodeEntropy, nodeProcess } from "./platform/node.ts";
import { nodeFiles } from "./platform/nodefiles.ts";
import { chooseAllocator, type Geometry } from "./process/allocator.ts";
import { hashSeed } from "./process/hashseed.ts";
import { compileService, loadLibrary, loadModule, tokenizeService } from "./process/load.ts";
import { Process } from "./process/process.ts";
import { StackError } from "./process/stack.ts";
import { type PythonValue, readValue, releaseAll } from "./process/values.ts";
import { heapReport } from "./view/index.ts";

export type { Survey } from "./inspect/index.ts";
export type {
  Clock,
  DirectoryEntry,
  FileStatus,
  FileSystemStatus,
  Files,
  LocalZone,
  OpenFile,
} from "./kernel/services.ts";
export type { Geometry } from "./process/allocator.ts";
export { PythonObject, type PythonValue } from "./process/values.ts";

export interface InterpreterOptions {
  /**
   * Bytes that the program may have mapped at once; beyond them it gets MemoryError. Default: no limit. Compiling a source
   * may take as much of the host's memory besides, but at least 32 MiB and at most 1 GiB.
   */
  memoryLimit?: number;
  /** Default: classic. */
  geometry?: Geometry;
  /** Receives what the program prints; without it, `output` collects it. */
  stdout?: (text: string) => void;
  stderr?: (text: string) => void;
  /** Standard input. Default: empty. */
  stdin?: string | Uint8Array;
  /** true: the files of the machine; or files of your own. Default: none, open() fails. */
  files?: boolean | Files;
  /** true: the machine's clock; or one of your own. Default: none. */
  clock?: boolean | Clock;
  /** Whether the program gets random bytes. Default: no. */
  entropy?: boolean;
  /** Whether the program learns which process of the machine it is, and may send signals. Default: it is alone. */
  process?: boolean;
  /** What os.environ is at first. Default: empty. */
  environment?: Record<string, string>;
  /** A number fixes the hashes of strings, as PYTHONHASHSEED. Default: random. */
  hashSeed?: number;
  /** How many levels native code may recurse at most. Default: what is left of the calling thread's stack, measured. */
  nativeDepth?: number;
  /** The runtime with assertions, and with debug hooks on every block. */
  debug?: boolean;
}

/** An exception that the program did not catch. */
export class PythonError extends Error {
  override name = "PythonError";
  constructor(
    /** The exception's class: "ZeroDivisionError", "json.decoder.JSONDecodeError". */
    readonly type: string,
    /** str() of it. */
    override readonly message: string,
    /** What python3 would print. */
    readonly traceback: string,
  ) {
    super(message);
  }
}

/** Decodes text that arrives in pieces. */
class TextSink {
  private readonly decoder = new TextDecoder();
  constructor(private readonly emit: (text: string) => void) {}

  write(bytes: Uint8Array): number {
    // A copy: decoders refuse shared memory.
    const text = this.decoder.decode(bytes.slice(), { stream: true });
    if (text !== "") this.emit(text);
    return bytes.length;
  }
}

const encode = (text: string) => new TextEncoder().encode(text);

export class Interpreter {
  private readonly process: Process;
  private input: Uint8Array;
  private collected = "";
  private disposed = false;

  constructor(options: InterpreterOptions = {}) {
    const collect = (text: string) => {
      this.collected += text;
    };
    const out = new TextSink(options.stdout ?? collect);
    const err = new TextSink(options.stderr ?? collect);
    const { stdin = "", files, clock } = options;
    this.input = typeof stdin === "string" ? new TextEncoder().encode(stdin) : stdin;
    this.process = new Process(loadModule({ debug: options.debug }), {
      allocator: chooseAllocator(options.debug ? { PYTHONMALLOC: "debug" } : {}, options.geometry),
      memoryLimit: options.memoryLimit ?? 0,
      hashSeed: hashSeed(options.hashSeed?.toString(), nodeEntropy),
      // Where no files are granted, no current folder can be searched for modules.
      config: { path: files ? [""] : [] },
      ...(options.nativeDepth === undefined ? {} : { nativeDepth: options.nativeDepth }),
      services: {
        streams: {
          input: (into) => this.read(into),
          output: (fd, bytes) => (fd === 1 ? out : err).write(bytes),
        },
        files: files === true ? nodeFiles : files || undefined,
        clock: clock === true ? nodeClock : clock || undefined,
        entropy: options.entropy ? nodeEntropy : undefined,
        process: options.process ? nodeProcess : undefined,
        environment: Object.entries(options.environment ?? {}).map(([name, value]) => encode(`${name}=${value}`)),
        compile: compileService,
        tokenize: tokenizeService,
        library: loadLibrary(),
      },
    });
  }

  /** What the program printed where no callback took it. */
  get output(): string {
    return this.collected;
  }

  /** The memory of the process. */
  get memory(): WebAssembly.Memory {
    return this.process.memory;
  }

  /** Runs statements in __main__. Throws PythonError. */
  run(source: string, filename = "<string>"): void {
    this.process.runtime.release(this.execute(source, filename, "exec"));
  }

  /** Evaluates an expression in __main__. Throws PythonError. */
  evaluate(source: string, filename = "<string>"): PythonValue {
    const object = this.execute(source, filename, "eval");
    try {
      return readValue(this.process, object);
    } finally {
      this.process.runtime.release(object);
    }
  }

  /** What is in the heap: pages, arenas, pools, blocks, objects. */
  survey(): Survey {
    this.alive();
    return survey(memorySource(this.process.memory.buffer));
  }

  /** The survey as text with a map, as `vitrine --heap` prints it. */
  report(options: { color?: boolean; rows?: number } = {}): string {
    this.alive();
    return heapReport(this.process.memory.buffer, [], options);
  }

  /** The memory as an image that `vitrine heap` reads. */
  image(): Uint8Array {
    this.alive();
    return saveImage(this.process.memory.buffer, ["<interpreter>"]);
  }

  /** Ends the process: finalizers run, everything is freed. How many blocks were left over, which should be none. */
  dispose(): number {
    if (this.disposed) return 0;
    releaseAll(this.process);
    this.process.runtime.flushStreams();
    this.process.runtime.finalize();
    this.disposed = true;
    return this.process.runtime.getallocatedblocks();
  }

  private alive(): void {
    if (this.disposed) throw new Error("the interpreter was disposed of");
  }

  private read(into: Uint8Array): number {
    const n = Math.min(into.length, this.input.length);
    into.set(this.input.subarray(0, n));
    this.input = this.input.subarray(n);
    return n;
  }

  private execute(source: string, filename: string, mode: "exec" | "eval"): number {
    this.alive();
    const { runtime } = this.process;
    let object: number;
    try {
      object = this.process.runSource(new TextEncoder().encode(source), filename, mode, true);
    } catch (error) {
      if (!(error instanceof StackError)) throw error;
      // The caller has used up the stack; nothing has run.
      const message = "maximum recursion depth exceeded";
      throw new PythonError("RecursionError", message, `RecursionError: ${message}\n`);
    }
    const failure = object === 0 ? runtime.takeException() : 0;
    runtime.flushStreams();
    if (object !== 0) return object;
    if (failure === 0) throw new PythonError("MemoryError", "", "MemoryError\n");
    const [type, message, traceback] = readValue(this.process, failure) as [string, string, string];
    runtime.release(failure);
    throw new PythonError(type, message, traceback);
  }
}
