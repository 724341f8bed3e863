/** Two states of a process side by side: what grew, by purpose, by type and by holder. */
import { answer, type Retained, shortName } from "../inspect/answer.ts";
import type { Findings } from "../inspect/findings.ts";
import { siteKey, sites } from "../inspect/traces.ts";
import { number, shortWay, signed, size, table, wrapped } from "./text.ts";

export interface Change {
  name: string;
  kind: string;
  before: number;
  after: number;
  countBefore: number;
  countAfter: number;
}

/** What differs, the most bytes first. */
interface Diff {
  resident: [before: number, after: number];
  arenas: [before: number, after: number];
  parts: Change[];
  types: Change[];
  holders: Change[];
  /** By line of the program, where tracemalloc was on. */
  sites: Change[];
}

interface Entry {
  name: string;
  kind: string;
  bytes: number;
  count: number;
}

function changes(before: readonly Entry[], after: readonly Entry[]): Change[] {
  const found = new Map<string, Change>();
  const at = ({ name, kind }: Entry) => {
    const key = `${kind} ${name}`;
    let change = found.get(key);
    if (!change) found.set(key, (change = { name, kind, before: 0, after: 0, countBefore: 0, countAfter: 0 }));
    return change;
  };
  for (const entry of before) {
    const change = at(entry);
    change.before += entry.bytes;
    change.countBefore += entry.count;
  }
  for (const entry of after) {
    const change = at(entry);
    change.after += entry.bytes;
    change.countAfter += entry.count;
  }
  const grown = (c: Change) => Math.abs(c.after - c.before);
  return [...found.values()]
    .filter((c) => c.after !== c.before || c.countAfter !== c.countBefore)
    .sort((a, b) => grown(b) - grown(a));
}

/** A share of what grew, above which it is said that it is tracemalloc's. */
const TRACES_MIN = 0.1;

/** What is beyond these of a state retains so little that it says nothing of what grew. */
const HOLDERS_MAX = 10_000;

/** Compares two states, of one process or of two. Holders are the same when the ways to the whole of them are. */
export function diff(before: Findings, after: Findings): Diff {
  const parts = ({ ledger }: Findings) => ledger.parts.map((p) => ({ ...p, kind: "part", count: 0 }));
  const retained = ({ survey, resident }: Findings) => answer(survey, { resident, retainedMax: HOLDERS_MAX }).retained;
  const [was, is] = [retained(before), retained(after)];
  // The part that has nearly all may be another now: then it is the whole that is told.
  const names = new Map(is.map((r) => [r.whole, r.name]));
  for (const { whole, name } of was) {
    const its = names.get(whole);
    names.set(whole, its === undefined || its === name ? name : shortName(whole));
  }
  const holders = (all: readonly Retained[]) =>
    all.map((r) => ({ name: names.get(r.whole)!, kind: "holder", bytes: r.bytes, count: r.objects }));
  const allocated = ({ survey: { traces, blocks } }: Findings) =>
    sites(traces, blocks).map((s) => ({ ...s, name: siteKey(s.frames), kind: "site" }));
  // What is kept for the next of its kind is no object of it.
  const kinds = ({ survey }: Findings) =>
    survey.totals.map((t) => (t.kind === "kept" ? { ...t, name: `${t.name} (kept for reuse)` } : t));
  return {
    resident: [before.ledger.total, after.ledger.total],
    arenas: [before.survey.heap.arenas.length, after.survey.heap.arenas.length],
    parts: changes(parts(before), parts(after)),
    types: changes(kinds(before), kinds(after)),
    holders: changes(holders(was), holders(is)),
    sites: changes(allocated(before), allocated(after)),
  };
}

/** The comparison for the terminal. */
export function diffText({ resident, arenas, parts, types, holders, sites }: Diff, rows: number): string {
  const [before, after] = resident;
  const lines = [
    `Resident: ${size(before)}, then ${size(after)}: ${signed(after - before, size)} (${signed(after - before, number)} bytes)`,
    `Arenas: ${number(arenas[0])}, then ${number(arenas[1])}`,
  ];
  const grew = ({ before, after }: Change) => after > before;
  const most = holders.find(grew);
  if (most)
    lines.push(
      ...wrapped(
        `What grew most: ${most.name}, by ${size(most.after - most.before)} to ${size(most.after)} (objects: ${signed(most.countAfter - most.countBefore, number)}).`,
      ),
    );
  const site = sites.find(grew);
  if (site)
    lines.push(...wrapped(`Most that is new was allocated at ${site.name}: ${size(site.after - site.before)}.`));
  const traces = types.filter((c) => c.kind !== "object" && c.name.startsWith("tracemalloc"));
  const kept = traces.reduce((sum, c) => sum + c.after - c.before, 0);
  if (kept > 0 && kept > (after - before) * TRACES_MIN) lines.push(`tracemalloc itself has ${size(kept)} more.`);
  const section = (title: string, found: Change[], counts: boolean) => {
    if (found.length === 0) return;
    const cells = found
      .slice(0, rows)
      .map((c) => [
        shortWay(c.name, 34),
        ...(counts ? [signed(c.countAfter - c.countBefore, number), number(c.countAfter)] : []),
        signed(c.after - c.before, size),
        size(c.after),
      ]);
    const head = counts ? ["", "objects", "now", "memory", "now"] : ["", "memory", "now"];
    lines.push("", title, ...table(head, cells, counts ? "lrrrr" : "lrr"));
    if (found.length > rows) lines.push(`  ${number(found.length - rows)} more`);
  };
  section("What holders retain", holders, true);
  section("Where blocks were allocated", sites, true);
  section("What blocks hold", types, true);
  section("What resident bytes are for", parts, false);
  return `${lines.join("\n")}\n`;
}
