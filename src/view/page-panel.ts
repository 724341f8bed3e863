/**
 * The part of the page about one object: the way to it, what it is part of, who refers to it, what it refers to, what it
 * retains. Each of these is a link that shows the next one.
 *
 * The one function here is put into the page as text, so it refers to nothing outside itself.
 */
import type { Neighbour, Neighbours, Reference } from "../inspect/neighbours.ts";
import type { ObjectStore } from "./page-objects.ts";

/** What the panel has of the rest of the page. */
interface Rest {
  make(tag: string, text?: string, className?: string): HTMLElement;
  hex(n: number): string;
  count(n: number): string;
  bytes(n: number): string;
  /** Opens the tree at an object; whether it has it. */
  reveal(address: number): boolean;
  inTree(address: number): boolean;
  /** The arena that an address lies in, for a link to it. */
  arenaOf(address: number): { name: string; select(): void } | undefined;
  /** What is said of an object that the page has not. */
  missing: string;
}

interface Panel {
  /** A link that shows the object at an address. */
  link(address: number, text: string): HTMLElement;
}

/** Prepares the panel, which is hidden until an object is asked for. */
export function drawPanel(store: ObjectStore, rest: Rest): Panel {
  const { make, hex, count, bytes } = rest;
  const panel = document.getElementById("object")!;
  const WAY_MAX = 60;
  const VALUE_MAX = 60;
  // In a page within another, an address with # is one of the outer page.
  const hasAddress = location.protocol !== "about:";
  const before: number[] = [];
  let shown = -1;
  let asked = 0;

  const link = (address: number, text: string): HTMLElement => {
    const made = make("a", text) as HTMLAnchorElement;
    made.href = `#${hex(address)}`;
    made.onclick = (event) => {
      if (hasAddress && location.hash !== made.hash) return;
      event.preventDefault();
      void show(address, true);
    };
    return made;
  };
  const short = (text: string) => (text.length > VALUE_MAX ? `${text.slice(0, VALUE_MAX)}…` : text);
  const spoken = ({ what, value }: Neighbour) => (value ? `${what} ${short(value)}` : what);
  const linked = (other: Neighbour) =>
    other.isBlock ? link(other.address, spoken(other)) : make("span", spoken(other));
  const fact = (target: HTMLElement, name: string, ...values: (HTMLElement | string)[]) => {
    const row = make("tr");
    const cell = make("td");
    cell.append(...values);
    row.append(make("th", name), cell);
    target.append(row);
  };
  const listOf = (title: string, all: Reference[], total: number, line: (r: Reference) => (HTMLElement | string)[]) => {
    panel.append(make("h3", total > all.length ? `${title} (${count(all.length)} of ${count(total)})` : title));
    const list = make("ul", "", "refs");
    for (const reference of all) {
      const item = make("li");
      item.append(...line(reference));
      list.append(item);
    }
    if (all.length === 0) list.append(make("li", "nothing", "dim"));
    panel.append(list);
  };

  /** The objects on the way from a root, the last first; not all of a very long one. */
  const wayTo = async (object: Neighbours): Promise<Neighbours[]> => {
    const way = [object];
    for (let at = object; at.before !== undefined && at.before >= 0 && way.length < WAY_MAX; ) {
      const next = await store.get(at.before);
      if (!next) break;
      way.push((at = next));
    }
    return way;
  };
  const drawWay = (way: Neighbours[]): HTMLElement => {
    const line = make("p", "", "way");
    const last = way.at(-1)!;
    if (way[0]!.step === undefined) {
      line.append(way[0]!.garbage ? "Only a cycle of garbage holds it." : "No root that is known leads to it.");
      return line;
    }
    if (last.before !== undefined && last.before >= 0) line.append("… ");
    let tail = "";
    for (let i = way.length - 1; i >= 0; i--) {
      const { step, address, what } = way[i]!;
      // An object's dict is not a step: the names in it are attributes.
      if (step === ".__dict__" && i > 0) continue;
      const [text, after] = step!.split("\0") as [string, string | undefined];
      tail ||= after ?? "";
      const part = link(address, text || "·");
      part.title = what;
      line.append(part);
    }
    line.append(tail);
    return line;
  };

  const hide = () => {
    panel.hidden = true;
    shown = -1;
    before.length = 0;
  };
  const draw = (address: number, object: Neighbours | undefined, way: Neighbours[]) => {
    panel.replaceChildren();
    panel.hidden = false;
    const head = make("div", "", "head");
    const close = make("button", "Close");
    close.onclick = () => {
      hide();
      if (hasAddress) history.replaceState(null, "", location.pathname + location.search);
    };
    if (before.length > 0) {
      const back = make("button", "Back");
      back.onclick = () => (hasAddress ? history.back() : void show(before.pop()!, false));
      head.append(back);
    }
    head.append(close);
    if (!object) {
      panel.append(head, make("h2", hex(address)), make("p", rest.missing.replace("ADDRESS", hex(address))));
      return;
    }
    panel.append(head, make("h2", object.kind === "object" ? object.what : object.name));
    if (object.value) panel.append(make("p", object.value, "value"));
    panel.append(drawWay(way));
    const facts = make("table");
    fact(facts, "address", `${hex(object.address)}, a block of ${count(object.room)} bytes`);
    const arena = rest.arenaOf(object.address);
    if (arena) {
      const button = make("button", arena.name);
      button.onclick = () => arena.select();
      fact(facts, "lies in", button);
    }
    if (object.owner) fact(facts, "part of", linked(object.owner));
    if (object.kind === "object") {
      const parts = object.own > object.room ? " with its parts" : "";
      fact(facts, "takes", `${bytes(object.own)}${parts}`);
      if (object.objects > 0) {
        const text = `${bytes(object.retained)}, ${count(object.objects)} object${object.objects === 1 ? "" : "s"}`;
        if (rest.inTree(object.address)) {
          const button = make("button", text);
          button.onclick = () => void rest.reveal(object.address);
          fact(facts, "retains", button);
        } else fact(facts, "retains", text);
      }
      if (object.dominator) fact(facts, "goes with", linked(object.dominator));
      if (object.type) fact(facts, "class", linked(object.type));
      const counted = object.refcount < 0 ? "immortal" : count(object.refcount);
      fact(facts, "references", object.generation < 0 ? counted : `${counted}; generation ${object.generation}`);
      if (object.garbage) fact(facts, "garbage", "a gc.collect() would free it");
    }
    if (object.allocated.length > 0) fact(facts, "allocated at", object.allocated.join(", from "));
    for (const [at, name, size] of object.parts) fact(facts, "its part", link(at, name), `, ${count(size)} bytes`);
    panel.append(facts);
    listOf("Who refers to it", object.referrers, object.referrerCount, (r) => [linked(r), " ", make("code", r.step)]);
    listOf("What it refers to", object.refs, object.refCount, (r) => [make("code", r.step), " ", linked(r)]);
  };

  const show = async (address: number, remember: boolean) => {
    const mine = ++asked;
    const object = await store.get(address);
    const way = object ? await wayTo(object) : [];
    // Another was asked for meanwhile.
    if (mine !== asked) return;
    if (remember && shown >= 0 && shown !== address) before.push(shown);
    shown = address;
    draw(address, object, way);
    panel.scrollTop = 0;
    panel.focus({ preventScroll: true });
  };
  const follow = () => {
    const address = /^#0x([0-9a-f]+)$/.exec(location.hash);
    if (address) void show(Number.parseInt(address[1]!, 16), true);
    else hide();
  };
  if (hasAddress) {
    window.addEventListener("hashchange", follow);
    follow();
  }
  panel.onkeydown = (event) => {
    if (event.key === "Escape") (panel.querySelector(".head button:last-child") as HTMLElement).click();
  };
  return { link };
}
