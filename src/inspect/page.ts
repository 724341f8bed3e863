/**
 * The heap as a page that stands by itself: the survey, the script that draws it, and nothing from elsewhere.
 */
import { pageData } from "./page-data.ts";
import { drawHeap } from "./page-script.ts";
import type { Survey } from "./survey.ts";

const style = `
  body { font: 14px/1.45 system-ui, sans-serif; margin: 24px; color: #222; background: #fff; }
  h1 { font-size: 20px; margin: 0 0 4px; } h2 { font-size: 15px; margin: 22px 0 8px; }
  main { display: grid; grid-template-columns: max-content minmax(260px, 420px); gap: 32px; align-items: start; }
  table { border-collapse: collapse; font-size: 13px; } td { padding: 1px 12px 1px 0; vertical-align: top; }
  #legend td:nth-child(n+3), #large td:nth-child(2), #large td:nth-child(4) { text-align: right; font-variant-numeric: tabular-nums; }
  #legend tr { cursor: pointer; } #legend tr.marked { font-weight: 600; } #legend i { display: inline-block; width: 11px; height: 11px; }
  .scroll { max-height: 420px; overflow: auto; }
  #large td:last-child { max-width: 420px; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  #tip { display: none; position: absolute; pointer-events: none; white-space: pre-line; max-width: 420px; background: #222; color: #fff; padding: 6px 9px; border-radius: 4px; font-size: 12px; overflow-wrap: anywhere; }
  canvas { display: block; cursor: crosshair; } label { margin-right: 14px; }
`;

const escapeHtml = (text: string) =>
  text.replace(/[&<>"]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c]!);

/** The page as HTML. `program`: the command line that the heap belongs to. */
export function page(survey: Survey, program: readonly string[] = []): string {
  const data = pageData(survey, program);
  // Inside a script element only "<" could end it early.
  const json = JSON.stringify(data).replaceAll("<", "\\u003c");
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Heap of ${escapeHtml(data.title)}</title>
<style>${style}</style>
<h1>The heap of ${escapeHtml(data.title)}</h1>
<div>${data.geometry} geometry: arenas of ${data.arenaSize / 1024} KiB, pools of ${data.poolSize / 1024} KiB</div>
<main>
<section>
<h2>Arenas: a row each, its pools from left to right, filled as far as they are used</h2>
<div class="scroll"><canvas id="overview"></canvas></div>
<h2 id="arena"></h2>
<canvas id="detail"></canvas>
<h2>The largest blocks in libc's heap</h2>
<div class="scroll"><table id="large"></table></div>
</section>
<section>
<h2>The process</h2>
<table id="figures"></table>
<h2>Colour</h2>
<label><input type="radio" name="color" value="type" checked> by type</label>
<label><input type="radio" name="color" value="age"> by age</label>
<h2>What the blocks hold</h2>
<table id="legend"></table>
</section>
</main>
<div id="tip"></div>
<script>
// A transpiler may have named the functions below through a helper of this name.
var __name = (f) => f;
(${drawHeap.toString()})(${json});
</script>
</html>
`;
}
