/**
 * Functions of the host that a program can call, and what they have thrown, on either side of a worker's boundary.
 */
import { PythonError } from "../process/errors.ts";
import type { HostFunction } from "./options.ts";

/** Errors that are kept. */
const KEPT = 64;
/** The largest number of an error: the runtime keeps it in a digit of an int. */
const NUMBER_MAX = 0x3ffffffe;

/** In the place of a function that a snapshot has and its new embedder has not. */
export function missing(name: string): HostFunction {
  return () => {
    throw new PythonError("RuntimeError", `the function '${name}' was not given to the interpreter that was restored`);
  };
}

/** The functions that a program has, by their numbers: what the runtime keeps of one is a word. */
export class Functions {
  private readonly all = new Map<number, HostFunction>();
  private readonly names = new Map<number, string>();
  private readonly uses = new Map<number, number>();
  private readonly numbers = new Map<HostFunction, number>();
  private next = 1;

  /** A number for a function, which one more object of the program is going to have. */
  use(fn: HostFunction, name: string): number {
    let number = this.numbers.get(fn);
    if (number === undefined) {
      number = this.next++;
      this.put(number, fn, name);
    }
    this.uses.set(number, (this.uses.get(number) ?? 0) + 1);
    return number;
  }

  private put(number: number, fn: HostFunction, name: string): void {
    this.all.set(number, fn);
    this.names.set(number, name);
    this.numbers.set(fn, number);
  }

  get(number: number): HostFunction | undefined {
    return this.all.get(number);
  }

  /** An object of the program that had it is gone. */
  drop(number: number): void {
    const left = (this.uses.get(number) ?? 0) - 1;
    if (left > 0) {
      this.uses.set(number, left);
      return;
    }
    const fn = this.all.get(number);
    this.uses.delete(number);
    this.all.delete(number);
    this.names.delete(number);
    if (fn) this.numbers.delete(fn);
  }

  /** Another object of the program is going to have the function, which has its number from elsewhere. */
  adopt(number: number, fn: HostFunction, name: string): void {
    this.put(number, fn, name);
    this.uses.set(number, (this.uses.get(number) ?? 0) + 1);
    this.next = Math.max(this.next, number + 1);
  }

  /** All, for a snapshot: number, uses, name. */
  list(): [number: number, uses: number, name: string][] {
    return [...this.names].map(([number, name]) => [number, this.uses.get(number) ?? 0, name]);
  }

  /** Takes over those of another process. What is missing throws when it is called. */
  restore(list: readonly [number, number, string][], find: (number: number, name: string) => HostFunction): void {
    for (const [number, uses, name] of list) {
      this.put(number, find(number, name), name);
      this.uses.set(number, uses);
      this.next = Math.max(this.next, number + 1);
    }
  }
}

/** What functions have thrown, by number, for who catches what became of it: the last ones. */
export class Thrown {
  private readonly errors = new Map<number, unknown>();
  private next = 1;

  /** Its number. */
  keep(error: unknown): number {
    const number = this.next;
    this.next = (this.next % NUMBER_MAX) + 1;
    this.errors.set(number, error);
    if (this.errors.size > KEPT) this.errors.delete(this.errors.keys().next().value!);
    return number;
  }

  get(number: number): unknown {
    return this.errors.get(number);
  }
}
