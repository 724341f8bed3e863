// The page of a heap in Chromium: walked from object to object, as a file and as it is served.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { Browser, chromium, type Page } from "./chromium.ts";

const cli = fileURLToPath(new URL("../../dist/cli.js", import.meta.url));
const skip = chromium === undefined && "there is no Chromium";
const WIDTHS = [1280, 390];

const program = `
class Record:
    def __init__(self, i):
        self.id, self.tags = i, ["tag %d" % i]
class Session:
    log = [{i: Record(i) for i in range(2000)} for _ in range(20)]
many = [object() for _ in range(100_000)]
recent = many[::40_000]
del many
`;

let folder: string;
let image: string;
let browser: Browser;

before(() => {
  if (skip) return;
  folder = mkdtempSync(join(tmpdir(), "vitrine-page-"));
  image = join(folder, "image");
  writeFileSync(join(folder, "program.py"), program);
  const made = spawnSync(process.execPath, [cli, "--heap-image", image, join(folder, "program.py")], {
    encoding: "utf8",
  });
  assert.equal(made.status, 0, made.stderr);
  browser = new Browser();
});

after(async () => {
  await browser?.close();
  if (folder) rmSync(folder, { recursive: true, force: true });
});

const PANEL = 'document.getElementById("object")';

/** Clicks what an expression gives, and waits until the panel has such a heading. */
async function click(page: Page, what: string, heading: RegExp): Promise<string> {
  await page.evaluate(`${what}.click()`);
  await page.wait(`${heading}.test(${PANEL}.querySelector("h2")?.textContent) || undefined`);
  return String(await page.evaluate(`${PANEL}.innerText`));
}

const linkIn = (list: number, text: string) =>
  `[...${PANEL}.querySelectorAll(".refs")[${list}].querySelectorAll("a")].find((a) => a.textContent.startsWith(${JSON.stringify(text)}))`;

/** Walks from the answer to an object and on, and back. */
async function walk(page: Page): Promise<void> {
  await page.wait('document.getElementById("arena").textContent || undefined');
  const log = await click(page, 'document.querySelector("#retained a")', /^a list of 20$/);
  assert.match(log, /__main__\.Session\.log/);
  assert.match(log, /retains\s+\d[\d.,]* [MK]iB/);
  assert.match(log, /Who refers to it\s+the dict of a type Session \["log"\]/);
  assert.match(log, /What it refers to\s+\[0\] a dict of 2,000/);
  const record = await click(page, linkIn(1, "a dict of 2,000"), /^a dict of 2,000$/);
  assert.match(record, /Session\.log\[0\]/);
  const first = await click(page, linkIn(1, "a Record"), /^a Record$/);
  assert.match(first, /Session\.log\[0\]\[0\]/);
  assert.match(first, /class\s+a type Record/);
  assert.match(first, /What it refers to\s+\.id an int 0\s+\.tags a list of 1/);
  const tags = await click(page, linkIn(1, "a list of 1"), /^a list of 1$/);
  assert.match(tags, /Session\.log\[0\]\[0\]\.tags/);
  assert.match(tags, /Who refers to it\s+a Record \.tags/);
  // A part leads to what it is part of; a step of the way to the object there.
  const part = await click(
    page,
    `[...${PANEL}.querySelectorAll("a")].find((a) => a.textContent === "list items")`,
    /^list items$/,
  );
  assert.match(part, /part of\s+a list of 1/);
  await click(
    page,
    `[...${PANEL}.querySelectorAll("a")].find((a) => a.textContent === "a list of 1")`,
    /^a list of 1$/,
  );
  await click(page, `[...${PANEL}.querySelectorAll(".way a")].find((a) => a.textContent === ".log")`, /^a list of 20$/);
  await click(
    page,
    `[...${PANEL}.querySelectorAll(".head button")].find((b) => b.textContent === "Back")`,
    /^a list of 1$/,
  );
  // A block of an arena that is mostly free.
  const held = await click(page, 'document.querySelector("#blocks a")', /./);
  assert.match(held, /lies in\s+arena \d+/);
  // An address is found by the search.
  const address = await page.evaluate('/0x[0-9a-f]+/.exec(document.querySelector("#blocks a").textContent)[0]');
  await page.evaluate(
    `Object.assign(document.getElementById("search"), { value: ${JSON.stringify(address)} }).oninput()`,
  );
  await click(page, 'document.querySelector("#hits a")', /./);
  // It is closed by the keyboard.
  await page.send("Input.dispatchKeyEvent", { type: "keyDown", key: "Escape", code: "Escape" });
  await page.wait(`${PANEL}.hidden || undefined`);
}

async function pictures(page: Page, name: string): Promise<void> {
  const kept = process.env.PICTURES;
  await click(page, 'document.querySelector("#retained a")', /^a list of 20$/);
  for (const scheme of ["light", "dark"]) {
    await page.send("Emulation.setEmulatedMedia", { features: [{ name: "prefers-color-scheme", value: scheme }] });
    for (const width of WIDTHS) {
      const picture = await page.screenshot(width, 900);
      if (kept) {
        mkdirSync(kept, { recursive: true });
        writeFileSync(join(kept, `${name}-${scheme}-${width}.png`), picture);
      }
      assert.equal(await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), true, `${width} wide`);
    }
  }
}

test("a page in a file", { skip }, async () => {
  const file = join(folder, "page.html");
  const made = spawnSync(process.execPath, [cli, "heap", image, "--html", file], { encoding: "utf8" });
  assert.equal(made.status, 0, made.stderr);
  const page = await browser.open(`file://${file}`);
  await walk(page);
  await pictures(page, "file");
});

test("a page that is served, and asks for what it shows", { skip }, async () => {
  const server = spawn(process.execPath, [cli, "heap", image, "--open"], {
    stdio: ["ignore", "ignore", "pipe"],
    env: { ...process.env, BROWSER: "true" },
  });
  try {
    const { value } = await createInterface({ input: server.stderr })[Symbol.asyncIterator]().next();
    const page = await browser.open(/at (\S+)/.exec(value)![1]!);
    await walk(page);
  } finally {
    server.kill();
  }
});
