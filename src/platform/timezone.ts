/**
 * Local time zones as Linux has them: the zone files of the machine (TZif, RFC 8536), and rules in the form that POSIX
 * gives the variable TZ ("CET-1CEST,M3.5.0,M10.5.0/3").
 */
import { readFileSync } from "node:fs";
import type { LocalZone } from "../kernel/services.ts";

const ZONES = "/usr/share/zoneinfo";
const UTC: LocalZone = { offset: 0, daylight: false, name: "UTC" };
const DAY = 86400;

/** A time zone: what it is at an instant. */
type Zone = (seconds: number) => LocalZone;

/** A moment of the year at which clocks are changed: seconds since the year began, by the clock's own time. */
type YearlyChange = (year: number) => number;

const isLeap = (year: number) => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
const yearStart = (year: number) => Date.UTC(year, 0, 1) / 1000;

/** Reads a rule from its beginning to its end. */
class Reader {
  private at = 0;
  constructor(private readonly text: string) {}

  take(pattern: RegExp): string | undefined {
    const sticky = new RegExp(pattern, "y");
    sticky.lastIndex = this.at;
    const found = sticky.exec(this.text)?.[0];
    if (found !== undefined) this.at += found.length;
    return found;
  }

  get done(): boolean {
    return this.at === this.text.length;
  }
}

/** A zone's name: letters, or anything in angle brackets. */
function zoneName(reader: Reader): string | undefined {
  return reader.take(/<[A-Za-z0-9+-]{3,}>/)?.slice(1, -1) ?? reader.take(/[A-Za-z]{3,}/);
}

/** [+-]HH[:MM[:SS]] in seconds. */
function clock(reader: Reader): number | undefined {
  const text = reader.take(/[+-]?\d{1,3}(:\d{1,2}(:\d{1,2})?)?/);
  if (text === undefined) return undefined;
  const [hours = 0, minutes = 0, seconds = 0] = text.replace(/^[+-]/, "").split(":").map(Number);
  const value = hours * 3600 + minutes * 60 + seconds;
  return text.startsWith("-") ? -value : value;
}

/** Jn, n or Mm.w.d, and /time. */
function yearlyChange(reader: Reader): YearlyChange | undefined {
  const text = reader.take(/J\d{1,3}|M\d{1,2}\.\d\.\d|\d{1,3}/);
  if (text === undefined) return undefined;
  const time = reader.take(/\//) ? clock(reader) : 2 * 3600;
  if (time === undefined) return undefined;
  if (text.startsWith("M")) {
    const [month, week, weekday] = text.slice(1).split(".").map(Number) as [number, number, number];
    return (year) => {
      const first = new Date(Date.UTC(year, month - 1, 1));
      let day = 1 + ((weekday - first.getUTCDay() + 7) % 7) + (week - 1) * 7;
      const last = new Date(Date.UTC(year, month, 0)).getUTCDate();
      while (day > last) day -= 7;
      return Date.UTC(year, month - 1, day) / 1000 - yearStart(year) + time;
    };
  }
  if (text.startsWith("J")) {
    const day = Number(text.slice(1));
    // The 29th of February is never counted.
    return (year) => (day - 1 + (isLeap(year) && day >= 60 ? 1 : 0)) * DAY + time;
  }
  const day = Number(text);
  return () => day * DAY + time;
}

/** The zone of a rule; undefined where the text is none. */
function ruleZone(text: string): Zone | undefined {
  const reader = new Reader(text);
  const name = zoneName(reader);
  const west = name === undefined ? undefined : clock(reader);
  if (name === undefined || west === undefined) return undefined;
  // As POSIX counts, to the west.
  const standard: LocalZone = { offset: 0 - west, daylight: false, name };
  if (reader.done) return () => standard;
  const summerName = zoneName(reader);
  if (summerName === undefined) return undefined;
  const summerWest = clock(reader) ?? west - 3600;
  const summer: LocalZone = { offset: 0 - summerWest, daylight: true, name: summerName };
  let begin: YearlyChange | undefined;
  let end: YearlyChange | undefined;
  if (reader.done) {
    // As the United States have it, which is what the system's library assumes.
    begin = yearlyChange(new Reader("M3.2.0"));
    end = yearlyChange(new Reader("M11.1.0"));
  } else {
    begin = reader.take(/,/) ? yearlyChange(reader) : undefined;
    end = reader.take(/,/) ? yearlyChange(reader) : undefined;
  }
  if (begin === undefined || end === undefined || !reader.done) return undefined;
  const from = begin;
  const to = end;
  return (seconds) => {
    const year = new Date((seconds + standard.offset) * 1000).getUTCFullYear();
    if (!Number.isFinite(year)) return standard;
    const start = yearStart(year) + from(year) - standard.offset;
    const stop = yearStart(year) + to(year) - summer.offset;
    const isSummer = start < stop ? seconds >= start && seconds < stop : seconds >= start || seconds < stop;
    return isSummer ? summer : standard;
  };
}

/** The zone of a zone file; undefined where the bytes are none. */
function fileZone(bytes: Buffer): Zone | undefined {
  if (bytes.toString("latin1", 0, 4) !== "TZif") return undefined;
  const counts = (at: number) => [20, 24, 28, 32, 36, 40].map((n) => bytes.readUInt32BE(at + n)) as number[];
  let at = 0;
  let width = 4;
  if (bytes[4] !== 0) {
    // The second part has the same with 8 bytes an instant.
    const [isut = 0, isstd = 0, leap = 0, times = 0, types = 0, chars = 0] = counts(0);
    at = 44 + times * 5 + types * 6 + chars + leap * 8 + isstd + isut;
    width = 8;
  }
  const [isut = 0, isstd = 0, leap = 0, times = 0, types = 0, chars = 0] = counts(at);
  at += 44;
  const instants: number[] = [];
  for (let i = 0; i < times; i++) {
    instants.push(width === 8 ? Number(bytes.readBigInt64BE(at + i * 8)) : bytes.readInt32BE(at + i * 4));
  }
  const kindsAt = at + times * width;
  const typesAt = kindsAt + times;
  const charsAt = typesAt + types * 6;
  const zones: LocalZone[] = [];
  for (let i = 0; i < types; i++) {
    const p = typesAt + i * 6;
    const from = charsAt + bytes[p + 5]!;
    const name = bytes.toString("latin1", from, bytes.indexOf(0, from));
    zones.push({ offset: bytes.readInt32BE(p), daylight: bytes[p + 4] !== 0, name });
  }
  if (zones.length === 0) return undefined;
  const footer = charsAt + chars + leap * (width + 4) + isstd + isut;
  const rule = width === 8 ? bytes.toString("latin1", footer + 1, bytes.indexOf(10, footer + 1)) : "";
  const later = rule === "" ? undefined : ruleZone(rule);
  const first = zones.find((zone) => !zone.daylight) ?? zones[0]!;
  return (seconds) => {
    if (instants.length === 0 || seconds < instants[0]!) return instants.length === 0 && later ? later(seconds) : first;
    if (later && seconds >= instants.at(-1)!) return later(seconds);
    let low = 0;
    let high = instants.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (instants[middle]! <= seconds) low = middle;
      else high = middle;
    }
    return zones[bytes[kindsAt + low]!] ?? first;
  };
}

function readZone(path: string): Zone | undefined {
  try {
    return fileZone(readFileSync(path));
  } catch {
    return undefined;
  }
}

/** What the machine's own library says of its zone, where it has no such files. */
const hostZone: Zone = (seconds) => {
  const date = new Date(seconds * 1000);
  const offset = -date.getTimezoneOffset() * 60;
  if (Number.isNaN(offset)) return UTC;
  const year = date.getFullYear();
  const usual = -Math.max(new Date(year, 0, 1).getTimezoneOffset(), new Date(year, 6, 1).getTimezoneOffset()) * 60;
  const parts = new Intl.DateTimeFormat("en-US", { timeZoneName: "short" }).formatToParts(date);
  return { offset, daylight: offset !== usual, name: parts.find((p) => p.type === "timeZoneName")?.value ?? "" };
};

/** The zone that TZ names; without it the machine's. */
function findZone(tz: string | undefined): Zone {
  if (tz === undefined) return readZone("/etc/localtime") ?? hostZone;
  const name = tz.startsWith(":") ? tz.slice(1) : tz;
  // As the system's library does with a name that it does not know.
  if (name === "") return () => UTC;
  const unknown = /^[A-Za-z]{3,}/.exec(name)?.[0];
  const zone = readZone(name.startsWith("/") ? name : `${ZONES}/${name}`) ?? ruleZone(name);
  return zone ?? (() => (unknown === undefined ? UTC : { ...UTC, name: unknown }));
}

let lastName: string | undefined;
let lastZone: Zone | undefined;

/** The local time zone at an instant; `tz` as the variable TZ has it. */
export function localZone(seconds: number, tz: string | undefined): LocalZone {
  if (lastZone === undefined || tz !== lastName) {
    lastZone = findZone(tz);
    lastName = tz;
  }
  return lastZone(seconds);
}
