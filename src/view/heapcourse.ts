/**
 * The course of a run as a drawing for the page: what the heap consisted of over time, layer upon layer, and below it the
 * collections and the arenas that came and went. A drawing of a million collections is as large as one of ten.
 */
import type { Course, Step } from "./heaplog.ts";
import { number, size } from "./text.ts";

const WIDTH = 1000;
const HEIGHT = 260;
const STRIP = 46;
const LEFT = 74;

/** From the bottom upwards: what each layer is called, its colour, and its bytes in a step. */
const layers = (arenaSize: number): readonly [string, string, (s: Step) => number][] => [
  ["blocks in use", "#3b7dd8", (s) => s.blocks],
  ["free in pools", "#8db8ee", (s) => Math.max(s.pools - s.blocks, 0)],
  ["free in arenas", "#cfdff3", (s) => Math.max(s.arenas * arenaSize - s.pools, 0)],
  ["libc's heap in use", "#d98b2b", (s) => s.chunks],
  ["large blocks", "#b0563b", (s) => s.large],
];
const GENERATIONS = ["#7aa874", "#d9a441", "#c2452d"] as const;

const seconds = (t: number) => (t < 1 ? `${(t * 1000).toPrecision(3)} ms` : `${t.toPrecision(4)} s`);

/** The part of the page about the run: HTML. */
export function courseHtml(course: Course): string {
  const steps = course.filled();
  const { totals } = course;
  const top = Math.max(...steps.map((s) => s.mapped), 1);
  const x = (i: number) => (LEFT + (i * (WIDTH - LEFT)) / Math.max(steps.length, 1)).toFixed(1);
  const y = (n: number) => (HEIGHT - (Math.min(n, top) / top) * (HEIGHT - 10)).toFixed(1);
  const shape = (value: (s: Step) => number) =>
    steps.map((s, i) => `${x(i)},${y(value(s))} ${x(i + 1)},${y(value(s))}`).join(" ");
  const parts: string[] = [];
  const all = layers(course.arenaSize);
  // The uppermost first, each down to the bottom: those below cover it.
  for (let k = all.length - 1; k >= 0; k--) {
    const below = all.slice(0, k + 1);
    const sum = (s: Step) => below.reduce((n, [, , value]) => n + value(s), 0);
    parts.push(`<polygon fill="${all[k]![1]}" points="${x(0)},${HEIGHT} ${shape(sum)} ${x(steps.length)},${HEIGHT}"/>`);
  }
  parts.push(`<polyline fill="none" stroke="var(--text)" stroke-width="1.4" points="${shape((s) => s.mapped)}"/>`);
  parts.push(
    `<polyline fill="none" stroke="var(--text)" stroke-dasharray="4 3" points="${shape((s) => s.resident)}"/>`,
  );
  for (const share of [0, 0.5, 1]) {
    parts.push(
      `<text x="${LEFT - 6}" y="${Number(y(top * share)) + 4}" text-anchor="end">${size(Math.round(top * share))}</text>`,
    );
  }
  parts.push(collectionStrip(steps, course.width, x), arenaStrip(steps, x));
  const base = HEIGHT + 2 * STRIP + 34;
  parts.push(`<text x="${LEFT}" y="${base}">0</text>`);
  parts.push(`<text x="${WIDTH}" y="${base}" text-anchor="end">${seconds(course.end)}</text>`);
  const key = [
    ...all.map(([name, color]) => `<i style="background:${color}"></i> ${name}`),
    "— mapped",
    "- - resident",
    ...GENERATIONS.map((color, g) => `<i style="background:${color}"></i> collections of generation ${g}`),
  ];
  const counts = totals.collections.map((n, g) => `${number(n)} of generation ${g}`).join(", ");
  return `<h2>The run</h2>
<p>${seconds(course.end)}: collections ${counts}; they took ${seconds(totals.collecting)}, the longest ${seconds(totals.longest)},
and freed ${number(totals.freed)} objects. ${number(totals.arenasTaken)} arenas were taken, ${number(totals.arenasReturned)} returned.</p>
<svg viewBox="0 0 ${WIDTH} ${base + 6}" width="100%" role="img" aria-label="The heap over the run" style="max-width:1400px;font:11px system-ui;fill:currentColor">
${parts.join("\n")}
</svg>
<p class="dim">${key.join(" &nbsp; ")}</p>
`;
}

type Place = (i: number) => string;

/** How much of each step went into collections, by generation; what happened in it when pointed at. */
function collectionStrip(steps: readonly Step[], width: number, x: Place): string {
  const top = HEIGHT + 12;
  const out = [`<text x="${LEFT - 6}" y="${top + 14}" text-anchor="end">collections</text>`];
  const most = Math.max(...steps.map((s) => s.collecting), 1e-9);
  steps.forEach((s, i) => {
    const count = s.collections[0] + s.collections[1] + s.collections[2];
    if (count === 0) return;
    const height = Math.max((s.collecting / most) * STRIP, 2);
    const oldest = s.collections[2] > 0 ? 2 : s.collections[1] > 0 ? 1 : 0;
    const w = (Number(x(i + 1)) - Number(x(i))).toFixed(2);
    out.push(
      `<rect fill="${GENERATIONS[oldest]}" x="${x(i)}" y="${(top + STRIP - height).toFixed(1)}" width="${w}" height="${height.toFixed(1)}">` +
        `<title>at ${seconds(i * width)}: ${s.collections.join(" + ")} collections, ${seconds(s.collecting)}, ${number(s.freed)} objects freed</title></rect>`,
    );
  });
  return out.join("\n");
}

/** Arenas taken above a line, returned below it. */
function arenaStrip(steps: readonly Step[], x: Place): string {
  const middle = HEIGHT + STRIP + 20 + STRIP / 2;
  const out = [
    `<text x="${LEFT - 6}" y="${middle + 4}" text-anchor="end">arenas</text>`,
    `<line x1="${LEFT}" x2="${WIDTH}" y1="${middle}" y2="${middle}" stroke="var(--line)"/>`,
  ];
  const most = Math.max(...steps.map((s) => Math.max(s.arenasTaken, s.arenasReturned)), 1);
  steps.forEach((s, i) => {
    const w = (Number(x(i + 1)) - Number(x(i))).toFixed(2);
    for (const [n, color, down] of [
      [s.arenasTaken, "#3b7dd8", false],
      [s.arenasReturned, "#7aa874", true],
    ] as const) {
      if (n === 0) continue;
      const height = Math.max((n / most) * (STRIP / 2 - 2), 1.5);
      const at = down ? middle : middle - height;
      out.push(
        `<rect fill="${color}" x="${x(i)}" y="${at.toFixed(1)}" width="${w}" height="${height.toFixed(1)}">` +
          `<title>${number(n)} ${down ? "returned" : "taken"}</title></rect>`,
      );
    }
  });
  return out.join("\n");
}
