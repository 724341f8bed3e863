/**
 * The tables that containers keep outside of themselves, read alike in every version: a dict's keys and values, the
 * attributes in an instance.
 *
 *   keys, up to 3.10   refcnt 8 │ size 8 │ lookup 8 │ usable 8 │ nentries 8 │ indices │ entries of 24
 *   keys, since 3.11   refcnt 8 │ log2 size 1, log2 index bytes 1, kind 1 │ … │ nentries 8 │ indices │ entries of 24 or 16
 */
import type { Layout } from "../../layouts/layout.ts";
import type { Memory } from "../source/memory.ts";

const KEYS_MAX = 10_000;
const NAME_MAX = 256;

/** A dict's keys. */
interface Keys {
  address: number;
  /** The first entry, and how many there are. */
  entries: number;
  count: number;
  /** How many bytes an entry has, and where in it key and value are. */
  step: number;
  key: number;
  value: number;
}

export class Tables {
  private readonly modern: boolean;
  private readonly nentries: number;
  private readonly indices: number;
  private readonly data: number;
  /** No table has more entries than memory has room for. */
  private readonly max: number;
  /** How many more entries are read for their names: all tables together have no more than memory has room for. */
  private namesLeft: number;
  /** Filled anew by each call of `keys`: making one for each dict costs more than reading it. */
  private readonly shared: Keys = { address: 0, entries: 0, count: 0, step: 0, key: 0, value: 0 };

  constructor(
    private readonly memory: Memory,
    layout: Layout,
  ) {
    this.modern = layout.since(11);
    this.nentries = layout.at("PyDictKeysObject.dk_nentries");
    this.indices = layout.at("PyDictKeysObject.dk_indices");
    this.data = layout.at("PyASCIIObject.SIZE");
    this.max = memory.size * 2 ** 16;
    this.namesLeft = this.max;
  }

  /**
   * Calls `found` with each key of the dict at `dict` that is text of ASCII, `limit` at most, and its value: read from the
   * bytes, before any type is known. It ends where `found` returns true.
   */
  eachName(dict: number, limit: number, found: (name: string, value: number) => unknown): void {
    const { memory, data } = this;
    const { entries, count, step, key, value } = { ...this.keys(memory.u64(dict + 32)) };
    const n = Math.min(count, limit, this.namesLeft);
    for (let i = 0; i < n; i++) {
      this.namesLeft--;
      const at = memory.u64(entries + i * step + key);
      const length = at === 0 ? 0 : memory.i64(at + 16);
      const name = length > 0 && length < NAME_MAX ? memory.text(at + data, length + 1) : undefined;
      if (name && found(name, memory.u64(entries + i * step + value))) return;
    }
  }

  /** The value of a key of the dict at `dict`, 0 where it has none among its first ones. */
  get(dict: number, name: string): number {
    let found = 0;
    this.eachName(dict, KEYS_MAX, (its, value) => {
      if (its === name) found = value;
      return found !== 0;
    });
    return found;
  }

  /** The keys at `address`; valid until the next call. */
  keys(address: number): Keys {
    const { memory, shared } = this;
    shared.address = address;
    shared.count = Math.max(0, Math.min(memory.i64(address + this.nentries), this.max));
    if (this.modern) {
      const indexBytes = 2 ** Math.min(memory.u8(address + 9), 40);
      const general = memory.u8(address + 10) === 0;
      shared.entries = address + this.indices + indexBytes;
      shared.step = general ? 24 : 16;
    } else {
      const size = memory.i64(address + 8);
      const width = size <= 0xff ? 1 : size <= 0xffff ? 2 : size <= 0xffffffff ? 4 : 8;
      shared.entries = address + this.indices + size * width;
      shared.step = 24;
      if (size < 0 || shared.count > size) shared.count = 0;
    }
    shared.key = shared.step - 16;
    shared.value = shared.step - 8;
    if (!memory.has(shared.entries)) shared.count = 0;
    return shared;
  }
}
