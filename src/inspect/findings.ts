/** Everything that a report, a page or a program is told of a process: ours, a live one, a core, an image. */
import { type Answer, answer } from "./answer.ts";
import { type Ledger, machineLedger } from "./heap/ledger.ts";
import { mappingOf, residentIn } from "./source/capture.ts";
import type { Memory } from "./source/memory.ts";
import { type Survey, survey } from "./survey.ts";
import { readThreads, type Threads } from "./threads.ts";

export interface About {
  kind: "vitrine" | "cpython";
  /** Of Python. */
  version: string;
  /** 0 where it has none. */
  pid: number;
  /** The command line. */
  program: readonly string[];
  interpreters: number;
  threads: number;
  /** For how many seconds it was stopped; undefined where it was not. */
  stopped?: number;
  /** What is not known, in sentences. */
  notes: string[];
}

/** What a process is called: its command line, where that is known. */
export const titleOf = ({ program, pid }: About): string => program.join(" ") || (pid ? `process ${pid}` : "heap");

export interface Findings {
  about: About;
  survey: Survey;
  ledger: Ledger;
  /** Of a process of ours. */
  threads?: Threads;
  readonly answer: Answer;
  /** Of the bytes from one address to another, those that are resident. */
  resident(from: number, to: number): number;
}

/** What is found, the answer when it is first asked for. */
export function findings(survey: Survey, ledger: Ledger, resident: Findings["resident"], about: About): Findings {
  let found: Answer | undefined;
  return {
    about,
    survey,
    ledger,
    resident,
    get answer() {
      return (found ??= answer(survey, { resident }));
    },
  };
}

/** What is found in a process of ours. */
export function inspect(memory: Memory, program: readonly string[] = []): Findings {
  const found = survey(memory);
  const { machine, libc } = found;
  const pages = machine!.pages;
  const resident = (from: number, to: number) => {
    const mapping = mappingOf(pages, from);
    return mapping && to > from ? residentIn(mapping, from, Math.min(to, mapping.end)) : 0;
  };
  const threads = readThreads(found);
  const about: About = {
    kind: "vitrine",
    version: "3.13.0",
    pid: 0,
    program,
    interpreters: 1,
    threads: threads.threads.length,
    notes: [],
  };
  return Object.assign(findings(found, machineLedger(machine!, found, libc!), resident, about), { threads });
}
