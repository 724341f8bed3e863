/** Numbers, sizes and tables as people read them, in lines of at most 80 characters. */

export const WIDTH = 80;

export const number = (n: number): string => n.toLocaleString("en-US");
export const percent = (part: number, whole: number): string =>
  whole === 0 ? "0 %" : `${((part / whole) * 100).toFixed(1)} %`;
export const hex = (n: number): string => `0x${n.toString(16)}`;
export const counted = (n: number, noun: string): string => `${number(n)} ${noun}${n === 1 ? "" : "s"}`;

/** How many of a kind, and of which: what is kept for the next of its kind is not one of them. */
export const ofKind = ({ count, name, kind }: { count: number; name: string; kind: string }): string =>
  `${number(count)} ${name}${kind === "kept" ? " (kept for reuse)" : ""}`;

/** A difference, with its sign. */
export const signed = (n: number, text: (n: number) => string): string => `${n < 0 ? "-" : "+"}${text(Math.abs(n))}`;

/** Bytes as people read them. */
export function size(bytes: number): string {
  if (Math.abs(bytes) < 10_000) return `${number(bytes)} B`;
  const kib = bytes / 1024;
  return Math.abs(kib) < 10_000 ? `${number(Math.round(kib))} KiB` : `${number(Math.round(kib / 1024))} MiB`;
}

/** The text, or its first `width` characters. */
export const short = (text: string, width: number): string =>
  text.length > width ? `${text.slice(0, width - 1)}…` : text;

/** The text, or, if it is longer than `width`, its beginning and its end: of a way both matter. */
export function shortWay(text: string, width: number): string {
  if (text.length <= width) return text;
  const end = Math.floor((width - 1) * 0.6);
  return `${text.slice(0, width - 1 - end)}…${text.slice(-end)}`;
}

/** The text in lines of at most 80 characters, each after `indent`; lines after the first after `further`. */
export function wrapped(text: string, indent = "", further = indent): string[] {
  const lines: string[] = [];
  let line = indent;
  let fresh = true;
  for (const word of text.split(" ")) {
    if (!fresh && line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = further;
      fresh = true;
    }
    line += fresh ? word : ` ${word}`;
    fresh = false;
    while (line.length > WIDTH) {
      lines.push(line.slice(0, WIDTH));
      line = further + line.slice(WIDTH);
    }
  }
  return [...lines, line];
}

/** Rows as columns; those whose alignment is "r" are set to the right. */
export function table(head: string[], rows: string[][], align: string): string[] {
  const widths = head.map((h, i) => Math.max(h.length, ...rows.map((row) => row[i]!.length)));
  const line = (cells: string[]) =>
    cells
      .map((cell, i) => (align[i] === "r" ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!)))
      .join("  ")
      .trimEnd();
  const named = head.some((h) => h !== "");
  return [...(named ? [line(head)] : []), line(widths.map((w) => "─".repeat(w))), ...rows.map(line)].map(
    (l) => `  ${l}`,
  );
}
