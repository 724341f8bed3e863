// `vitrine look -- COMMAND`: a program is looked at when it ends, when it dies of MemoryError, and it goes on as if nothing
// had been. Left out where there is no CPython.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { get } from "node:http";
import { tmpdir } from "node:os";
import { join, parse } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { pythons } from "../inspect/pythons.ts";

const skip = pythons.length === 0 ? "no CPython that can be looked at" : false;
const python = pythons[0]?.path ?? "";
const cli = fileURLToPath(new URL("../../dist/cli.js", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "vitrine-launch-"));
after(() => rmSync(folder, { recursive: true }));

function vitrine(...args: string[]) {
  const run = spawnSync(process.execPath, [cli, ...args], { encoding: "utf8", timeout: 120_000, maxBuffer: 1 << 28 });
  return { out: run.stdout, err: run.stderr, status: run.status };
}

const program = `
import os, subprocess, sys
class Session:
    log = [["row %d" % i] for i in range(20000)]
assert "VITRINE_LOOK" not in os.environ and "PYTHONPATH" not in os.environ, os.environ
# A child of it is no concern of ours.
subprocess.run([sys.executable, "-c", "print('a child')"], check=True)
`;

test("a program is looked at when it ends, and ends as it would", { skip }, () => {
  const { out, err, status } = vitrine("look", "--", python, "-c", `${program}\nsys.exit(7)`);
  assert.deepEqual([err, status], ["", 7]);
  assert.match(out, /^a child\nPython 3\.\d+\.\d+, process \d+, 1 interpreter, 1 thread\n/);
  assert.match(out, /• Session\.log, a list of 20,000, retains /);
});

test("on a signal, and every so often: each look has its own files, which tell what grew", { skip }, async () => {
  const code = `import os, signal, sys
rows, looks = [], sys.argv[1]
def grow(n): rows.extend(["row %d" % i for i in range(n)])
grow(20000)
print("ready", flush=True)
sys.stdin.readline()
grow(30000)
print("ready", flush=True)
sys.stdin.readline()`;
  for (const when of [
    ["--at", "signal"],
    ["--every", "1"],
  ]) {
    const save = join(folder, `${when[0]}.image`);
    const { dir, name } = parse(save);
    const second = join(dir, `${name}-2.image`);
    const child = spawn(process.execPath, [cli, "look", ...when, "--save", save, "--", python, "-c", code, "x"]);
    const ended = new Promise((resolve) => child.on("exit", resolve));
    try {
      let told = "";
      child.stdout.on("data", (piece) => {
        told += piece;
      });
      const until = async (what: () => boolean) => {
        for (const end = Date.now() + 60_000; !what(); ) {
          assert.ok(Date.now() < end, `it does not come: ${told.slice(-300)}`);
          await new Promise((resolve) => setTimeout(resolve, 50));
        }
      };
      const reports = () => told.split("What retains most").length - 1;
      await until(() => told.includes("ready"));
      if (when[1] === "signal") child.kill("SIGUSR1");
      await until(() => reports() >= 1);
      child.stdin.write("\n");
      await until(() => told.split("ready").length > 2);
      // One that is told now may have begun before.
      const wanted = reports() + (when[1] === "signal" ? 1 : 2);
      if (when[1] === "signal") child.kill("SIGUSR1");
      await until(() => reports() >= wanted);
      child.stdin.write("\n");
      assert.equal(await ended, 0);
      const last = when[1] === "signal" ? second : join(dir, `${name}-${reports()}.image`);
      const { out } = vitrine("diff", save, last);
      assert.match(out, /\nWhat holders retain\n.*\n.*\n {2}rows +\+[\d,]+ +50,001 /);
    } finally {
      child.kill("SIGKILL");
    }
  }
});

test("one that dies of MemoryError is looked at while what filled its memory is there", { skip }, () => {
  const code = `import resource
resource.setrlimit(resource.RLIMIT_AS, (200 << 20, 200 << 20))
def fill():
    rows = []
    while True:
        rows.append(bytearray(1 << 20))
fill()`;
  const { out, err, status } = vitrine("look", "--at", "memoryerror", "--", python, "-c", code);
  assert.equal(status, 1);
  assert.match(err, /MemoryError/);
  assert.match(out, /rows\S*(\s\S+)?, a list\s+of [\d,]+,\s+retains \d+ MiB/);
});

test("a chain is called by where it begins", () => {
  const code = `
class Node: pass
head = None
for i in range(3000):
    node = Node()
    node.next, head = head, node
links = None
for i in range(5000):
    links = [links, i]
del node`;
  const { out } = vitrine("--heap", "-c", code);
  assert.match(out, /• links, a list of 2, retains /);
  assert.match(out, /• head, a Node, retains /);
});

test("wrong usage, and what cannot be started", () => {
  for (const args of [[], ["--"], ["--at", "noon", "--", "x"], ["--every", "0", "--", "x"], ["1", "--", "x"]]) {
    const { err, status } = vitrine("look", ...args);
    assert.equal(status, 2);
    assert.match(err, /^usage: vitrine look /);
  }
  const { err, status } = vitrine("look", "--", join(folder, "nothing"));
  assert.deepEqual([status, /cannot start .*nothing/.test(err)], [2, true]);
  const file = join(folder, "text");
  writeFileSync(file, "no core");
  assert.match(vitrine("look", file).err, /^vitrine look: .*text: not a heap image\n$/);
});

test("two images are compared", () => {
  const images = [3, 5].map((n) => {
    const image = join(folder, `image${n}`);
    const code = `class A:\n    kept = [["x%d" % i] for i in range(${n}000)]`;
    assert.equal(vitrine("--heap-image", image, "-c", code).status, 0);
    return image;
  });
  const { out, err, status } = vitrine("diff", ...images);
  assert.deepEqual([err, status], ["", 0]);
  assert.match(out, /^Resident: .*\nArenas: \d+, then \d+\nWhat grew most: .*\n(.*\n){0,3}\nWhat holders retain\n/);
  assert.match(out, /\n {2}A\.kept +\+4,000 +10,001 +\+\d+ KiB /);
  const json = JSON.parse(vitrine("diff", ...images, "--json").out);
  assert.deepEqual(json.holders[0].name, "A.kept");
  const page = vitrine("diff", ...images, "--html", "-").out;
  assert.match(page, /<td>A\.kept<\/td><td class="n">\+4,000<\/td>/);
  assert.deepEqual(
    [...page.matchAll(/<iframe title="([^"]*)"/g)].map((m) => m[1]),
    images,
  );
  assert.equal(vitrine("diff", ...images, "--html", "-", "--json").status, 2);
  assert.equal(vitrine("diff", images[0]!).status, 2);
});

test("the graph for DevTools is whole", () => {
  const image = join(folder, "graph");
  assert.equal(vitrine("--heap-image", image, "-c", "x = [[i] for i in range(300)]").status, 0);
  const out = join(folder, "x.heapsnapshot");
  assert.deepEqual(vitrine("heap", image, "--heapsnapshot", out), { out: "", err: "", status: 0 });
  const read = spawnSync(
    process.execPath,
    ["-e", `process.stdout.write(require("fs").readFileSync(${JSON.stringify(out)}))`],
    { encoding: "utf8", maxBuffer: 1 << 28 },
  );
  const { snapshot, nodes, edges, strings } = JSON.parse(read.stdout);
  const fields = snapshot.meta.node_fields.length;
  assert.deepEqual([nodes.length / fields, edges.length / 3], [snapshot.node_count, snapshot.edge_count]);
  let sum = 0;
  for (let i = 0; i < nodes.length; i += fields) {
    sum += nodes[i + 4];
    assert.ok(nodes[i + 1] < strings.length);
  }
  assert.equal(sum, snapshot.edge_count);
  for (let i = 0; i < edges.length; i += 3) {
    assert.ok(edges[i + 2] % fields === 0 && edges[i + 2] < nodes.length);
    if (edges[i] !== 1) assert.ok(edges[i + 1] < strings.length);
  }
  assert.ok(strings.includes("__main__") || strings.includes("module __main__"));
});

test("flame graphs: stacks of frames that are there, a weight each", () => {
  const made = [2, 4].map((n) => {
    const image = join(folder, `flame${n}`);
    const code = `import tracemalloc\ntracemalloc.start(9)\ndef fill():\n    return [["x%d" % i] for i in range(${n}000)]\nkept = fill()`;
    assert.equal(vitrine("--heap-image", image, "-c", code).status, 0);
    return image;
  });
  const out = join(folder, "flame.json");
  const profilesOf = (...args: string[]) => {
    assert.deepEqual(vitrine(...args, "--flame", out), { out: "", err: "", status: 0 });
    const { $schema, name, exporter, activeProfileIndex, shared, profiles, ...others } = JSON.parse(
      readFileSync(out, "utf8"),
    );
    // What the schema that speedscope publishes asks for, and allows.
    assert.equal($schema, "https://www.speedscope.app/file-format-schema.json");
    assert.deepEqual([typeof name, exporter, activeProfileIndex, others], ["string", "vitrine", 0, {}]);
    for (const { name, file, line, col, ...more } of shared.frames) {
      assert.ok(typeof name === "string" && ["undefined", "string"].includes(typeof file), `${name} ${file}`);
      assert.ok(
        [line, col].every((n) => n === undefined || Number.isSafeInteger(n)),
        `${line} ${col}`,
      );
      assert.deepEqual(more, {});
    }
    for (const { type, unit, name, startValue, endValue, samples, weights, ...more } of profiles) {
      assert.deepEqual([type, unit, typeof name, startValue, more], ["sampled", "bytes", "string", 0, {}]);
      assert.equal(samples.length, weights.length);
      assert.equal(
        weights.reduce((sum: number, w: number) => sum + w, 0),
        endValue,
      );
      for (const place of samples.flat()) assert.ok(place < shared.frames.length);
    }
    return { names: profiles.map((p: { name: string }) => p.name), shared, profiles };
  };
  const one = profilesOf("heap", made[1]!);
  assert.deepEqual(one.names, ["allocated", "retained"]);
  assert.ok(one.shared.frames.some((f: { file?: string; line?: number }) => f.file === "<string>" && f.line === 4));
  const both = profilesOf("diff", ...made);
  assert.deepEqual(both.names, ["allocated since", "retained since"]);
  // 2,000 lists more, of 64 bytes with the collector's links, their items, and a str each.
  assert.ok(both.profiles[0].endValue > 2000 * (64 + 16 + 48));
  assert.match(vitrine("diff", ...made).out, /Where blocks were allocated\n.*\n.*\n {2}<string>:4 +\+[5-9],\d\d\d /);
});

test("the page is served to who knows where", async () => {
  const image = join(folder, "served");
  assert.equal(vitrine("--heap-image", image, "-c", "x = 1").status, 0);
  const server = spawn(process.execPath, [cli, "heap", image, "--open"], {
    stdio: ["ignore", "ignore", "pipe"],
    env: { ...process.env, BROWSER: "true" },
  });
  try {
    let told = "";
    for await (const piece of server.stderr) if (/ends it/.test((told += piece))) break;
    const url = /http:\/\/127\.0\.0\.1:\d+\/[0-9a-f]{24}\//.exec(told)![0];
    const page = await fetch(url);
    assert.equal(page.status, 200);
    assert.match(await page.text(), /<title>Heap of /);
    assert.equal((await fetch(new URL("/", url))).status, 404);
    const other = await new Promise<number | undefined>((resolve, reject) =>
      get(url, { headers: { host: "example.org" } }, (r) => resolve(r.statusCode)).on("error", reject),
    );
    assert.equal(other, 404);
  } finally {
    server.kill();
  }
});

test("figures alone", { skip }, async () => {
  const child = spawn(python, ["-c", "print('ready', flush=True); import time; time.sleep(600)"]);
  try {
    await new Promise((resolve) => child.stdout.once("data", resolve));
    const { out, err, status } = vitrine("look", String(child.pid), "--statistics");
    assert.deepEqual([err, status], ["", 0]);
    assert.match(out, /^Python 3\.[\s\S]*every one of them accounted for[\s\S]*\nPools by size class\n/);
    const json = JSON.parse(vitrine("look", String(child.pid), "--statistics", "--json").out);
    assert.deepEqual(Object.keys(json), ["process", "resident", "pymalloc", "trimmable"]);
    assert.ok(json.pymalloc.classes.length > 10);
    assert.equal(vitrine("look", String(child.pid), "--statistics", "--garbage").status, 2);
  } finally {
    child.kill();
  }
});
