// What DevTools open, read by Chromium's own DevTools: their modules come with the browser. The memory panel's find the
// same objects in a graph, the same bytes and the same that retains most; those of the performance panel each event of a trace.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { inspect } from "../../src/inspect/findings.ts";
import { openImageFile } from "../../src/inspect/source/image.ts";
import { heapSnapshot } from "../../src/view/heapsnapshot.ts";
import { Browser, chromium, type Page } from "./chromium.ts";

const cli = fileURLToPath(new URL("../../dist/cli.js", import.meta.url));
const DEVTOOLS = "devtools://devtools/bundled";
const MEMORY = `${DEVTOOLS}/entrypoints/heap_snapshot_worker/heap_snapshot_worker.js`;
const TRACE = `${DEVTOOLS}/models/trace/trace.js`;
const skip = chromium === undefined && "there is no Chromium";
const PIECE = 1 << 20;

const program = `
class Record:
    def __init__(self, i):
        self.id, self.tags = i, ["tag %d" % i]
class Session:
    log = [{i: Record(i) for i in range(500)} for _ in range(7)]
`;

/** Runs in the page: the file in pieces, and what DevTools say of it. */
const reader = `
async function read(pieces) {
  const { HeapSnapshotLoader: { HeapSnapshotLoader }, HeapSnapshot: { SecondaryInitManager } } = await import("${MEMORY}");
  const loader = new HeapSnapshotLoader({ sendEvent() {} });
  for (const piece of pieces) loader.write(piece);
  loader.close();
  const { port1, port2 } = new MessageChannel();
  new SecondaryInitManager(port2);
  const snapshot = await loader.buildSnapshot(port1);
  const counts = {};
  let [self, largest] = [0, undefined];
  for (const nodes = snapshot.allNodes(); nodes.hasNext(); nodes.next()) {
    const node = nodes.item();
    self += node.selfSize();
    counts[node.name()] = (counts[node.name()] ?? 0) + 1;
    if (node.type() === "array" && !(node.retainedSize() <= largest?.retained))
      largest = { retained: node.retainedSize(), edges: node.edgesCount() };
  }
  return { nodes: snapshot.nodeCount, total: snapshot.totalSize, self, records: counts.Record, largest };
}`;

let folder: string;
let browser: Browser;
let page: Page;
before(async () => {
  if (skip) return;
  folder = mkdtempSync(join(tmpdir(), "vitrine-devtools-"));
  writeFileSync(join(folder, "program.py"), program);
  browser = new Browser();
  page = await browser.open(`${DEVTOOLS}/devtools_app.html`);
  await page.wait('document.readyState === "complete" || undefined');
});
after(async () => {
  await browser?.close();
  if (folder) rmSync(folder, { recursive: true, force: true });
});

function vitrine(...args: string[]): void {
  const run = spawnSync(process.execPath, ["--stack-size=3900", cli, ...args], { encoding: "utf8", cwd: folder });
  assert.equal(run.status, 0, run.stderr);
}

/** Whether this Chromium has the module, and what it exports, under these names. */
const has = (module: string, name: string) =>
  page.evaluate(`import("${module}").then((m) => typeof m.${name}, () => "none")`).then((kind) => kind === "object");

test("the graph of objects", { skip }, async (t) => {
  if (!(await has(MEMORY, "HeapSnapshotLoader"))) return t.skip("this Chromium has its DevTools in another form");
  vitrine("--heap-image", "image", "program.py");
  const { survey, answer } = inspect(openImageFile(join(folder, "image")).memory);
  let text = "";
  heapSnapshot(survey, (piece) => {
    text += piece;
  });
  await page.evaluate(`window.pieces = []; window.read = ${reader}; 0`);
  for (let at = 0; at < text.length; at += PIECE)
    await page.evaluate(`window.pieces.push(${JSON.stringify(text.slice(at, at + PIECE))})`);
  const found = (await page.evaluate("window.read(window.pieces)")) as {
    nodes: number;
    total: number;
    self: number;
    records: number;
    largest: { retained: number; edges: number };
  };
  const { snapshot, nodes } = JSON.parse(text) as { snapshot: { node_count: number }; nodes: number[] };
  const fields = nodes.length / snapshot.node_count;
  let bytes = 0;
  for (let i = 0; i < nodes.length; i += fields) bytes += nodes[i + 3]!;
  assert.deepEqual(
    [found.nodes, found.total, found.self, found.records],
    [snapshot.node_count, bytes, bytes, 3500],
    "objects, their bytes twice, records",
  );
  const log = answer.retained[0]!;
  assert.equal(log.name, "Session.log");
  assert.equal(found.largest.edges, 7);
  // They do not know what is a part of what, nor what is held by chance only.
  const less = Math.abs(found.largest.retained - log.bytes);
  assert.ok(less < log.bytes / 1000, `${found.largest.retained} are retained, ${log.bytes} we say`);
});

test("the trace of collections", { skip }, async (t) => {
  if (!(await has(TRACE, "TraceModel"))) return t.skip("this Chromium has its DevTools in another form");
  vitrine("--gc-log", "log", "program.py");
  vitrine("heap", "--gc-log", "log", "--trace", "trace.json");
  const { traceEvents } = JSON.parse(readFileSync(join(folder, "trace.json"), "utf8")) as { traceEvents: object[] };
  assert.ok(traceEvents.length > 10, `${traceEvents.length} events`);
  const found = await page.evaluate(`(async () => {
    const { TraceModel } = await import("${TRACE}");
    const model = TraceModel.Model.createWithAllHandlers();
    await model.parse(${JSON.stringify(traceEvents)}, {});
    const { traceEvents, data } = model.parsedTrace(0);
    return [traceEvents.length, data.Meta.threadsInProcess.get(1).get(1).args.name];
  })()`);
  assert.deepEqual(found, [traceEvents.length, "collector"]);
});
