/**
 * The coders of a process by their numbers. What they keep is the host's memory: the runtime reserves as much of the
 * program's for each (assembly/modules/coder.ts), so that a memory limit holds for both.
 */
import { SystemError } from "../errno.ts";
import type { SystemCalls } from "../generated/dispatch.ts";
import type { Coder } from "./coder.ts";
import { openCoder } from "./index.ts";

type CoderCalls = Pick<
  SystemCalls,
  "codeOpen" | "codeStep" | "codeDictionary" | "codeCopy" | "codeMessage" | "codeClose"
>;

export function coderCalls(): CoderCalls {
  const coders = new Map<number, Coder>();
  let last = 0;
  const add = (coder: Coder): number => {
    coders.set(++last, coder);
    return last;
  };
  const get = (number: number): Coder => {
    const coder = coders.get(number);
    if (coder === undefined) throw new SystemError("EBADF");
    return coder;
  };
  return {
    codeOpen: (kind, parameters) => add(openCoder(kind, parameters)),
    codeStep: (number, flush, input, into) => get(number).step(input, into, flush),
    codeDictionary(number, dictionary) {
      const coder = get(number);
      if (coder.dictionary === undefined) throw new SystemError("EINVAL");
      return -coder.dictionary(dictionary);
    },
    codeCopy(number) {
      const coder = get(number);
      if (coder.copy === undefined) throw new SystemError("EINVAL");
      return add(coder.copy());
    },
    codeMessage(number, into) {
      const text = new TextEncoder().encode(get(number).message()).subarray(0, into.length);
      into.set(text);
      return text.length;
    },
    codeClose(number) {
      get(number);
      coders.delete(number);
    },
  };
}
