/**
 * Python objects that have no form in JavaScript, as JavaScript has them. Each holds a reference, which it gives back when it
 * is released, when its interpreter is disposed of, and at the latest when JavaScript's collector has found it.
 */

import { InterpreterError } from "../process/errors.ts";
import type { Value } from "../process/values.ts";
import type { Core } from "./core.ts";

/**
 * None is null, int a number or, beyond what that has exactly, a bigint, bytes a Uint8Array, list and tuple an array, dict a
 * Map; a function of the host comes back as itself.
 */
export type PythonValue = Value<PythonObject>;

export class PythonObject {
  /** Undefined once it is released. */
  #core: Core | undefined;

  /** @internal */
  constructor(
    core: Core,
    /** Its address, as id() gives it. */
    readonly address: number,
    /** The name of its class, without the module. */
    readonly typeName: string,
  ) {
    this.#core = core;
  }

  protected get core(): Core {
    if (this.#core === undefined) throw new InterpreterError(`the ${this.typeName} object was released`);
    return this.#core;
  }

  /** @internal */
  addressIn(core: Core): number {
    if (this.core !== core) throw new InterpreterError(`the ${this.typeName} object is another interpreter's`);
    return this.address;
  }

  /** An attribute. */
  get(name: string): PythonValue {
    return this.core.getAttribute(this, name);
  }

  /** Sets an attribute. */
  set(name: string, value: unknown): void {
    this.core.setAttribute(this, name, value);
  }

  /** object[key] */
  item(key: unknown): PythonValue {
    return this.core.getItem(this, key);
  }

  /** object[key] = value */
  setItem(key: unknown, value: unknown): void {
    this.core.setItem(this, key, value);
  }

  /** len(object) */
  get length(): number {
    return this.core.size(this);
  }

  call(...args: readonly unknown[]): PythonValue {
    return this.core.call(this, args);
  }

  /** Calls a method. */
  callMethod(name: string, ...args: readonly unknown[]): PythonValue {
    return this.core.callMethod(this, name, args);
  }

  *[Symbol.iterator](): Generator<PythonValue, void, undefined> {
    const { core } = this;
    const iterator = core.iterate(this);
    try {
      for (let next = core.next(iterator); next !== undefined; next = core.next(iterator)) yield next.value;
    } finally {
      iterator.release();
    }
  }

  /** What repr() says of it. */
  toString(): string {
    const core = this.#core;
    if (core === undefined || !core.isHeld(this.address)) return `<released ${this.typeName} object>`;
    return core.repr(this);
  }

  /** Gives the object back. It cannot be used afterwards. */
  release(): void {
    const core = this.#core;
    this.#core = undefined;
    core?.release(this.address, this);
  }

  [Symbol.dispose](): void {
    this.release();
  }
}

/** An object that can be awaited: a coroutine, once. It runs to its end when it is. */
export class PythonAwaitable extends PythonObject {
  // biome-ignore lint/suspicious/noThenProperty: that is what awaiting needs
  then<A = PythonValue, B = never>(
    fulfilled?: ((value: PythonValue) => A | PromiseLike<A>) | null,
    rejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return new Promise<PythonValue>((resolve) => resolve(this.core.awaited(this))).then(fulfilled, rejected);
  }
}
