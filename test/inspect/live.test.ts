// Running CPythons, each version that is on this machine: what the reader finds in them against what they say themselves.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { sizeClasses } from "../../src/inspect/heap/arenas.ts";
import type { Part } from "../../src/inspect/heap/ledger.ts";
import { type Looked, look, lookAt, statistics } from "../../src/inspect/look.ts";
import { find, why } from "../../src/inspect/queries.ts";
import { captureCore } from "../../src/inspect/source/core.ts";
import { openImage, saveCapture } from "../../src/inspect/source/image.ts";
import { CHUNK } from "../../src/inspect/source/memory.ts";
import { captureProcess, LookError } from "../../src/inspect/source/process.ts";
import { sites } from "../../src/inspect/traces.ts";
import { findingsJson } from "../../src/view/json.ts";
import { report } from "../../src/view/report.ts";
import { forgetFiles } from "./cores.ts";
import { pythons, type Scene, startScene } from "./pythons.ts";

const skip = pythons.length === 0 ? "no CPython that can be looked at" : false;
const residentOf = (pid: number) =>
  Number(/^Rss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, "utf8"))![1]) * 1024;
const stateOf = (pid: number) => /^State:\s+(\w)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))![1];
/** Waits until the process is in such a state, four seconds at most. */
async function settled(pid: number, wanted: (state: string) => boolean): Promise<void> {
  for (let i = 0; !wanted(stateOf(pid)!) && i < 200; i++) await new Promise((r) => setTimeout(r, 20));
}

/** The rows of the table of size classes that the process printed: size, pools, blocks in use, free ones. */
function classesIn(figures: string): string[] {
  return [...figures.matchAll(/^ *\d+ +(\d+) +(\d+) +(\d+) +(\d+)$/gm)].map((m) => m.slice(1).join(" "));
}

function counts({ survey }: Looked, name: string): number {
  return survey.totals.find((t) => t.kind === "object" && t.name === name)?.count ?? 0;
}

function checkFigures(found: Looked, { figures, counts: wanted }: Scene): void {
  const { heap } = found.survey;
  const rows = sizeClasses(heap).map((c) => `${c.size} ${c.pools} ${c.used} ${c.free}`);
  assert.deepEqual(rows, classesIn(figures));
  assert.equal(
    heap.arenas.length,
    Number(/# arenas allocated current += +([\d,]+)/.exec(figures)![1]!.replaceAll(",", "")),
  );
  assert.equal(heap.damaged, 0);
  for (const [name, count] of Object.entries(wanted)) assert.equal(counts(found, name), count, name);
}

for (const { minor, path } of pythons) {
  test(`3.${minor}: figures, ways, holders, garbage, the ledger; what would be returned is`, async () => {
    const scene = await startScene(path);
    try {
      const { pid } = scene;
      const before = residentOf(pid);
      const found = look(pid);
      assert.equal(residentOf(pid), before, "looking does not change what is resident");
      assert.notEqual(stateOf(pid), "T", "it goes on");
      checkFigures(found, scene);
      const { survey, ledger, answer } = found;
      // What is resident; pages of zeros that the kernel maps and does not count are left out.
      assert.equal(ledger.total, before);
      assert.equal(
        ledger.parts.reduce((sum, part) => sum + part.bytes, 0),
        before,
      );
      for (const { name, bytes } of ledger.parts) assert.ok(bytes > 0, `${name} ${bytes}`);
      for (const [way, address] of Object.entries(scene.ways)) {
        assert.equal(survey.ways.to(survey.blocks.find(address)), way);
      }
      for (const [i, address] of scene.kept.entries()) {
        assert.equal(survey.ways.to(survey.blocks.find(address)), `__main__.kept[${i}]`);
      }
      const [first] = answer.pinned;
      assert.deepEqual([first!.way, first!.what, first!.single], ["__main__.kept", "a list of 10", true]);
      const log = answer.retained.find((r) => r.way === "__main__.Session.log")!;
      assert.equal(log.what, "a list of 5");
      assert.deepEqual(log.kinds.find((k) => k.name === "Plain")?.count, 2000);
      assert.equal(answer.retained[0], log, "nothing else retains so much");
      const garbage = new Map(answer.garbage.map((t) => [t.name, t.count]));
      assert.equal(garbage.get("Plain"), 100);
      // Up to 3.10 each instance has a dict of its own.
      assert.ok(garbage.get("dict")! >= (minor <= 10 ? 200 : 100));
      assert.ok(garbage.get("dict")! <= (minor <= 10 ? 200 : 100) + 5);
      // The names of what was found lead to it again.
      assert.equal(find(survey, "Session.log", 1)[0], survey.blocks.find(scene.ways["__main__.Session.log"]!));
      assert.equal(
        find(survey, 'parts.label["key"][0]', 1)[0],
        survey.blocks.find(scene.ways['__main__.parts.label["key"][0]']!),
      );
      const kept = why(survey, survey.blocks.find(scene.ways["__main__.slots[5]"]!));
      assert.deepEqual([kept.type, kept.way, kept.referrers.length], ["Slotted", "__main__.slots[5]", 1]);
      for (const line of report(found).split("\n")) assert.ok(line.length <= 80, line);
      // What was read can be kept, and read again.
      const again = lookAt(openImage(saveCapture(found.capture)).capture!);
      assert.deepEqual(findingsJson(again), findingsJson(found));
      await scene.drop();
      const fell = before - residentOf(pid);
      assert.ok(
        Math.abs(fell - first!.bytes) <= survey.heap.arenaSize,
        `${first!.bytes} were to be returned, ${fell} were`,
      );
    } finally {
      scene.end();
    }
  });
}

test("the debug hooks, and no allocator of Python's own", { skip }, async () => {
  for (const mode of ["debug", "malloc", "malloc_debug"]) {
    const scene = await startScene(pythons[0]!.path, { PYTHONMALLOC: mode });
    try {
      const found = look(scene.pid);
      if (mode === "debug") {
        const rows = sizeClasses(found.survey.heap).map((c) => `${c.size} ${c.pools} ${c.used} ${c.free}`);
        assert.deepEqual(rows, classesIn(scene.figures));
      } else assert.equal(found.survey.heap.arenas.length, 0);
      for (const [name, count] of Object.entries(scene.counts))
        assert.equal(counts(found, name), count, `${mode}: ${name}`);
      for (const address of scene.kept)
        assert.match(found.survey.ways.to(found.survey.blocks.find(address)) ?? "", /^__main__\.kept/);
    } finally {
      scene.end();
    }
  }
});

test("an allocator that is not known: said, and nothing is made up", {
  skip: pythons[0]?.minor !== 13 && "mimalloc came with 3.13, which is not here",
}, async () => {
  const scene = await startScene(pythons[0]!.path, { PYTHONMALLOC: "mimalloc" });
  try {
    const found = look(scene.pid);
    assert.match(found.about.notes.join("\n"), /its objects lie in memory of an allocator that is not known here/);
    assert.equal(found.ledger.total, residentOf(scene.pid));
    assert.doesNotMatch(report(found), /garbage/);
  } finally {
    scene.end();
  }
});

const jemalloc = ["/usr/lib/x86_64-linux-gnu/libjemalloc.so.2", "/usr/lib64/libjemalloc.so.2"].find((p) =>
  existsSync(p),
);
test("another C library's allocator: Python's own arenas are read, and it is said what is not", {
  skip: skip || (jemalloc === undefined && "there is no jemalloc"),
}, async () => {
  const scene = await startScene(pythons[0]!.path, { LD_PRELOAD: jemalloc });
  try {
    const found = look(scene.pid);
    checkFigures(found, scene);
    assert.match(found.about.notes.join("\n"), /the C library's allocator is not glibc's/);
    assert.equal(found.answer.pinned[0]?.way, "__main__.kept");
    assert.equal(found.ledger.total, residentOf(scene.pid));
  } finally {
    scene.end();
  }
});

/** What an own copy of a program needs to find its library and its modules. */
function environmentOf(python: string): NodeJS.ProcessEnv {
  const prefix = dirname(dirname(python));
  return { PYTHONHOME: prefix, LD_LIBRARY_PATH: join(prefix, "lib") };
}

test("a C library without glibc's heap, as musl: Python's own arenas are read, and it is said what is not", {
  skip,
}, async () => {
  const scene = await startScene(pythons[0]!.path);
  try {
    const capture = captureProcess(scene.pid);
    const whole = lookAt({ ...capture, notes: [] });
    assert.ok(whole.glibc.mainArena !== 0);
    // What is at the head of that heap is gone.
    const { memory } = capture;
    for (const { start, end, path, access } of capture.mappings) {
      if (!/\/libc[.-][^/]*$/.test(path) || !access.startsWith("rw")) continue;
      for (let at = start; at < end; at += 4) memory.words(memory.chunkOf(at))[(at % CHUNK) / 4] = 0;
    }
    const found = lookAt(capture);
    assert.equal(found.glibc.mainArena, 0);
    assert.match(
      report(found).replace(/\s+/g, " "),
      /the C library's allocator is not glibc's: its free memory is not told/,
    );
    assert.deepEqual(findingsJson(found).pymalloc, findingsJson(whole).pymalloc);
    assert.equal(
      found.ledger.parts.reduce((sum, { bytes }) => sum + bytes, 0),
      whole.ledger.total,
    );
  } finally {
    scene.end();
  }
});

test("a program whose file an upgrade has taken away", { skip }, async () => {
  const folder = mkdtempSync(join(tmpdir(), "vitrine-deleted-"));
  const python = realpathSync(pythons[0]!.path);
  const copy = join(folder, `python3.${pythons[0]!.minor}`);
  copyFileSync(python, copy);
  const scene = await startScene(copy, environmentOf(python));
  rmSync(folder, { recursive: true });
  try {
    assert.match(readlinkSync(`/proc/${scene.pid}/exe`), / \(deleted\)$/);
    const found = look(scene.pid);
    checkFigures(found, scene);
    assert.equal(found.answer.pinned[0]?.way, "__main__.kept");
    assert.ok(!found.survey.totals.some((t) => t.name === "?"), "its types have their names");
  } finally {
    scene.end();
  }
});

test("a program that is linked statically", { skip }, async (t) => {
  const python = realpathSync(pythons[0]!.path);
  const folder = mkdtempSync(join(tmpdir(), "vitrine-static-"));
  try {
    const source = join(folder, "main.c");
    writeFileSync(source, "#include <Python.h>\nint main(int n, char **v) { return Py_BytesMain(n, v); }\n");
    const code =
      "import sysconfig as s; print(s.get_path('include'), s.get_config_var('LIBPL'), s.get_config_var('LIBRARY'))";
    const [include, where, library] = spawnSync(python, ["-c", code], { encoding: "utf8" }).stdout.trim().split(" ");
    const linked = join(folder, `python3.${pythons[0]!.minor}`);
    const libraries = [`${where}/${library}`, "-lm", "-ldl", "-lpthread", "-lutil"];
    const made = spawnSync("cc", ["-static", "-s", "-w", `-I${include}`, source, ...libraries, "-o", linked]);
    if (made.status !== 0) return t.skip("there is no compiler, or no static library of Python's");
    const scene = await startScene(linked, environmentOf(python));
    try {
      const found = look(scene.pid);
      checkFigures(found, scene);
      assert.equal(found.answer.pinned[0]?.way, "__main__.kept");
      assert.equal(found.ledger.total, residentOf(scene.pid));
      assert.ok(!found.survey.totals.some((total) => total.name === "?"), "its types have their names");
      assert.deepEqual(found.about.notes, []);
    } finally {
      scene.end();
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("a program whose file is in another mount namespace", {
  skip: skip || (spawnSync("unshare", ["-m", "true"]).status !== 0 && "no mount namespace can be made"),
}, async () => {
  const python = realpathSync(pythons[0]!.path);
  const folder = mkdtempSync(join(tmpdir(), "vitrine-mount-"));
  const inside = join(folder, `python3.${pythons[0]!.minor}`);
  const start = join(folder, "start");
  const script = `mount -t tmpfs none "${folder}" && cp "${python}" "${inside}" && exec "${inside}" "$@"`;
  writeFileSync(start, `#!/bin/sh\nexec unshare -m sh -c '${script}' sh "$@"\n`, { mode: 0o755 });
  const scene = await startScene(start, environmentOf(python));
  try {
    assert.ok(!existsSync(inside));
    const found = look(scene.pid);
    checkFigures(found, scene);
    assert.equal(found.answer.pinned[0]?.way, "__main__.kept");
    assert.ok(!found.survey.totals.some((t) => t.name === "?"), "its types have their names");
  } finally {
    scene.end();
    rmSync(folder, { recursive: true });
  }
});

const variants = fileURLToPath(new URL("variants.py", import.meta.url));
for (const { minor, path } of pythons) {
  for (const kind of ["threads", "interpreters", "child", "traced"]) {
    test(`3.${minor}: ${kind}`, async (t) => {
      const child = spawn(path, [variants, kind], { stdio: ["ignore", "pipe", "ignore"] });
      const { value } = await createInterface({ input: child.stdout! })[Symbol.asyncIterator]().next();
      const truth = JSON.parse(value) as {
        pid: number;
        counts: Record<string, number>;
        kept: number[];
        lines: number[][];
      };
      if (truth.pid === 0) return t.skip("it has no interpreters that a program can make");
      try {
        // The one that is asked about may be a child that is about to wait.
        await settled(truth.pid, (state) => state === "S");
        const found = look(truth.pid);
        const { survey, ledger } = found;
        for (const [name, count] of Object.entries(truth.counts)) assert.equal(counts(found, name), count, name);
        for (const address of truth.kept) assert.ok(survey.ways.to(survey.blocks.find(address)), address.toString(16));
        const resident = residentOf(truth.pid);
        assert.equal(
          ledger.parts.reduce((sum, part) => sum + part.bytes, 0),
          resident,
        );
        assert.equal(survey.heap.damaged, 0);
        // The figures alone are the same.
        const { pymalloc, ledger: alone } = statistics(truth.pid);
        assert.deepEqual(pymalloc, findingsJson(found).pymalloc);
        const sums = (parts: readonly Part[], of: RegExp) =>
          parts.filter((p) => of.test(p.name)).reduce((sum, p) => sum + p.bytes, 0);
        for (const of of [/^pymalloc/, /^malloc/, /free/, /end/, /./])
          assert.equal(sums(alone.parts, of), sums(ledger.parts, of), String(of));
        if (kind !== "traced") return assert.equal(survey.traces, undefined);
        // As tracemalloc itself counted blocks, by line.
        const byLine = new Map(
          sites(survey.traces!, survey.blocks)
            .filter((s) => s.frames[0]![0] === variants)
            .map((s) => [s.frames[0]![1], s.count]),
        );
        for (const [line, count] of truth.lines) assert.equal(byLine.get(line!), count, `line ${line}`);
        assert.ok(truth.lines.length > 0);
      } finally {
        process.kill(truth.pid, "SIGKILL");
        child.kill("SIGKILL");
      }
    });
  }
}

// Of 3.10 are the types whose names lie in the program's file, though they were made at run time.
const cored = [pythons[0], pythons.find((p) => p.minor === 10), pythons.at(-1)];
for (const { minor, path } of [...new Set(cored)].filter((p) => p !== undefined)) {
  test(`3.${minor}: a core that the kernel writes is read as the process was`, async (t) => {
    const folder = mkdtempSync(join(tmpdir(), "vitrine-core-"));
    const scene = await startScene(path, {}, folder);
    try {
      const live = look(scene.pid);
      const died = new Promise((resolve) => scene.child.removeAllListeners("exit").on("exit", resolve));
      scene.child.kill("SIGABRT");
      await died;
      const core = readdirSync(folder).find((name) => name.startsWith("core"));
      if (core === undefined) return t.skip("this system keeps no cores in the folder where the process was");
      const found = lookAt(captureCore(join(folder, core)));
      checkFigures(found, scene);
      assert.equal(found.about.pid, scene.pid);
      for (const [way, address] of Object.entries(scene.ways))
        assert.equal(found.survey.ways.to(found.survey.blocks.find(address)), way);
      assert.deepEqual(findingsJson(found).garbage, findingsJson(live).garbage);
      forgetFiles(join(folder, core));
      const alone = lookAt(captureCore(join(folder, core)));
      assert.match(alone.about.notes.join("\n"), /not there, or changed since/);
      checkFigures(alone, scene);
      assert.deepEqual(alone.survey.generations, found.survey.generations);
      assert.deepEqual(findingsJson(alone).garbage, findingsJson(found).garbage);
      const { total, parts } = found.ledger;
      assert.equal(
        parts.reduce((sum, part) => sum + part.bytes, 0),
        total,
      );
    } finally {
      scene.end();
      rmSync(folder, { recursive: true });
    }
  });
}

test("one that was stopped stays so; one that ended, or is no Python, is told in a line", { skip }, async () => {
  const scene = await startScene(pythons[0]!.path);
  try {
    process.kill(scene.pid, "SIGSTOP");
    await settled(scene.pid, (state) => state === "T");
    look(scene.pid);
    assert.equal(stateOf(scene.pid), "T");
  } finally {
    scene.end();
  }
  assert.throws(
    () => look(2 ** 22 + 1),
    (error: Error) => error instanceof LookError && /there is no process/.test(error.message),
  );
  const other = spawn("sleep", ["60"]);
  try {
    await new Promise((r) => setTimeout(r, 200));
    assert.throws(
      () => look(other.pid!),
      (error: Error) => error instanceof LookError && /no CPython/.test(error.message),
    );
    assert.notEqual(stateOf(other.pid!), "T");
  } finally {
    other.kill();
  }
});

test("it goes on when the reader is killed meanwhile", { skip }, async () => {
  const scene = await startScene(pythons[0]!.path);
  try {
    const module = new URL("../../src/inspect/source/process.ts", import.meta.url).href;
    const code = `import(${JSON.stringify(module)}).then((m) => { m.stopProcess(${scene.pid}); process.kill(process.pid, "SIGKILL"); })`;
    spawnSync(process.execPath, ["--import", "tsx", "-e", code]);
    await settled(scene.pid, (state) => state !== "T");
    assert.notEqual(stateOf(scene.pid), "T");
  } finally {
    scene.end();
  }
});

test("a signal that comes while a process is stopped ends the reader, not before that goes on", { skip }, async () => {
  const scene = await startScene(pythons[0]!.path);
  try {
    const module = new URL("../../src/inspect/source/process.ts", import.meta.url).href;
    const code = `import(${JSON.stringify(module)}).then((m) => {
      const goOn = m.stopProcess(${scene.pid});
      process.kill(process.pid, "SIGTERM");
      goOn();
      setTimeout(() => {}, 60000);
    })`;
    const { signal } = spawnSync(process.execPath, ["--import", "tsx", "-e", code], {
      timeout: 50_000,
      killSignal: "SIGKILL",
    });
    assert.equal(signal, "SIGTERM");
    await settled(scene.pid, (state) => state !== "T");
    assert.notEqual(stateOf(scene.pid), "T");
  } finally {
    scene.end();
  }
});
