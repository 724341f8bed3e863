/**
 * Flame graphs for speedscope (https://www.speedscope.app), in its own format of files: what was allocated where, if
 * tracemalloc was on, and what retains what. Weights are bytes; stacks begin at the outermost.
 */
import { stepTo, whatIs } from "../inspect/answer.ts";
import { type Findings, titleOf } from "../inspect/findings.ts";
import { type Site, siteKey, sites } from "../inspect/traces.ts";

interface Stack {
  frames: FlameFrame[];
  /** What is the same of the same stack in another state: its steps, without how many each holds. */
  key: string;
  bytes: number;
}

interface FlameFrame {
  name: string;
  file?: string;
  line?: number;
}

// What retains less than this share of all is in the share of what retains it.
const SHARE = 5000;
const STACKS_MAX = 20_000;
const DEPTH_MAX = 200;

/** A flame graph of one process. */
export function flame(findings: Findings): string {
  const { survey } = findings;
  const { traces } = survey;
  const allocated = sites(traces, survey.blocks, true).map(stackOf);
  return write(titleOf(findings.about), [
    ...(allocated.length > 0 ? [{ name: "allocated", stacks: allocated }] : []),
    { name: "retained", stacks: retainedStacks(findings) },
  ]);
}

/** A flame graph of what grew between two states; what shrank is left out. */
export function flameOfGrowth(before: Findings, after: Findings): string {
  const profiles: Profile[] = [];
  const { traces: then } = before.survey;
  const { traces: now } = after.survey;
  if (now) {
    const known = new Map(sites(then, before.survey.blocks, true).map((s) => [siteKey(s.frames), s]));
    const grown = sites(now, after.survey.blocks, true).map((site) => {
      const was = known.get(siteKey(site.frames))?.bytes ?? 0;
      return { ...stackOf(site), bytes: site.bytes - was };
    });
    profiles.push({ name: "allocated since", stacks: grown.filter((s) => s.bytes > 0) });
  }
  const was = new Map<string, number>();
  for (const { key, bytes } of retainedStacks(before)) was.set(key, (was.get(key) ?? 0) + bytes);
  const grown = retainedStacks(after).map((s) => {
    const less = Math.min(s.bytes, was.get(s.key) ?? 0);
    // Of several with the same steps, each is compared with what the others left.
    was.set(s.key, (was.get(s.key) ?? 0) - less);
    return { ...s, bytes: s.bytes - less };
  });
  profiles.push({ name: "retained since", stacks: grown.filter((s) => s.bytes > 0) });
  return write(titleOf(after.about), profiles);
}

const stackOf = ({ frames, bytes }: Site): Stack => ({
  frames: frames.map(([file, line]) => ({ name: `${file.replace(/^.*\//, "")}:${line}`, file, line })).reverse(),
  key: siteKey(frames),
  bytes,
});

/** The tree of dominators as stacks: what each retains beside what is shown above it. */
function retainedStacks({ survey }: Findings): Stack[] {
  const { dominators: tree, retained } = survey;
  const { units } = retained;
  const least = Math.max(1, (units[0] ?? 0) / SHARE);
  const shown = new Map<number, Omit<Stack, "bytes">>([[0, { frames: [], key: "" }]]);
  const rest = new Map<number, number>();
  // Numbers ascend from what dominates.
  for (let v = 1; v < tree.count && shown.size < STACKS_MAX; v++) {
    const above = tree.dominator[v]!;
    const holder = shown.get(above);
    if (units[v]! < least || !holder || holder.frames.length >= DEPTH_MAX) continue;
    const n = tree.node[v]!;
    const step = stepTo(survey, v);
    const frames = [...holder.frames, { name: `${step} ${whatIs(survey, n)}`.trim() }];
    shown.set(v, { frames, key: `${holder.key}\n${step}` });
    rest.set(v, units[v]!);
    if (above !== 0) rest.set(above, rest.get(above)! - units[v]!);
  }
  return [...rest].filter(([, n]) => n > 0).map(([v, n]) => ({ ...shown.get(v)!, bytes: n * 16 }));
}

interface Profile {
  name: string;
  stacks: Stack[];
}

function write(title: string, profiles: readonly Profile[]): string {
  const places = new Map<string, number>();
  const frames: FlameFrame[] = [];
  const place = (frame: FlameFrame) => {
    const key = `${frame.name}\n${frame.file ?? ""}`;
    let index = places.get(key);
    if (index === undefined) {
      places.set(key, (index = frames.length));
      frames.push(frame);
    }
    return index;
  };
  const made = profiles.map(({ name, stacks }) => ({
    type: "sampled",
    name,
    unit: "bytes",
    startValue: 0,
    endValue: stacks.reduce((sum, s) => sum + s.bytes, 0),
    samples: stacks.map((s) => s.frames.map(place)),
    weights: stacks.map((s) => s.bytes),
  }));
  return `${JSON.stringify({
    $schema: "https://www.speedscope.app/file-format-schema.json",
    name: title,
    exporter: "vitrine",
    activeProfileIndex: 0,
    shared: { frames },
    profiles: made,
  })}\n`;
}
