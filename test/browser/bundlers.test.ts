// The package in a page: as it is, and from each bundler. One import, no stand-ins.
import assert from "node:assert/strict";
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { Browser, chromium, serve } from "./chromium.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const skip = chromium === undefined && "there is no Chromium";
const html = (script: string) =>
  `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><title>Vitrine</title><body>${script}`;

/** Of a screen and of a telephone. With PICTURES, a folder, what is seen at them is kept there. */
const WIDTHS = [1280, 390];
const WIDEST =
  "Math.max(...[document, document.querySelector('iframe').contentDocument].map((d) => d.documentElement.scrollWidth))";

let folder: string;
let browser: Browser;

before(() => {
  folder = mkdtempSync(join(tmpdir(), "vitrine-pages-"));
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(root, join(folder, "node_modules/vitrine"));
  copyFileSync(join(root, "test/browser/app.mjs"), join(folder, "app.mjs"));
  writeFileSync(join(folder, "main.mjs"), 'import { main } from "./app.mjs";\nmain();\n');
  if (!skip) browser = new Browser();
});

after(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** What a page of a folder has done. */
async function outcomeOf(folders: Record<string, string>, path: string, isolated: boolean): Promise<unknown> {
  const { url, server } = await serve(folders, isolated);
  try {
    const page = await browser.open(url + path);
    const outcome = (await page.wait("globalThis.outcome")) as { error?: string };
    assert.equal(outcome.error, undefined);
    for (const width of WIDTHS) {
      const picture = await page.screenshot(width, 900);
      if (process.env.PICTURES)
        writeFileSync(join(process.env.PICTURES, `${path.replaceAll("/", "")}-${width}.png`), picture);
      assert.equal(picture.readUInt32BE(16), width);
      // Nothing is wider than the page, or than the heap's page in it.
      assert.equal(await page.evaluate(`${WIDEST} <= ${width}`), true);
    }
    return outcome;
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

/** What the program of threads comes to (app.mjs), wherever it runs. */
const THREADS = {
  printed: [
    "started 1",
    "joined True",
    "queue [0, 1, 4, 9, 16, 25, 36, 49, 64, 81]",
    "pool [1, 2, 3, 4, 5]",
    "raised division by zero",
    "timeout (False, True)",
    "released True",
    "slept [0.02, 0.4]",
    "excepthook ValueError('in a thread')",
    "asyncio 4",
  ],
  answers: [42, true, true],
  interrupted: "KeyboardInterrupt",
  limit: "time",
  caught: "time",
  alive: [true, true, 2],
  last: "last 0\n",
  stuck: "disposed",
};

function check(outcome: unknown, isolated: boolean): void {
  const { spread, ...rest } = outcome as { spread: number };
  assert.deepEqual(rest, {
    output: "{\"sum\": 3} b'abc'\n",
    bytes: 8,
    limit: "time",
    restored: [1],
    left: [0, 0],
    seen: ["0", "0\n", "0\n1", "0\n1\n", "0\n1\n2", "0\n1\n2\n"],
    ...(isolated ? { later: [42, 43], looks: ["a", "b", "c"] } : {}),
    threads: isolated ? THREADS : "can't start new thread",
    heap: [true, true],
    ended: isolated ? "KeyboardInterrupt" : "InterpreterError",
  });
  assert.ok(spread >= 150, `all output came within ${spread} ms`);
}

for (const isolated of [true, false]) {
  test(`a page with a script of its own${isolated ? ", isolated" : ""}`, { skip }, async () => {
    const page = join(folder, "plain");
    mkdirSync(page, { recursive: true });
    copyFileSync(join(folder, "app.mjs"), join(page, "app.mjs"));
    const map = JSON.stringify({ imports: { vitrine: "/package/dist/browser.mjs" } });
    const script = `<script type="importmap">${map}</script><script type="module">import { main } from "./app.mjs"; main();</script>`;
    writeFileSync(join(page, "index.html"), html(script));
    check(await outcomeOf({ plain: page, package: root }, "/plain/", isolated), isolated);
  });
}

test("esbuild", { skip }, async () => {
  const { build } = await import("esbuild");
  writeFileSync(
    join(folder, "esbuild.mjs"),
    `import { main } from "./app.mjs";
import runtime from "vitrine/vitrine.wasm";
import library from "vitrine/library.bin";
main({ runtime, library, worker: "./worker.js" });
`,
  );
  const outdir = join(folder, "esbuild");
  await build({
    absWorkingDir: folder,
    entryPoints: { main: "esbuild.mjs", worker: "vitrine/worker" },
    bundle: true,
    format: "esm",
    outdir,
    loader: { ".wasm": "file", ".bin": "file" },
    logLevel: "error",
  });
  writeFileSync(join(outdir, "index.html"), html('<script type="module" src="./main.js"></script>'));
  check(await outcomeOf({ esbuild: outdir }, "/esbuild/", true), true);
});

test("Vite", { skip }, async () => {
  const { build } = await import("vite");
  writeFileSync(join(folder, "index.html"), html('<script type="module" src="./main.mjs"></script>'));
  const outDir = join(folder, "vite");
  await build({
    root: folder,
    configFile: false,
    base: "./",
    logLevel: "error",
    build: { outDir, target: "es2022" },
    worker: { format: "es" },
  });
  assert.equal(readdirSync(join(outDir, "assets")).filter((name) => name.endsWith(".bin")).length, 1);
  check(await outcomeOf({ vite: outDir }, "/vite/", true), true);
});

test("webpack", { skip }, async () => {
  const { default: webpack } = await import("webpack");
  const path = join(folder, "webpack");
  const stats = await new Promise<string>((resolve, reject) => {
    webpack(
      {
        context: folder,
        mode: "production",
        // What is looked at is whether it finds everything; the package is small already.
        optimization: { minimize: false },
        entry: "./main.mjs",
        output: { path, filename: "main.js" },
        resolve: { symlinks: true },
        performance: false,
      },
      (error, result) => {
        if (error) reject(error);
        else resolve(result!.hasErrors() ? result!.toString({ all: false, errors: true }) : "");
      },
    );
  });
  assert.equal(stats, "");
  writeFileSync(join(path, "index.html"), html('<script src="./main.js"></script>'));
  check(await outcomeOf({ webpack: path }, "/webpack/", true), true);
});
