/**
 * What runs in the page: draws the arenas, the pools of one, the blocks of a pool, and says what lies under the pointer.
 *
 * The one function here is put into the page as text, so it refers to nothing outside itself.
 */
import type { PageBlock, PageData, PagePool } from "./page-data.ts";

/** Draws `data` into the page's elements. */
export function drawHeap(data: PageData): void {
  const element = <T extends HTMLElement>(id: string) => document.getElementById(id) as T;
  const hex = (n: number) => `0x${n.toString(16)}`;
  const count = (n: number) => n.toLocaleString("en-US");
  const ageColors = ["#f2b134", "#ed553b", "#3b6fb6", "#b9b9b9"];
  const nothing = "#e9e9e6";
  let byAge = false;
  let selected = data.arenas.reduce((best, arena, i) => (arena.used > data.arenas[best]!.used ? i : best), 0);
  let marked = -1;

  // Neighbouring hues for neighbours in the list would look alike: step around the circle.
  const typeColor = (i: number) => {
    if (data.holds[i]![1] === "unknown") return "#c9c4bb";
    const hue = (i * 137.5) % 360;
    return `hsl(${hue} ${data.holds[i]![1] === "part" ? 35 : 65}% ${i % 2 ? 48 : 60}%)`;
  };
  const colorOf = (block: PageBlock) => {
    if (marked >= 0 && block[1] !== marked) return "#dedede";
    return byAge ? ageColors[block[2]]! : typeColor(block[1]);
  };
  /** The colour of most blocks of a pool. */
  const poolColor = (pool: PagePool) => {
    const votes = new Map<string, number>();
    for (const block of pool.blocks) votes.set(colorOf(block), (votes.get(colorOf(block)) ?? 0) + 1);
    let best = nothing;
    let most = 0;
    for (const [color, n] of votes) if (n > most) [best, most] = [color, n];
    return best;
  };

  const scale = window.devicePixelRatio || 1;
  const context = (canvas: HTMLCanvasElement, width: number, height: number) => {
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
  const CELL = 11;
  const ROW = 14;
  const LABEL = 48;
  const drawOverview = () => {
    const c = context(overview, LABEL + 64 * CELL + 60, data.arenas.length * ROW + 2);
    c.font = "10px ui-monospace, monospace";
    data.arenas.forEach((arena, row) => {
      const y = row * ROW + 1;
      c.fillStyle = row === selected ? "#000" : "#777";
      c.fillText(`${row === selected ? "▸" : " "}${arena.index}`, 4, y + 10);
      c.fillText(`${(arena.share * 100).toFixed(0)} %`, LABEL + 64 * CELL + 8, y + 10);
      arena.pools.forEach((pool, i) => {
        const x = LABEL + i * CELL;
        c.fillStyle = pool.state === "uncarved" ? "#f7f7f5" : nothing;
        c.fillRect(x, y, CELL - 1, ROW - 2);
        if (pool.blocks.length === 0) return;
        const height = Math.max(2, (pool.blocks.length / pool.capacity) * (ROW - 2));
        c.fillStyle = poolColor(pool);
        c.fillRect(x, y + ROW - 2 - height, CELL - 1, height);
      });
    });
  };

  const detail = element<HTMLCanvasElement>("detail");
  const POOL = 92;
  const GAP = 6;
  /** How the blocks of a pool lie in its square. */
  const gridOf = (pool: PagePool) => {
    const columns = Math.ceil(Math.sqrt(pool.capacity));
    return { columns, step: POOL / columns };
  };
  const drawDetail = () => {
    const c = context(detail, 8 * (POOL + GAP), 8 * (POOL + GAP));
    const arena = data.arenas[selected];
    if (!arena) return;
    arena.pools.forEach((pool, i) => {
      const x = (i % 8) * (POOL + GAP);
      const y = (i >> 3) * (POOL + GAP);
      c.fillStyle = pool.state === "uncarved" ? "#f7f7f5" : nothing;
      c.fillRect(x, y, POOL, POOL);
      if (pool.blocks.length === 0) return;
      const { columns, step } = gridOf(pool);
      const side = step > 3 ? step - 1 : step;
      for (const block of pool.blocks) {
        c.fillStyle = colorOf(block);
        c.fillRect(x + (block[0] % columns) * step, y + Math.floor(block[0] / columns) * step, side, side);
      }
    });
    const note = arena.holders ? ` Nearly empty, held by ${arena.holders}.` : "";
    element("arena").textContent =
      `Arena ${arena.index} at ${hex(arena.address)}: ${count(arena.used)} blocks, ${(arena.share * 100).toFixed(1)} % in use.${note}`;
  };

  const tip = element("tip");
  const showTip = (event: MouseEvent, lines: string[]) => {
    tip.textContent = lines.filter((line) => line).join("\n");
    tip.style.display = "block";
    tip.style.left = `${Math.min(event.pageX + 14, document.documentElement.scrollWidth - tip.offsetWidth - 8)}px`;
    tip.style.top = `${event.pageY + 14}px`;
  };
  const hideTip = () => {
    tip.style.display = "none";
  };
  const poolLines = (pool: PagePool) => [
    `pool at ${hex(pool.address)}`,
    pool.state === "uncarved" ? "never used" : "",
    pool.state === "empty" ? `free again; held blocks of ${pool.size} bytes` : "",
    pool.blocks.length ? `${pool.blocks.length} of ${pool.capacity} blocks of ${pool.size} bytes in use` : "",
  ];
  const blockLines = (pool: PagePool, block: PageBlock) => {
    const [name, kind] = data.holds[block[1]]!;
    return [
      kind === "unknown" ? `(${name})` : name,
      block[4],
      kind === "object" ? (block[3] < 0 ? "immortal" : `reference count ${block[3]}`) : "",
      data.ages[block[2]]!,
      `block of ${pool.size} bytes at ${hex(pool.address + 48 + block[0] * pool.size)}`,
    ];
  };

  overview.onmousemove = (event) => {
    const arena = data.arenas[Math.floor(event.offsetY / ROW)];
    const pool = arena?.pools[Math.floor((event.offsetX - LABEL) / CELL)];
    if (!arena) return hideTip();
    showTip(event, [`arena ${arena.index} at ${hex(arena.address)}`, ...(pool ? poolLines(pool) : [])]);
  };
  overview.onclick = (event) => {
    const row = Math.floor(event.offsetY / ROW);
    if (row >= data.arenas.length) return;
    selected = row;
    drawOverview();
    drawDetail();
  };
  detail.onmousemove = (event) => {
    const [column, row] = [Math.floor(event.offsetX / (POOL + GAP)), Math.floor(event.offsetY / (POOL + GAP))];
    const pool = data.arenas[selected]?.pools[row * 8 + column];
    if (!pool || column > 7) return hideTip();
    const [x, y] = [event.offsetX - column * (POOL + GAP), event.offsetY - row * (POOL + GAP)];
    const { columns, step } = gridOf(pool);
    const place = Math.floor(y / step) * columns + Math.floor(x / step);
    const block = x < POOL && y < POOL ? pool.blocks.find((b) => b[0] === place) : undefined;
    showTip(event, block ? blockLines(pool, block) : poolLines(pool));
  };
  overview.onmouseleave = hideTip;
  detail.onmouseleave = hideTip;

  const cells = (row: HTMLTableRowElement, texts: string[]) => {
    for (const text of texts) row.insertCell().textContent = text;
  };
  const swatch = (color: string) => {
    const box = document.createElement("i");
    box.style.background = color;
    return box;
  };
  const legend = element<HTMLTableElement>("legend");
  const drawLegend = () => {
    legend.replaceChildren();
    if (byAge) {
      data.ages.forEach((name, i) => {
        const row = legend.insertRow();
        row.insertCell().append(swatch(ageColors[i]!));
        cells(row, [name]);
      });
      return;
    }
    data.holds.forEach(([name, kind, n, bytes], i) => {
      const row = legend.insertRow();
      row.className = i === marked ? "marked" : "";
      row.insertCell().append(swatch(typeColor(i)));
      cells(row, [kind === "unknown" ? `(${name})` : name, count(n), `${count(Math.ceil(bytes / 1024))} KiB`]);
      row.onclick = () => {
        marked = marked === i ? -1 : i;
        drawAll();
      };
    });
  };

  const drawAll = () => {
    drawOverview();
    drawDetail();
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
  const large = element<HTMLTableElement>("large");
  for (const [address, bytes, held, refcount, text] of data.large) {
    const [name, kind] = data.holds[held]!;
    const references = kind !== "object" ? "" : refcount < 0 ? "immortal" : String(refcount);
    cells(large.insertRow(), [hex(address), count(bytes), kind === "unknown" ? `(${name})` : name, references, text]);
  }
  drawAll();
}
