/**
 * What runs in the page: draws the arenas, the pools of one, the blocks of a pool, and says what lies under the pointer.
 *
 * The one function here is put into the page as text, so it refers to nothing outside itself.
 */
import type { PageData, PagePool } from "./page-data.ts";

/** Draws `data` into the page's elements. */
export function drawHeap(data: PageData): void {
  const element = <T extends HTMLElement>(id: string) => document.getElementById(id) as T;
  const hex = (n: number) => `0x${n.toString(16)}`;
  const count = (n: number) => n.toLocaleString("en-US");
  const counted = (n: number, noun: string) => `${count(n)} ${noun}${n === 1 ? "" : "s"}`;
  // A block: place, what it holds, age, reference count, text.
  const NUMBERS = 5;
  const HEADER = 48;
  const ageColors = ["#f2b134", "#ed553b", "#3b6fb6", "#9c9c9c"];
  let byAge = false;
  let selected = data.arenas.reduce((best, arena, i) => (arena.used > data.arenas[best]!.used ? i : best), 0);
  let pool = 0;
  let marked = -1;

  const theme = { free: "", never: "", mark: "", text: "", dim: "", other: "" };
  const readTheme = () => {
    const style = getComputedStyle(document.documentElement);
    for (const name of Object.keys(theme) as (keyof typeof theme)[]) theme[name] = style.getPropertyValue(`--${name}`);
  };

  const label = (i: number) => {
    const [name, kind] = data.holds[i]!;
    if (kind === "unknown") return `(${name})`;
    return kind === "kept" ? `${name}, kept for reuse` : name;
  };
  // Neighbouring hues for neighbours in the list would look alike: step around the circle.
  const typeColors = data.holds.map(([, kind], i) => {
    if (kind === "unknown" || kind === "kept") return "#a9a49b";
    return `hsl(${(i * 137.5) % 360} ${kind === "part" ? 35 : 65}% ${i % 2 ? 48 : 60}%)`;
  });
  const colorOf = (held: number, age: number) => {
    if (marked >= 0 && held !== marked) return theme.other;
    return byAge ? ageColors[age]! : typeColors[held]!;
  };
  /** The colour of most blocks of a pool; of the marked ones, where there are any. */
  const poolColor = ({ blocks }: PagePool) => {
    const votes: number[] = [];
    let best = -1;
    for (let i = 0; i < blocks.length; i += NUMBERS) {
      if (marked >= 0 && blocks[i + 1] === marked) return colorOf(marked, blocks[i + 2]!);
      const key = byAge ? blocks[i + 2]! : blocks[i + 1]!;
      votes[key] = (votes[key] ?? 0) + 1;
      if (best < 0 || votes[key]! > votes[best]!) best = key;
    }
    return colorOf(byAge ? -1 : best, best);
  };

  const context = (canvas: HTMLCanvasElement, width: number, height: number) => {
    // A canvas cannot be arbitrarily high.
    const scale = Math.min(window.devicePixelRatio || 1, 32000 / height);
    canvas.width = width * scale;
    canvas.height = height * scale;
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
    const c = canvas.getContext("2d")!;
    c.scale(scale, scale);
    c.clearRect(0, 0, width, height);
    return c;
  };

  const overview = element<HTMLCanvasElement>("overview");
  const [CELL, ROW, LABEL] = [10.5, 14, 48];
  const columns = Math.max(1, ...data.arenas.map((arena) => arena.pools.length));
  const drawOverview = () => {
    const c = context(overview, LABEL + columns * CELL + 54, data.arenas.length * ROW + 2);
    c.font = "10px ui-monospace, monospace";
    data.arenas.forEach((arena, row) => {
      const y = row * ROW + 1;
      c.fillStyle = row === selected ? theme.mark : theme.dim;
      c.fillText(`${row === selected ? "▸" : " "}${arena.index}`, 4, y + 10);
      c.fillText(`${(arena.share * 100).toFixed(0)} %`, LABEL + columns * CELL + 8, y + 10);
      arena.pools.forEach((p, i) => {
        const x = LABEL + i * CELL;
        c.fillStyle = p.state === "uncarved" ? theme.never : theme.free;
        c.fillRect(x, y, CELL - 1, ROW - 2);
        if (p.blocks.length === 0) return;
        const height = Math.max(2, (p.blocks.length / NUMBERS / p.capacity) * (ROW - 2));
        c.fillStyle = poolColor(p);
        c.fillRect(x, y + ROW - 2 - height, CELL - 1, height);
      });
    });
  };

  const detail = element<HTMLCanvasElement>("detail");
  const [POOL, GAP, TEXT, ACROSS] = [90, 8, 13, 8];
  const [STEP_X, STEP_Y] = [POOL + GAP, POOL + GAP + TEXT];
  /** How the blocks of a pool lie in its square. */
  const gridOf = (p: PagePool) => {
    const across = Math.ceil(Math.sqrt(p.capacity));
    return { across, step: POOL / across };
  };
  const drawDetail = () => {
    const arena = data.arenas[selected];
    const rows = Math.ceil((arena?.pools.length ?? 0) / ACROSS);
    const c = context(detail, ACROSS * STEP_X, Math.max(1, rows * STEP_Y));
    if (!arena) return;
    c.font = "10px system-ui, sans-serif";
    arena.pools.forEach((p, i) => {
      const x = (i % ACROSS) * STEP_X + 3;
      const y = Math.floor(i / ACROSS) * STEP_Y + 3;
      if (i === pool) {
        c.fillStyle = theme.mark;
        c.fillRect(x - 2, y - 2, POOL + 4, POOL + 4);
      }
      c.fillStyle = p.state === "uncarved" ? theme.never : theme.free;
      c.fillRect(x, y, POOL, POOL);
      const used = p.blocks.length / NUMBERS;
      c.fillStyle = i === pool ? theme.mark : theme.dim;
      const text =
        p.state === "uncarved" ? "never used" : used === 0 ? "free again" : `${p.size} B · ${used}/${p.capacity}`;
      c.fillText(text, x, y + POOL + TEXT - 1);
      const { across, step } = gridOf(p);
      const side = step > 3 ? step - 1 : step;
      for (let b = 0; b < p.blocks.length; b += NUMBERS) {
        const place = p.blocks[b]!;
        c.fillStyle = colorOf(p.blocks[b + 1]!, p.blocks[b + 2]!);
        c.fillRect(x + (place % across) * step, y + Math.floor(place / across) * step, side, side);
      }
    });
    element("arena").textContent =
      `Arena ${arena.index} at ${hex(arena.address)}: ${counted(arena.used, "block")}, ${(arena.share * 100).toFixed(1)} % in use`;
  };

  const cells = (row: HTMLTableRowElement, texts: string[], classes: string[] = []) => {
    texts.forEach((text, i) => {
      const cell = row.insertCell();
      cell.textContent = text;
      cell.className = classes[i] ?? "";
      if (classes[i] === "wide") cell.title = text;
    });
  };
  const heads = (table: HTMLTableElement, texts: string[], classes: string[] = []) => {
    const row = table.insertRow();
    texts.forEach((text, i) => {
      const cell = document.createElement("th");
      cell.textContent = text;
      cell.className = classes[i] ?? "";
      row.append(cell);
    });
  };
  const swatch = (color: string) => {
    const box = document.createElement("i");
    box.style.background = color;
    return box;
  };
  const references = (held: number, refcount: number) =>
    data.holds[held]![1] !== "object" ? "" : refcount < 0 ? "immortal" : count(refcount);

  const poolLines = (p: PagePool) => [
    `pool at ${hex(p.address)}`,
    p.state === "uncarved" ? "never used" : "",
    p.state === "empty" ? `free again; held blocks of ${p.size} bytes` : "",
    p.blocks.length ? `${p.blocks.length / NUMBERS} of ${p.capacity} blocks of ${p.size} bytes in use` : "",
  ];
  const list = element<HTMLTableElement>("list");
  const listClasses = ["", "mono", "", "wide", "n", ""];
  const drawList = () => {
    list.replaceChildren();
    const p = data.arenas[selected]?.pools[pool];
    element("pool").textContent = p ? poolLines(p).filter(Boolean).join(": ").replace(/^p/, "P") : "";
    if (!p || p.blocks.length === 0) return;
    heads(list, ["", "address", "holds", "value", "references", "age"], listClasses);
    for (let b = 0; b < p.blocks.length; b += NUMBERS) {
      const [place, held, age, refcount, text] = p.blocks.slice(b, b + NUMBERS) as [
        number,
        number,
        number,
        number,
        number,
      ];
      const row = list.insertRow();
      row.insertCell().append(swatch(colorOf(held, age)));
      const shown = [
        hex(p.address + HEADER + place * p.size),
        label(held),
        data.texts[text]!,
        references(held, refcount),
      ];
      cells(row, [...shown, data.ages[age]!], listClasses.slice(1));
    }
  };

  const tip = element("tip");
  const showTip = (event: MouseEvent, lines: string[]) => {
    tip.textContent = lines.filter((line) => line).join("\n");
    tip.style.display = "block";
    tip.style.left = `${Math.max(0, Math.min(event.pageX + 14, document.documentElement.scrollWidth - tip.offsetWidth - 8))}px`;
    tip.style.top = `${event.pageY + 16}px`;
  };
  const hideTip = () => {
    tip.style.display = "none";
  };
  const blockLines = (p: PagePool, b: number) => {
    const [place, held, age, refcount, text] = p.blocks.slice(b, b + NUMBERS) as [
      number,
      number,
      number,
      number,
      number,
    ];
    const n = references(held, refcount);
    return [
      label(held),
      data.texts[text]!,
      n === "" ? "" : n === "immortal" ? n : `reference count ${n}`,
      data.ages[age]!,
      `block of ${p.size} bytes at ${hex(p.address + HEADER + place * p.size)}`,
    ];
  };

  const select = (arena: number, p: number) => {
    const moved = arena !== selected;
    selected = Math.max(0, Math.min(data.arenas.length - 1, arena));
    pool = Math.max(0, Math.min((data.arenas[selected]?.pools.length ?? 1) - 1, p));
    if (moved) drawOverview();
    drawDetail();
    drawList();
  };
  const map = element("map");
  /** Keeps the selected row of the map in sight. */
  const follow = () => {
    const y = selected * ROW;
    if (y < map.scrollTop) map.scrollTop = y;
    else if (y + 2 * ROW > map.scrollTop + map.clientHeight) map.scrollTop = y + 2 * ROW - map.clientHeight;
  };
  const onKeys = (canvas: HTMLCanvasElement, moves: Record<string, () => void>) => {
    canvas.onkeydown = (event) => {
      const move = moves[event.key];
      if (!move) return;
      event.preventDefault();
      move();
      follow();
    };
  };
  onKeys(overview, {
    ArrowUp: () => select(selected - 1, pool),
    ArrowDown: () => select(selected + 1, pool),
    ArrowLeft: () => select(selected, pool - 1),
    ArrowRight: () => select(selected, pool + 1),
    Home: () => select(0, pool),
    End: () => select(data.arenas.length - 1, pool),
    PageUp: () => select(selected - 20, pool),
    PageDown: () => select(selected + 20, pool),
  });
  onKeys(detail, {
    ArrowLeft: () => select(selected, pool - 1),
    ArrowRight: () => select(selected, pool + 1),
    ArrowUp: () => select(selected, pool - ACROSS),
    ArrowDown: () => select(selected, pool + ACROSS),
    PageUp: () => select(selected - 1, pool),
    PageDown: () => select(selected + 1, pool),
  });
  overview.onmousemove = (event) => {
    const arena = data.arenas[Math.floor(event.offsetY / ROW)];
    const p = arena?.pools[Math.floor((event.offsetX - LABEL) / CELL)];
    if (!arena) return hideTip();
    showTip(event, [`arena ${arena.index} at ${hex(arena.address)}`, ...(p ? poolLines(p) : [])]);
  };
  overview.onclick = (event) => {
    const row = Math.floor(event.offsetY / ROW);
    if (row < data.arenas.length) select(row, Math.floor((event.offsetX - LABEL) / CELL));
  };
  const poolAt = (event: MouseEvent) => {
    const [column, row] = [Math.floor(event.offsetX / STEP_X), Math.floor(event.offsetY / STEP_Y)];
    return {
      i: column < ACROSS ? row * ACROSS + column : -1,
      x: event.offsetX - column * STEP_X - 3,
      y: event.offsetY - row * STEP_Y - 3,
    };
  };
  detail.onmousemove = (event) => {
    const { i, x, y } = poolAt(event);
    const p = data.arenas[selected]?.pools[i];
    if (!p) return hideTip();
    const { across, step } = gridOf(p);
    const inside = x >= 0 && y >= 0 && x < POOL && y < POOL;
    const place = inside ? Math.floor(y / step) * across + Math.floor(x / step) : -1;
    let found = -1;
    for (let b = 0; b < p.blocks.length; b += NUMBERS) if (p.blocks[b] === place) found = b;
    showTip(event, found >= 0 ? blockLines(p, found) : poolLines(p));
  };
  detail.onclick = (event) => {
    const { i } = poolAt(event);
    if (data.arenas[selected]?.pools[i]) select(selected, i);
  };
  overview.onmouseleave = hideTip;
  detail.onmouseleave = hideTip;

  const legend = element<HTMLTableElement>("legend");
  const drawLegend = () => {
    legend.replaceChildren();
    if (byAge) {
      const blocks = data.ages.map(() => 0);
      for (const arena of data.arenas)
        for (const { blocks: all } of arena.pools) for (let b = 2; b < all.length; b += NUMBERS) blocks[all[b]!]!++;
      heads(legend, ["", "", "blocks in pools"], ["", "", "n"]);
      data.ages.forEach((name, i) => {
        const row = legend.insertRow();
        row.insertCell().append(swatch(ageColors[i]!));
        cells(row, [name, count(blocks[i]!)], ["", "n"]);
      });
      return;
    }
    heads(legend, ["", "", "blocks", "memory"], ["", "", "n", "n"]);
    data.holds.forEach(([, , n, bytes], i) => {
      const row = legend.insertRow();
      row.className = i === marked ? "marked" : "";
      row.tabIndex = 0;
      row.insertCell().append(swatch(typeColors[i]!));
      cells(row, [label(i), count(n), `${count(Math.ceil(bytes / 1024))} KiB`], ["", "n", "n"]);
      row.onclick = () => {
        marked = marked === i ? -1 : i;
        drawAll();
      };
      row.onkeydown = (event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        row.click();
        legend.rows[i + 1]!.focus();
      };
    });
  };

  const drawAll = () => {
    drawOverview();
    drawDetail();
    drawList();
    drawLegend();
  };
  for (const input of document.querySelectorAll<HTMLInputElement>("input[name=color]")) {
    input.onchange = () => {
      byAge = input.value === "age";
      marked = -1;
      drawAll();
    };
  }

  const figures = element<HTMLTableElement>("figures");
  for (const figure of data.figures) cells(figures.insertRow(), figure);

  element("lowtitle").textContent = data.low.length ? "Nearly empty arenas, and what keeps them" : "";
  for (const { arena, holders, objects } of data.low) {
    const { index, share } = data.arenas[arena]!;
    const item = document.createElement("li");
    const name = document.createElement("button");
    name.textContent = `Arena ${index}, ${(share * 100).toFixed(1)} % in use`;
    name.onclick = () => {
      select(arena, 0);
      follow();
    };
    const by = document.createElement("div");
    by.textContent = holders;
    item.append(name, by);
    for (const [address, what, way] of objects) {
      const line = document.createElement("div");
      line.textContent = `${hex(address)} ${what}${way ? ` ← ${way}` : ""}`;
      item.append(line);
    }
    element("low").append(item);
  }

  const large = element<HTMLTableElement>("large");
  const largeClasses = ["mono", "n", "", "n", "wide"];
  heads(large, ["address", "bytes", "holds", "references", "value"], largeClasses);
  for (const [address, bytes, held, refcount, text] of data.large) {
    cells(large.insertRow(), [hex(address), count(bytes), label(held), references(held, refcount), text], largeClasses);
  }

  window.matchMedia?.("(prefers-color-scheme: dark)").addEventListener("change", () => {
    readTheme();
    drawAll();
  });
  readTheme();
  drawAll();
}
