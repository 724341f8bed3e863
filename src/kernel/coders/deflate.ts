/**
 * zlib's deflate and inflate, by pako, which is zlib translated: what it writes is what zlib writes. A coder is zlib's
 * stream, and its copy is a copy of all that the stream consists of, which is numbers, arrays and plain objects.
 */
import {
  Z_BLOCK,
  type Z_FlushMode,
  Z_OK,
  Z_STREAM_ERROR,
  type Z_Strategy,
  Z_TREES,
  ZStream,
  zlibDeflate,
  zlibDeflateInit2,
  zlibDeflateSetDictionary,
  zlibInflate,
  zlibInflateInit2,
  zlibInflateSetDictionary,
} from "pako";
import { SystemError } from "../errno.ts";
import type { Coder, CodeStep } from "./coder.ts";

const NOTHING = new Uint8Array(0);

interface Library {
  code(stream: ZStream, flush: Z_FlushMode): number;
  /** The greatest flush that there is. */
  flushMost: number;
  dictionary(stream: ZStream, bytes: Uint8Array): number;
}

class StreamCoder implements Coder {
  constructor(
    private readonly library: Library,
    private readonly stream: ZStream,
  ) {}

  step(input: Uint8Array, into: Uint8Array, flush: number): CodeStep {
    const { stream } = this;
    stream.msg = "";
    // As zlib, without a word.
    if (flush < 0 || flush > this.library.flushMost) return { status: Z_STREAM_ERROR, consumed: 0, produced: 0 };
    stream.input = input;
    stream.next_in = 0;
    stream.avail_in = input.length;
    stream.output = into as Uint8Array<ArrayBuffer>;
    stream.next_out = 0;
    stream.avail_out = into.length;
    const status = this.library.code(stream, flush as Z_FlushMode);
    stream.input = NOTHING;
    stream.output = NOTHING;
    return { status, consumed: stream.next_in, produced: stream.next_out };
  }

  dictionary(bytes: Uint8Array): number {
    // Parts of it become parts of the stream.
    return this.library.dictionary(this.stream, bytes.slice());
  }

  copy(): Coder {
    return new StreamCoder(this.library, structuredClone(this.stream));
  }

  message(): string {
    return this.stream.msg ?? "";
  }
}

export function openDeflate([level, method, wbits, memLevel, strategy]: number[]): Coder {
  const stream = new ZStream();
  // The hash that zlib has, not the faster one of Node's.
  const status = zlibDeflateInit2(stream, level!, method!, wbits!, memLevel!, strategy as Z_Strategy, true);
  if (status !== Z_OK) throw new SystemError("EINVAL");
  return new StreamCoder({ code: zlibDeflate, dictionary: zlibDeflateSetDictionary, flushMost: Z_BLOCK }, stream);
}

export function openInflate([wbits]: number[]): Coder {
  const stream = new ZStream();
  if (zlibInflateInit2(stream, wbits!) !== Z_OK) throw new SystemError("EINVAL");
  return new StreamCoder({ code: zlibInflate, dictionary: zlibInflateSetDictionary, flushMost: Z_TREES }, stream);
}
