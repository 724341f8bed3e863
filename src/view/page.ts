/**
 * The heap as a page that stands by itself: the survey, the script that draws it, and nothing from elsewhere.
 */
import { pageData } from "./page-data.ts";
import { drawHeap } from "./page-script.ts";
import type { Survey } from "../inspect/survey.ts";

const style = `
  :root { color-scheme: light dark; --text: #222; --dim: #6b6b6b; --back: #fff; --panel: #f6f6f4; --line: #ddd; --free: #e9e9e6; --never: #f6f6f4; --mark: #111; --other: #d6d6d2; }
  @media (prefers-color-scheme: dark) {
    :root { --text: #e4e4e2; --dim: #9a9a97; --back: #17181a; --panel: #202124; --line: #3a3b3e; --free: #303236; --never: #202124; --mark: #fff; --other: #45474c; }
  }
  body { font: 14px/1.45 system-ui, sans-serif; margin: 20px 24px; color: var(--text); background: var(--back); }
  h1 { font-size: 20px; margin: 0; overflow-wrap: anywhere; } h2 { font-size: 15px; margin: 20px 0 6px; } p { margin: 2px 0 8px; color: var(--dim); max-width: 780px; }
  main { display: grid; grid-template-columns: 800px minmax(320px, 1fr); gap: 32px; align-items: start; }
  @media (max-width: 1180px) { main { grid-template-columns: 100%; } }
  table { border-collapse: collapse; font-size: 13px; } td, th { padding: 1px 12px 1px 0; vertical-align: top; text-align: left; font-weight: normal; }
  th { color: var(--dim); position: sticky; top: 0; background: var(--back); }
  .n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; } .mono { font-family: ui-monospace, monospace; font-size: 12px; white-space: nowrap; }
  .wide { max-width: 380px; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  #legend tr[tabindex] { cursor: pointer; } #legend tr.marked td { font-weight: 600; } #legend tr[tabindex]:hover { background: var(--panel); }
  i { display: inline-block; width: 11px; height: 11px; border-radius: 2px; }
  .scroll { overflow: auto; border: 1px solid var(--line); border-radius: 6px; padding: 4px; width: fit-content; max-width: 100%; box-sizing: border-box; }
  #map { max-height: 360px; } #blocks, .tall { max-height: 420px; }
  #tip { display: none; position: absolute; z-index: 2; pointer-events: none; white-space: pre-line; max-width: 420px; background: #222; color: #fff; border: 1px solid #666; padding: 6px 9px; border-radius: 4px; font-size: 12px; overflow-wrap: anywhere; }
  canvas { display: block; cursor: pointer; } canvas:focus-visible, tr:focus-visible, button:focus-visible { outline: 2px solid #4a90d9; outline-offset: 1px; }
  label { margin-right: 14px; } button { font: inherit; color: inherit; background: none; border: 0; padding: 0; text-decoration: underline; cursor: pointer; text-align: left; }
  li { margin: 4px 0; } li div { color: var(--dim); font-size: 12px; overflow-wrap: anywhere; } ol { padding-left: 0; list-style: none; margin: 0; }
`;

const escapeHtml = (text: string) =>
  text.replace(/[&<>"]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c]!);

/** The page as HTML. `program`: the command line that the heap belongs to. */
export function page(survey: Survey, program: readonly string[] = []): string {
  const data = pageData(survey, program);
  // Inside a script element only "<" could end it early. As JSON the data is read much faster than as script.
  const json = JSON.stringify(data).replaceAll("<", "\\u003c");
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Heap of ${escapeHtml(data.title)}</title>
<style>${style}</style>
<h1>The heap of ${escapeHtml(data.title)}</h1>
<p>${data.geometry} geometry: arenas of ${data.arenaSize / 1024} KiB, pools of ${data.poolSize / 1024} KiB, blocks of one size in each pool</p>
<main>
<section>
<h2>Arenas</h2>
<p>An arena a row, its pools from left to right, each filled as far as its blocks are in use. Click, or use the arrow keys.</p>
<div id="map" class="scroll"><canvas id="overview" tabindex="0" aria-label="Arenas, a row each"></canvas></div>
<h2 id="arena"></h2>
<p>A pool a square, a block a cell; below it the size of its blocks and how many are in use.</p>
<canvas id="detail" tabindex="0" aria-label="The pools of the arena"></canvas>
<h2 id="pool"></h2>
<div id="blocks" class="scroll"><table id="list"></table></div>
</section>
<section>
<h2>The process</h2>
<table id="figures"></table>
<h2>Colour</h2>
<label><input type="radio" name="color" value="type" checked> by type</label>
<label><input type="radio" name="color" value="age"> by age</label>
<h2>What the blocks hold</h2>
<p>Click a row to see where it is.</p>
<div class="scroll tall"><table id="legend"></table></div>
<h2 id="lowtitle"></h2>
<ol id="low"></ol>
<h2>The largest blocks in libc's heap</h2>
<div class="scroll tall"><table id="large"></table></div>
</section>
</main>
<div id="tip" role="tooltip"></div>
<script type="application/json" id="data">${json}</script>
<script>
// A transpiler may have named the functions below through a helper of this name.
var __name = (f) => f;
(${drawHeap.toString()})(JSON.parse(document.getElementById("data").textContent));
</script>
</html>
`;
}
