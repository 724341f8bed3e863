/**
 * What runs in the page: the tree that is walked by retained size, the search, the map of arenas and what is in one.
 *
 * The one function here is put into the page as text, so it refers to nothing outside itself.
 */
import type { PageData } from "./page-data.ts";
import type { ObjectStore } from "./page-objects.ts";
import type { drawPanel } from "./page-panel.ts";

/** Fills the page with `data`. `openPanel`: drawPanel, which is given as text, too. */
export function drawHeap(data: PageData, store: ObjectStore, openPanel: typeof drawPanel): void {
  const element = <T extends HTMLElement>(id: string) => document.getElementById(id) as T;
  const hex = (n: number) => `0x${n.toString(16)}`;
  const count = (n: number) => n.toLocaleString("en-US");
  const bytes = (n: number) =>
    n < 10000
      ? `${count(n)} B`
      : n < 10240000
        ? `${count(Math.round(n / 1024))} KiB`
        : `${count(Math.round(n / 1048576))} MiB`;
  const make = (tag: string, text = "", className = "") => {
    const made = document.createElement(tag);
    made.textContent = text;
    if (className) made.className = className;
    return made;
  };
  /** The same for a name on every page. */
  const colorOf = (name: string) => {
    let hash = 2166136261;
    for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 16777619) >>> 0;
    hash = Math.imul(hash ^ (hash >>> 15), 2246822519) >>> 0;
    hash = (hash ^ (hash >>> 13)) >>> 0;
    return `hsl(${hash % 360} ${45 + ((hash >>> 9) % 30)}% ${42 + ((hash >>> 16) % 20)}%)`;
  };
  const chip = (name: string) => {
    const mark = make("i");
    mark.style.background = colorOf(name);
    return mark;
  };

  const panel = openPanel(store, {
    make,
    hex,
    count,
    bytes,
    reveal: (address) => reveal(address),
    inTree: (address) => byAddress[address] !== undefined,
    arenaOf(address) {
      let [low, high] = [0, data.arenas.length];
      while (low < high) {
        const middle = (low + high) >> 1;
        if (data.arenas[middle]![1] <= address) low = middle + 1;
        else high = middle;
      }
      const arena = data.arenas[low - 1];
      if (!arena || address >= arena[1] + data.arenaSize) return undefined;
      return { name: `arena ${arena[0]}`, select: () => select(low - 1, true) };
    },
    missing: `This page has ${count(data.objects.count)} of ${count(data.objects.all)} blocks: those that retain most, those that keep arenas, and what is near them. ADDRESS is not among them; with --open the page has all, and --why ADDRESS tells of this one.`,
  });

  // The tree: a row for each object, those below it made when it is opened.
  const children: number[][] = data.tree.map(() => []);
  const roots: number[] = [];
  const byAddress: Record<number, number> = {};
  data.tree.forEach((node, i) => {
    (node[0] < 0 ? roots : children[node[0]]!).push(i);
    byAddress[node[3]] = i;
  });
  const rows: Record<number, HTMLElement> = {};
  const openers: Record<number, (open: boolean) => void> = {};
  const typeName = (what: string) => what.replace(/^an? /, "").replace(/ of [\d,]+$/, "");
  const addRow = (list: HTMLElement, i: number) => {
    const [, step, what, address, own, retained, objects] = data.tree[i]!;
    const item = make("li");
    item.setAttribute("role", "treeitem");
    const line = make("div", "", "line");
    line.tabIndex = 0;
    const mark = make("span", children[i]!.length ? "▸" : " ", "mark");
    const bar = make("span", "", "bar");
    const share = make("b");
    share.style.width = `${Math.max(1, (retained / data.total) * 100)}%`;
    share.style.background = colorOf(typeName(what));
    bar.append(share);
    line.append(mark, bar, make("span", bytes(retained), "n"), make("code", step || "·"));
    const about = make("span", "", "dim");
    about.append(panel.link(address, what), `, ${bytes(own)} itself, ${count(objects)} objects`);
    line.append(about);
    line.title = `${hex(address)}: ${step}`;
    item.append(line);
    let below: HTMLElement | undefined;
    const open = (wanted: boolean) => {
      if (!children[i]!.length) return;
      if (!below) {
        below = make("ul");
        below.setAttribute("role", "group");
        for (const child of children[i]!) addRow(below, child);
        item.append(below);
      }
      below.hidden = !wanted;
      mark.textContent = wanted ? "▾" : "▸";
      item.setAttribute("aria-expanded", String(wanted));
    };
    let isOpen = false;
    const toggle = () => {
      isOpen = !isOpen;
      open(isOpen);
    };
    line.onclick = (event) => {
      if (!(event.target as Element).closest("a")) toggle();
    };
    line.onkeydown = (event: KeyboardEvent) => {
      if ((event.target as Element) !== line && event.key === "Enter") return;
      if (event.key === "Enter" || event.key === " ") toggle();
      else if (event.key === "ArrowRight") open((isOpen = true));
      else if (event.key === "ArrowLeft") open((isOpen = false));
      else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        const all = Array.from(document.querySelectorAll<HTMLElement>("#tree .line")).filter(
          (l) => l.offsetParent !== null,
        );
        all[all.indexOf(line) + (event.key === "ArrowDown" ? 1 : -1)]?.focus();
      } else return;
      event.preventDefault();
    };
    openers[i] = (wanted) => open((isOpen = wanted));
    rows[i] = line;
    list.append(item);
  };
  const tree = element("tree");
  // What the interpreter itself holds is hidden until it is asked for.
  const own = new Set(data.own);
  for (const i of roots) if (!own.has(i)) addRow(tree, i);
  const rest = roots.filter((i) => own.has(i));
  const more = element("own");
  const showOwn = () => {
    for (const i of rest.splice(0)) addRow(tree, i);
    more.hidden = true;
  };
  more.textContent = `Show ${count(rest.length)} more that the interpreter itself holds`;
  more.hidden = rest.length === 0;
  more.onclick = showOwn;
  const reveal = (address: number) => {
    const i = byAddress[address];
    if (i === undefined) return false;
    const way: number[] = [];
    for (let at = data.tree[i]![0]; at >= 0; at = data.tree[at]![0]) way.unshift(at);
    if (own.has(way[0] ?? i)) showOwn();
    for (const at of way) openers[at]!(true);
    openers[i]!(true);
    for (const line of Array.from(document.querySelectorAll("#tree .found"))) line.classList.remove("found");
    rows[i]!.classList.add("found");
    rows[i]!.scrollIntoView({ block: "center" });
    rows[i]!.focus();
    return true;
  };

  const list = (id: string, entries: PageData["pinned"], nothing: string) => {
    const target = element(id);
    for (const [text, detail, address] of entries) {
      const item = make("li");
      if (byAddress[address] !== undefined) {
        const link = make("button", text);
        link.onclick = () => void reveal(address);
        item.append(link, " ", panel.link(address, "details"));
      } else item.append(address > 0 ? panel.link(address, text) : make("span", text));
      item.append(make("div", detail, "dim"));
      target.append(item);
    }
    if (!entries.length) target.append(make("li", nothing));
  };
  for (const fact of data.facts) element("facts").append(make("p", fact));
  list("pinned", data.pinned, "No arena is mostly free.");
  list("retained", data.retained, "Nothing retains much.");
  element("garbage").textContent = data.garbage;

  const table = (id: string, head: string[], cells: (string | HTMLElement)[][], limit: number) => {
    const target = element<HTMLTableElement>(id);
    target.replaceChildren();
    const row = (values: (string | HTMLElement)[], tag: string) => {
      const line = make("tr");
      for (const value of values) {
        const cell = make(tag);
        if (typeof value === "string") {
          cell.textContent = value;
          const isNumber = /^-?[\d,.]+( (B|KiB|MiB|%))?$/.test(value);
          if (isNumber || (tag === "th" && /^(blocks|bytes|memory)$/.test(value))) cell.className = "n";
        } else cell.append(value);
        line.append(cell);
      }
      target.append(line);
    };
    row(head, "th");
    for (const values of cells.slice(0, limit)) row(values, "td");
    const more = `${count(cells.length - limit)} more`;
    if (cells.length > limit) row(head[0] === "" ? ["", more] : [more], "td");
  };
  table(
    "ledger",
    ["What the bytes are for", "bytes", ""],
    data.ledger.map(([name, n]) => [name, count(n), `${((n / data.total) * 100).toFixed(1)} %`]),
    100,
  );
  element("traced").hidden = data.sites.length === 0;
  table(
    "sites",
    ["since tracemalloc was on", "blocks", "memory"],
    data.sites.map(([line, n, size]) => [line, count(n), bytes(size)]),
    500,
  );
  const holds = data.holds.map(([name, kind, n, size]) => ({
    text: `${name} ${kind}`,
    cells: () => [chip(name), name, kind, count(n), bytes(size)],
  }));

  // What is in an arena, as a table: the map for those who do not see it.
  let selected = -1;
  const select = (place: number, focus = false) => {
    selected = Math.max(0, Math.min(place, data.arenas.length - 1));
    const arena = data.arenas[selected];
    if (!arena) return;
    const [index, address, used, inUse, fill] = arena;
    const free = fill.replace(/[^-.]/g, "").length;
    element("arena").textContent =
      `Arena ${index} at ${hex(address)}: ${count(inUse)} block${inUse === 1 ? "" : "s"}, ${bytes(used)} of ${bytes(data.arenaSize)} in use; ${free} of ${fill.length} pools are free`;
    const its = data.blocks.filter((b) => b[0] === selected);
    table(
      "blocks",
      ["", "block", "bytes", "holds", "", "reached as"],
      its.map(([, at, size, held, text, way, holder, object]) => {
        // The way leads to what would take the block along.
        const link = make(holder < 0 ? "span" : "button", way || (holder < 0 ? "" : "in the tree"));
        if (holder >= 0) link.onclick = () => void reveal(data.tree[holder]![3]);
        return [chip(data.holds[held]![0]), panel.link(object, hex(at)), count(size), data.holds[held]![0], text, link];
      }),
      200,
    );
    element("blocksnote").textContent = its.length
      ? inUse > its.length
        ? `${count(inUse - its.length)} blocks more are in use in it.`
        : ""
      : "It is well filled; its blocks are not listed.";
    draw();
    if (focus) element("blocks").scrollIntoView({ block: "nearest" });
  };

  const canvas = element<HTMLCanvasElement>("map");
  const ROW = data.arenas.length > 400 ? 3 : data.arenas.length > 80 ? 6 : 12;
  const cells = data.arenas[0] ? Math.max(...data.arenas.slice(0, 50).map((a) => a[4].length)) : 1;
  const CELL = Math.max(4, Math.floor(640 / cells));
  const draw = () => {
    if (!data.arenas.length) return;
    const width = cells * CELL;
    const height = data.arenas.length * ROW;
    const scale = Math.min(window.devicePixelRatio || 1, 30000 / height);
    canvas.width = width * scale;
    canvas.height = height * scale;
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
    const context = canvas.getContext("2d")!;
    context.scale(scale, scale);
    const style = getComputedStyle(document.documentElement);
    const [free, never, mark] = ["--free", "--never", "--mark"].map((name) => style.getPropertyValue(name));
    const palette = data.colors.map(colorOf);
    data.arenas.forEach(([, , , , fill, most], y) => {
      for (let x = 0; x < fill.length; x++) {
        const c = fill[x]!;
        context.fillStyle = c === "." ? never! : free!;
        context.fillRect(x * CELL, y * ROW, CELL - 1, ROW > 3 ? ROW - 1 : ROW);
        if (c === "." || c === "-") continue;
        context.fillStyle = palette[most.charCodeAt(x) - 48] ?? "#999";
        // A pool with few blocks is still to be seen.
        const part = Math.max(0.25, (Number(c) + 1) / 10);
        context.fillRect(x * CELL, y * ROW, Math.max(2, (CELL - 1) * part), ROW > 3 ? ROW - 1 : ROW);
      }
    });
    if (selected >= 0) {
      context.strokeStyle = mark!;
      context.strokeRect(0.5, selected * ROW - 0.5, width - 1, ROW + 1);
    }
  };
  canvas.onclick = (event) => select(Math.floor(event.offsetY / ROW), true);
  canvas.onkeydown = (event) => {
    const step: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, PageDown: 20, PageUp: -20 };
    if (event.key === "Home") select(0);
    else if (event.key === "End") select(data.arenas.length - 1);
    else if (step[event.key]) select(selected + step[event.key]!);
    else return;
    event.preventDefault();
  };
  // The emptiest of those that are mostly free first.
  const emptiest = data.arenas.reduce(
    (best, a, i) => (a[3] > 0 && (best < 0 || a[2] < data.arenas[best]![2]) ? i : best),
    -1,
  );

  // The search goes through types, objects of the tree, and blocks of arenas that are mostly free.
  const search = element<HTMLInputElement>("search");
  const find = () => {
    const text = search.value.trim().toLowerCase();
    table(
      "holds",
      ["", "What the blocks hold", "", "blocks", "memory"],
      holds.filter((h) => h.text.toLowerCase().includes(text)).map((h) => h.cells()),
      text ? 200 : 40,
    );
    const target = element("hits");
    target.replaceChildren();
    if (!text) return;
    let found = 0;
    // An address is asked for, listed or not.
    if (/^0x[0-9a-f]{5,12}$/.test(text)) {
      const item = make("li");
      item.append(panel.link(Number(text), `what is at ${text}`));
      target.append(item);
      found++;
    }
    data.tree.forEach(([, step, what, address, , retained], i) => {
      if (!`${step} ${what} ${hex(address)}`.toLowerCase().includes(text) || ++found > 100) return;
      const item = make("li");
      const link = make("button", `${step || "·"} ${what}, ${bytes(retained)}`);
      link.onclick = () => void reveal(data.tree[i]![3]);
      item.append(link, " ", panel.link(data.tree[i]![3], "details"));
      target.append(item);
    });
    data.blocks.forEach(([arena, address, size, held, value, way, , object]) => {
      if (!`${data.holds[held]![0]} ${value} ${way} ${hex(address)}`.toLowerCase().includes(text) || ++found > 200)
        return;
      const item = make("li");
      const link = make(
        "button",
        `${data.holds[held]![0]} ${value} in arena ${data.arenas[arena]![0]}: ${way}, ${size} B`,
      );
      link.onclick = () => select(arena, true);
      item.append(link, " ", panel.link(object, "details"));
      target.append(item);
    });
    if (found === 0) target.append(make("li", "nothing found among what is listed here"));
  };
  search.oninput = find;
  find();
  select(Math.max(emptiest, 0));
  window.matchMedia?.("(prefers-color-scheme: dark)").addEventListener?.("change", draw);
}
