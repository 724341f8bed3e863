/**
 * Two states of a process on one page: what grew, then the page of each beside the other. It stands by itself; each of
 * the two is a document of its own in it.
 */
import type { Findings } from "../inspect/findings.ts";
import { titleOf } from "../inspect/findings.ts";
import { type Change, diff } from "./diff.ts";
import { escapeHtml, page, style } from "./page.ts";
import type { Deflate } from "./page-objects.ts";
import { number, signed, size } from "./text.ts";

const ROWS = 40;
const OBJECTS_MAX = 20_000;

const own = `
  .pair { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 0 16px; }
  @media (max-width: 900px) { .pair { grid-template-columns: 100%; } }
  .pair iframe { width: 100%; height: 90vh; border: 1px solid var(--line); border-radius: 6px; background: var(--back); }
`;

/** A table of what changed; `counts`: whether there are objects to count. */
function tableOf(title: string, changes: readonly Change[], counts: boolean): string {
  if (changes.length === 0) return "";
  const head = ["", ...(counts ? ["objects", "then"] : []), "memory", "then"];
  const rows = changes
    .slice(0, ROWS)
    .map((c) => [
      c.name,
      ...(counts ? [signed(c.countAfter - c.countBefore, number), number(c.countAfter)] : []),
      signed(c.after - c.before, size),
      size(c.after),
    ]);
  const line = (cells: readonly string[], tag: string) =>
    `<tr>${cells.map((cell, i) => `<${tag}${i ? ' class="n"' : ""}>${escapeHtml(cell)}</${tag}>`).join("")}</tr>`;
  const more = changes.length > ROWS ? `<p class="dim">${number(changes.length - ROWS)} more</p>` : "";
  return `<h2>${escapeHtml(title)}</h2>
<div class="scroll"><table>${line(head, "th")}${rows.map((row) => line(row, "td")).join("")}</table></div>${more}`;
}

/** The page as HTML. `names`: what the two states are called, their files mostly. */
export function diffPage(
  before: Findings,
  after: Findings,
  names: readonly [string, string],
  deflate?: Deflate,
): string {
  const found = diff(before, after);
  const [then, now] = found.resident;
  const side = (findings: Findings, name: string) =>
    `<section><h2>${escapeHtml(name)}</h2><iframe title="${escapeHtml(name)}" srcdoc="${escapeHtml(page(findings, { deflate, objectsMax: OBJECTS_MAX }))}"></iframe></section>`;
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>What grew in ${escapeHtml(titleOf(after.about))}</title>
<style>${style}${own}</style>
<h1>What grew in ${escapeHtml(titleOf(after.about))}</h1>
<div class="answer">
<p>Resident: ${size(then)}, then ${size(now)}: ${signed(now - then, size)} (${signed(now - then, number)} bytes).</p>
<p>Arenas: ${number(found.arenas[0])}, then ${number(found.arenas[1])}.</p>
</div>
${tableOf("What holders retain", found.holders, true)}
${tableOf("Where blocks were allocated", found.sites, true)}
${tableOf("What blocks hold", found.types, true)}
${tableOf("What resident bytes are for", found.parts, false)}
<h2>The two, side by side</h2>
<div class="pair">
${side(before, names[0])}
${side(after, names[1])}
</div>
</html>
`;
}
