/**
 * What was found, as a page that stands by itself: the answer on top, the tree of what retains what, the arenas. Nothing
 * is loaded from elsewhere.
 */
import type { Findings } from "../inspect/findings.ts";
import { type PageData, pageData } from "./page-data.ts";
import { type Deflate, openObjects, packObjects } from "./page-objects.ts";
import { drawPanel } from "./page-panel.ts";
import { drawHeap } from "./page-script.ts";
import { isMostlyInUse } from "./report.ts";

/** What all pages look like. */
export const style = `
  :root { color-scheme: light dark; --text: #222; --dim: #666; --back: #fff; --panel: #f6f6f4; --line: #ddd; --free: #e4e4e0; --never: #f6f6f4; --mark: #111; }
  @media (prefers-color-scheme: dark) {
    :root { --text: #e4e4e2; --dim: #a3a3a0; --back: #17181a; --panel: #202124; --line: #3a3b3e; --free: #303236; --never: #1d1e21; --mark: #fff; }
  }
  body { font: 14px/1.45 system-ui, sans-serif; margin: 20px 24px; color: var(--text); background: var(--back); }
  h1 { font-size: 20px; margin: 0 0 6px; overflow-wrap: anywhere; } h2 { font-size: 15px; margin: 22px 0 6px; } p { margin: 2px 0; max-width: 900px; }
  .dim { color: var(--dim); font-size: 12px; overflow-wrap: anywhere; }
  .answer { border: 1px solid var(--line); border-radius: 8px; background: var(--panel); padding: 4px 16px 12px; max-width: 980px; }
  .answer li { margin: 6px 0; overflow-wrap: anywhere; } .answer ul { margin: 0; padding-left: 20px; } li button { vertical-align: top; }
  main { display: grid; grid-template-columns: minmax(0, 3fr) minmax(0, 2fr); gap: 0 32px; align-items: start; }
  @media (max-width: 1100px) { main { grid-template-columns: 100%; } }
  button { font: inherit; color: inherit; background: none; border: 0; padding: 0; text-decoration: underline; cursor: pointer; text-align: left; overflow-wrap: anywhere; }
  #tree, #tree ul { list-style: none; margin: 0; padding-left: 0; } #tree ul { padding-left: 18px; border-left: 1px solid var(--line); margin-left: 6px; }
  .line { display: flex; gap: 8px; align-items: baseline; cursor: pointer; padding: 1px 2px; border-radius: 3px; min-width: 0; } .line:hover { background: var(--panel); } .line.found { background: #f2b13455; }
  .line code { font-size: 12px; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; flex: 0 1 auto; } .line .dim { white-space: nowrap; overflow: hidden; text-overflow: ellipsis; flex: 1 1 40%; }
  .mark { width: 12px; flex: none; } .bar { flex: none; width: 70px; height: 9px; background: var(--free); border-radius: 2px; overflow: hidden; } .bar b { display: block; height: 9px; }
  @media (max-width: 600px) { .line { gap: 6px; } .bar { display: none; } .line code { flex: none; max-width: 62%; } }
  .line .n { flex: none; width: 70px; } .n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
  table { border-collapse: collapse; font-size: 13px; } td, th { padding: 1px 10px 1px 0; vertical-align: top; text-align: left; font-weight: normal; overflow-wrap: anywhere; } th { color: var(--dim); }
  i { display: inline-block; width: 11px; height: 11px; border-radius: 2px; }
  .scroll { overflow: auto; max-height: 420px; border: 1px solid var(--line); border-radius: 6px; padding: 6px; box-sizing: border-box; }
  input { font: inherit; color: inherit; background: var(--panel); border: 1px solid var(--line); border-radius: 4px; padding: 3px 8px; width: 320px; max-width: 100%; box-sizing: border-box; }
  #object { position: sticky; top: 12px; z-index: 1; box-sizing: border-box; max-height: calc(100vh - 24px); overflow: auto; border: 1px solid var(--line); border-radius: 8px; background: var(--panel); padding: 10px 14px; margin-bottom: 12px; }
  @media (max-width: 1100px) { #object { position: fixed; left: 8px; right: 8px; top: auto; bottom: 8px; max-height: 55vh; margin: 0; box-shadow: 0 2px 16px #0006; } }
  #object h2 { margin: 0 0 4px; } #object h3 { font-size: 13px; margin: 12px 0 2px; } #object .head { float: right; display: flex; gap: 12px; font-size: 13px; }
  .way { font: 13px ui-monospace, monospace; overflow-wrap: anywhere; margin: 4px 0 8px; } .value { font: 13px ui-monospace, monospace; overflow-wrap: anywhere; }
  .refs { list-style: none; margin: 0; padding: 0; font-size: 13px; } .refs li { overflow-wrap: anywhere; padding: 1px 0; }
  .way a { margin-right: 3px; text-underline-offset: 4px; }
  a { color: inherit; } #object a:hover, a:focus-visible { background: var(--free); }
  #hits { padding-left: 18px; margin: 6px 0; max-height: 240px; overflow: auto; } canvas { display: block; cursor: pointer; }
  #object:focus { outline: none; } a:focus-visible, canvas:focus-visible, .line:focus-visible, button:focus-visible, input:focus-visible { outline: 2px solid #4a90d9; outline-offset: 1px; }
`;

export const escapeHtml = (text: string) =>
  text.replace(/[&<>"]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c]!);

interface PageOptions {
  /** The part about the course of the run, where there is a log of it. */
  run?: string;
  /** Whether the page is served by what answers for each object, and embeds none. */
  isServed?: boolean;
  /** How many objects it embeds at most. */
  objectsMax?: number;
  deflate?: Deflate;
}

/** Objects that a page embeds. */
const OBJECTS_MAX = 100_000;
/** Where they cannot be compressed. */
const PLAIN_OBJECTS_MAX = 10_000;

const keeping = `<h2>What keeps arenas that are mostly free</h2>
<ul id="pinned"></ul>
`;
const retaining = `<h2>What retains most</h2>
<ul id="retained"></ul>
`;

/** The page as HTML. */
export function page(findings: Findings, options: PageOptions = {}): string {
  const { run = "", isServed = false, deflate } = options;
  const { data: found, shown } = pageData(findings);
  const limit = isServed ? 0 : (options.objectsMax ?? (deflate ? OBJECTS_MAX : PLAIN_OBJECTS_MAX));
  const { objects, texts } = packObjects(findings, shown, limit, deflate);
  const data: PageData = { ...found, objects: { ...objects, isServed } };
  // Inside a script element only "<" could end it early. As JSON the data is read much faster than as script.
  const embedded = (json: string) => json.replaceAll("<", "\\u003c");
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Heap of ${escapeHtml(data.title)}</title>
<style>${style}</style>
<h1>The heap of ${escapeHtml(data.title)}</h1>
<div class="answer">
<div id="facts"></div>
${isMostlyInUse(findings) ? retaining + keeping : keeping + retaining}<p id="garbage"></p>
</div>
${run}<main>
<section>
<h2 id="treetitle">Who retains what</h2>
<p class="dim">Below each object is what would go with it. Open with a click or the arrow keys.</p>
<ul id="tree" role="tree" aria-labelledby="treetitle"></ul>
<button id="own"></button>
<h2>Arenas</h2>
<p class="dim">An arena a row, its pools from left to right, each filled as far as its blocks are in use. Click, or use the arrow keys.</p>
<div class="scroll"><canvas id="map" tabindex="0" role="img" aria-label="Arenas, a row each; what is in the selected one is in the table below"></canvas></div>
<h2 id="arena" aria-live="polite"></h2>
<div class="scroll"><table id="blocks"></table></div>
<p id="blocksnote" class="dim"></p>
</section>
<section>
<aside id="object" tabindex="-1" aria-label="The object that is asked about" hidden></aside>
<h2><label for="search">Search</label></h2>
<input id="search" type="search" placeholder="type, value, name, address">
<ul id="hits"></ul>
<div class="scroll"><table id="holds"></table></div>
<div id="traced">
<h2>Where blocks were allocated</h2>
<div class="scroll"><table id="sites"></table></div>
</div>
<h2>Every byte</h2>
<table id="ledger"></table>
</section>
</main>
<script type="application/json" id="data">${embedded(JSON.stringify(data))}</script>
${texts.map((text, i) => `<script type="text/plain" id="objects${i}">${embedded(text)}</script>\n`).join("")}<script>
// A transpiler may have named the functions below through a helper of this name.
var __name = (f) => f;
var data = JSON.parse(document.getElementById("data").textContent);
(${drawHeap.toString()})(data, (${openObjects.toString()})(data.objects), ${drawPanel.toString()});
</script>
</html>
`;
}
