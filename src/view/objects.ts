/** The answers about single objects, types and arenas, for the terminal. */

import { whatIs } from "../inspect/answer.ts";
import type { Findings } from "../inspect/findings.ts";
import type { Arena } from "../inspect/heap/arenas.ts";
import { instances, type Kept } from "../inspect/queries.ts";
import { counted, hex, number, percent, short, shortWay, size, table, WIDTH, wrapped } from "./text.ts";

/** What keeps an object: the shortest way, and who else refers to it. */
export function whyText(kept: Kept): string {
  const value = kept.value && !kept.value.endsWith("items") ? ` ${short(kept.value, 40)}` : "";
  const lines = wrapped(
    `${hex(kept.address)}  ${kept.what}${value}: ${number(kept.size)} bytes, retains ${size(kept.retained)}${
      kept.refcount < 0 ? ", immortal" : kept.refcount > 0 ? `, reference count ${number(kept.refcount)}` : ""
    }`,
    "",
    "  ",
  );
  if (kept.way !== undefined) lines.push(...wrapped(`kept as ${kept.way}`, "  ", "    "));
  else
    lines.push(
      kept.garbage
        ? "  garbage: only its own cycle holds it; gc.collect() would free it"
        : "  no way from a root leads to it",
    );
  const origin = kept.allocated.map(([file, line]) => `${file}:${line}`);
  if (origin.length > 0) lines.push(...wrapped(`allocated at ${origin.join(", called at ")}`, "  ", "    "));
  for (const { what, way, step } of kept.referrers.slice(0, 10)) {
    lines.push(
      `    ← ${shortWay(`${what}${way === undefined ? "" : `: ${way}`}${step && way !== undefined ? `, there ${step}` : ""}`, WIDTH - 6)}`,
    );
  }
  if (kept.referrers.length > 10) lines.push(`    ← ${kept.referrers.length - 10} more`);
  return `${lines.join("\n")}\n`;
}

/** The instances of a type: how many, how big, who holds them. */
export function typeText({ survey }: Findings, name: string, rows: number): string | undefined {
  const found = instances(survey, name, Number.POSITIVE_INFINITY);
  if (found.length === 0) return undefined;
  const { number: order } = survey.dominators;
  const { units } = survey.retained;
  let own = 0;
  const holders = new Map<string, number>();
  for (const n of found) {
    own += survey.sizeOf(n);
    const path = survey.graph.parent[n]!;
    const key = path >= 0 ? whatKind(survey, path) : path === -2 ? "a root" : "nothing (garbage)";
    holders.set(key, (holders.get(key) ?? 0) + 1);
  }
  const lines = [`${counted(found.length, name)}: ${size(own)} with their parts`, ""];
  lines.push(
    ...table(
      ["address", "bytes", "retains", "kept as"],
      found
        .slice(0, rows)
        .map((n) => [
          hex(survey.blocks.object(n)),
          number(survey.sizeOf(n)),
          order[n] === 0 ? "-" : size(units[order[n]!]! * 16),
          shortWay(survey.ways.to(n) ?? "no way from a root", 36),
        ]),
      "lrrl",
    ),
  );
  if (found.length > rows) lines.push(`  ${number(found.length - rows)} more`);
  lines.push("", "Held by");
  const by = [...holders].sort((a, b) => b[1] - a[1]);
  lines.push(
    ...table(
      ["", ""],
      by.slice(0, rows).map(([what, n]) => [what, number(n)]),
      "lr",
    ),
  );
  return `${lines.join("\n")}\n`;
}

function whatKind({ blocks }: Findings["survey"], n: number): string {
  return blocks.whats[blocks.what[n]!]!.name;
}

/** The blocks in use in an arena, pool by pool. */
export function arenaText(findings: Findings, arena: Arena, rows: number): string {
  const { survey } = findings;
  const lines = [
    `Arena ${arena.index} at ${hex(arena.address)}: ${counted(arena.usedBlocks, "block")} in use, ${size(arena.usedBytes)} of ${size(arena.size)} (${percent(arena.usedBytes, arena.size)})`,
    `  ${counted(arena.pools.filter((p) => p.used > 0).length, "pool")} in use, ${number(arena.freePools)} free`,
    "",
    ...table(
      ["", "", "blocks", "memory"],
      survey
        .holders(arena)
        .slice(0, rows)
        .map((t) => [short(t.name, 40), t.kind, number(t.count), size(t.bytes)]),
      "llrr",
    ),
    "",
  ];
  let shown = 0;
  for (const pool of arena.pools) {
    for (let n = pool.first; n < pool.first + pool.used && shown < rows; n++, shown++) {
      const owner = survey.blocks.ownerOf(n);
      const name = survey.blocks.whats[survey.blocks.what[n]!]!.name;
      const what = owner === n ? `${whatIs(survey, n)}` : `${name} of ${whatIs(survey, owner)}`;
      lines.push(short(`  ${hex(survey.blocks.address(n))}  ${pool.size} B  ${what}`, WIDTH));
      lines.push(`      ${shortWay(survey.ways.to(owner) ?? "no way from a root", WIDTH - 6)}`);
    }
  }
  if (arena.usedBlocks > shown) lines.push(`  ${number(arena.usedBlocks - shown)} more`);
  return `${lines.join("\n")}\n`;
}

/** What a collection would free. */
export function garbageText({ answer, survey }: Findings, rows: number): string {
  if (answer.garbage.length === 0) return "A gc.collect() would free nothing now.\n";
  const lines = [
    `A gc.collect() would free ${size(answer.garbageBytes)}:`,
    ...table(
      ["", "objects", "memory"],
      answer.garbage.slice(0, rows).map((t) => [t.name, number(t.count), size(t.bytes)]),
      "lrr",
    ),
    "",
  ];
  let shown = 0;
  const marks = survey.garbage!;
  for (let n = 0; n < marks.length && shown < rows; n++) {
    if (!marks[n] || !survey.blocks.isContainer(n)) continue;
    shown++;
    lines.push(short(`  ${hex(survey.blocks.object(n))}  ${whatIs(survey, n)} ${survey.describe(n)}`.trimEnd(), WIDTH));
  }
  return `${lines.join("\n")}\n`;
}
