// Saved images, and the command that reads them.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { openImage, openImageFile } from "../../src/inspect/source/image.ts";
import { CHUNK, memorySource } from "../../src/inspect/source/memory.ts";
import { saveImage } from "../../src/inspect/source/saved.ts";
import { survey } from "../../src/inspect/survey.ts";
import { Process } from "./process.ts";

let folder: string;
let file: string;
let image: Uint8Array;

before(() => {
  folder = mkdtempSync(join(tmpdir(), "vitrine-image-"));
  file = join(folder, "heap.image");
  const p = new Process();
  const ints = Array.from({ length: 20_000 }, (_, i) => p.int(i));
  p.list(ints.slice(0, 5000));
  p.str("</script><b>&");
  for (let i = 0; i < ints.length; i++) if (i > 5000 && i % 3000) p.heap.PyObject_Free!(ints[i]!);
  image = saveImage(p.memory, ["tour.py", "-v"]);
  writeFileSync(file, image);
});
after(() => rmSync(folder, { recursive: true }));

function vitrineHeap(...argv: string[]) {
  const module = new URL("../../src/cli/heap.ts", import.meta.url).href;
  const code = `import(${JSON.stringify(module)}).then((m) => { process.exitCode = m.run(process.argv.slice(1)); })`;
  const run = spawnSync(process.execPath, ["--import", "tsx", "-e", code, "--", ...argv], {
    encoding: "utf8",
    cwd: fileURLToPath(new URL("../..", import.meta.url)),
    maxBuffer: 1 << 28,
  });
  return { out: run.stdout, err: run.stderr, status: run.status };
}

test("an image holds what the memory held, and leaves out what is zero", () => {
  const p = new Process();
  for (let i = 0; i < 100; i++) p.int(i);
  const bytes = saveImage(p.memory, ["x.py"]);
  assert.ok(bytes.length < p.memory.byteLength / 4);
  const { header, memory } = openImage(bytes);
  assert.deepEqual([header.program, header.end], [["x.py"], p.memory.byteLength]);
  assert.deepEqual(survey(memory).totals, survey(memorySource(p.memory)).totals);
});

test("an image in a file is read piece by piece, more often than pieces are kept", () => {
  // More chunks than are there at once, each with a word at either end and one that says which it is.
  const chunks = 300;
  const words = new Uint32Array((chunks * CHUNK) / 4);
  for (let i = 0; i < chunks; i++) {
    words[(i * CHUNK) / 4] = i + 1;
    words[((i + 1) * CHUNK) / 4 - 1] = i + 2;
  }
  const file = join(folder, "large");
  writeFileSync(file, saveImage(words.buffer));
  const { memory } = openImageFile(file);
  assert.equal(memory.size, chunks);
  for (const step of [1, 77]) {
    for (let i = 0, at = 0; i < chunks; i++, at = (at + step) % chunks) {
      assert.equal(memory.u32(at * CHUNK), at + 1);
      assert.equal(memory.u64((at + 1) * CHUNK - 8), (at + 2) * 2 ** 32);
      assert.equal(memory.u32(at * CHUNK + 4096), 0);
      assert.ok(memory.has((at + 1) * CHUNK - 1));
    }
  }
  assert.deepEqual([...memory.bytes(CHUNK - 4, 8)], [2, 0, 0, 0, 2, 0, 0, 0]);
  writeFileSync(file, image.subarray(0, image.length - 1));
  assert.throws(() => openImageFile(file), /it ends too early/);
});

test("what is no image, or another version's, or cut off, is refused in words", () => {
  assert.throws(() => openImage(new Uint8Array(100)), /not a heap image/);
  assert.throws(() => openImage(image.subarray(0, image.length - 1)), /it ends too early/);
  const other = image.slice();
  const text = new TextDecoder("latin1").decode(other.subarray(0, 60));
  other[text.indexOf('"fingerprint":"') + 16]! ^= 1;
  assert.throws(() => openImage(other), /written by a version with other structures/);
});

test("the report", () => {
  const { out, err, status } = vitrineHeap(file);
  assert.deepEqual([err, status], ["", 0]);
  assert.match(out, /^Resident: [\d,]+ bytes \(\d+ KiB\), every one of them accounted for below\.\n/);
  assert.match(
    out,
    /\n {2}\d of \d arenas are mostly free, held by\n {2}• nothing that is known \(objects that no root /,
  );
  assert.match(out, /\nThe operating system's view\n {2}mapped {4}/);
  assert.match(out, /The private heap \(classic: arenas of 256 KiB, pools of 4,096 B\)/);
  assert.match(out, /\n {2}int +object +5,00\d +/);
  assert.match(out, /\n {5}0 +\d+ % {2}[░▒▓█○·]{64}\n/);
  for (const line of out.split("\n")) assert.ok(line.length <= 80, line);
});

test("JSON", () => {
  const { out, status } = vitrineHeap(file, "--json");
  assert.equal(status, 0);
  const json = JSON.parse(out);
  assert.deepEqual(json.process.program, ["tour.py", "-v"]);
  assert.deepEqual([json.pymalloc.arenaSize, json.pymalloc.poolSize], [262144, 4096]);
  assert.ok(json.types.some((t: { name: string; count: number }) => t.name === "int" && t.count > 5000));
  assert.equal(json.pinned[0].kinds[0].name, "int");
  const sum = json.resident.parts.reduce((total: number, part: { bytes: number }) => total + part.bytes, 0);
  assert.equal(sum, json.resident.total);
});

test("the page stands by itself", () => {
  const target = join(folder, "heap.html");
  assert.equal(vitrineHeap(file, "--html", target).status, 0);
  const html = readFileSync(target, "utf8");
  assert.doesNotMatch(html, /https?:\/\/|<link|src=/);
  const elements = [...html.matchAll(/<script([^>]*)>([^]*?)<\/script>/g)];
  const scripts = elements.filter(([, about]) => !about!.includes("text/plain")).map((m) => m[2]!);
  assert.equal(scripts.length, 2, "no text of the program ends a script");
  const page = openPage(scripts[1]!, scripts[0]!);
  assert.match(page.text("facts"), /^Resident: [\d,]+ bytes/);
  assert.match(page.text("pinned"), /keeps 2 arenas, 384 KiB/);
  // It opens on the emptiest arena.
  assert.match(page.text("arena"), /^Arena 1 at 0x840000: 3 blocks, 96 B of 256 KiB in use; 61 of 64 pools are free$/);
  assert.match(page.text("blocks"), /0x8[4-7][0-9a-f]+ 32 int \d+/);
  assert.ok(page.rectangles() >= 3 * 64);
  page.get("map").onkeydown({ key: "Home", preventDefault() {} });
  assert.match(page.text("arena"), /^Arena 0 at 0x800000: /);
  page.get("map").onclick({ offsetX: 3, offsetY: 26 });
  assert.match(page.text("arena"), /^Arena 2 /);
  page.get("search").value = "list";
  page.get("search").oninput();
  assert.match(page.text("holds"), /list object 1 64 B/);
  assert.doesNotMatch(page.text("holds"), /int object/);
});

const browser = ["chromium", "chromium-browser", "google-chrome"].find(
  (name) => spawnSync(name, ["--version"], { stdio: "ignore" }).status === 0,
);

test("the page in a browser", { skip: browser ? false : "no browser" }, () => {
  const target = join(folder, "browser.html");
  assert.equal(vitrineHeap(file, "--html", target).status, 0);
  const options = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--enable-logging=stderr",
    `--user-data-dir=${folder}`,
  ];
  const run = spawnSync(browser!, [...options, "--dump-dom", `file://${target}`], {
    encoding: "utf8",
    timeout: 60_000,
  });
  assert.doesNotMatch(run.stderr, /CONSOLE/, "nothing is written to the console");
  assert.match(run.stdout, /<h2 id="arena"[^>]*>Arena 1 at 0x840000: 3 blocks, /);
  assert.match(run.stdout, /<td>int<\/td><td>object<\/td><td class="n">5,00\d<\/td>/);
});

/** Runs the page's script before a document that has only what it uses. */
function openPage(script: string, data: string) {
  let drawn = 0;
  class Element {
    children: Element[] = [];
    style = {};
    classList = { add() {}, remove() {} };
    value = "";
    private own = "";
    set textContent(text: string) {
      this.children = [];
      this.own = text;
    }
    get textContent(): string {
      return [this.own, ...this.children.map((c) => c.textContent)].filter((t) => t !== "").join(" ");
    }
    append(...more: Element[]) {
      this.children.push(...more);
    }
    replaceChildren() {
      this.children = [];
    }
    setAttribute() {}
    scrollIntoView() {}
    focus() {}
    getContext() {
      return {
        scale() {},
        strokeRect() {},
        fillRect() {
          drawn++;
        },
      };
    }
  }
  // biome-ignore lint/suspicious/noExplicitAny: a stand-in for the browser's objects
  const elements = new Map<string, any>();
  const document = {
    documentElement: {},
    createElement: () => new Element(),
    querySelectorAll: () => [],
    getElementById(id: string) {
      if (!elements.has(id)) elements.set(id, new Element());
      return elements.get(id);
    },
  };
  document.getElementById("data").textContent = data;
  const run = new Function("document", "window", "location", "getComputedStyle", script);
  const window = { devicePixelRatio: 2, addEventListener() {} };
  run(document, window, { protocol: "file:", hash: "" }, () => ({ getPropertyValue: () => "#808080" }));
  return {
    get: (id: string) => elements.get(id),
    text: (id: string): string => elements.get(id).textContent,
    rectangles: () => drawn,
  };
}

test("wrong usage and unreadable files", () => {
  assert.equal(vitrineHeap().status, 2);
  assert.equal(vitrineHeap("--json", "--html", "x", file).status, 2);
  for (const rows of ["0", "-5", "1.5", "x"]) assert.equal(vitrineHeap(file, "--rows", rows).status, 2);
  assert.match(vitrineHeap(file, "--rows", "2").out, /\n {2}\d+ more arenas\n$/);
  const missing = vitrineHeap(join(folder, "none"));
  assert.equal(missing.status, 2);
  assert.match(missing.err, /^vitrine heap: ENOENT.*\n$/);
  const text = vitrineHeap(fileURLToPath(import.meta.url));
  assert.deepEqual([text.status, text.err.split(": ").at(-1)], [2, "not a heap image\n"]);
  assert.match(vitrineHeap("--help").out, /^usage: vitrine heap FILE/);
});
