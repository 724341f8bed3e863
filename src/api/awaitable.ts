/**
 * Functions of the host whose promises a program gets as awaitables of its own, instead of waiting for them in the call. What
 * the host does begins with the call and goes on while the program does something else; `await` waits for it.
 *
 * In the program an awaitable is an object of a class written in Python, which knows its promise by a number.
 */
import { PythonError } from "../process/errors.ts";
import type { HostFunction } from "./options.ts";

const marked = new WeakSet<HostFunction>();

/** Marks a function: programs that call it get an awaitable at once. For Interpreter.start() and Interpreter.pool(). */
export function awaitable<F extends HostFunction>(fn: F): F {
  if (typeof fn !== "function") throw new TypeError("what is awaitable must be a function");
  // Its own function, as the same may be given for both.
  const begun = ((...args: never[]) => fn(...args)) as F;
  marked.add(begun);
  return begun;
}

export function isAwaitable(fn: HostFunction): boolean {
  return marked.has(fn);
}

/** How long the program waits before it looks whether it is interrupted, in milliseconds. */
const LOOKS_UP = 50;

/** An expression for what makes a function of a program from one that begins a promise. */
export const WRAPPER = `(lambda names: exec('''
def wrapper(settled, result, drop):
    class HostAwaitable:
        "What a function of the host is going to give."
        __slots__ = ("_number",)

        def __init__(self, number):
            self._number = number

        def __await__(self):
            if self._number is None:
                raise RuntimeError("what the host gives can be awaited once")
            while not settled(self._number):
                pass
            number, self._number = self._number, None
            return result(number)
            yield

        def __del__(self):
            if self._number is not None:
                drop(self._number)

    def wrap(begin, name):
        def call(*args, **kwargs):
            return HostAwaitable(begin(*args, **kwargs))
        call.__name__ = call.__qualname__ = name
        return call
    return wrap
''', names) or names["wrapper"])({})`;

/** The promises that a program has begun and not awaited. */
export class Promises {
  private readonly all = new Map<number, Promise<unknown>>();
  private next = 1;

  /** Functions of the host that awaitables call, by their names. */
  readonly functions: Readonly<Record<string, HostFunction>> = {
    "awaitable.settled": (number: number) => this.settled(number),
    "awaitable.result": (number: number) => this.result(number),
    "awaitable.drop": (number: number) => void this.all.delete(number),
  };

  /** The function that begins what a marked one does. */
  beginning(fn: HostFunction): HostFunction {
    return (...args: never[]) => {
      const promise = Promise.resolve(fn(...args));
      // Whether it fails is the program's to find out.
      promise.catch(() => {});
      const number = this.next++;
      this.all.set(number, promise);
      return number;
    };
  }

  private find(number: number): Promise<unknown> {
    const promise = this.all.get(number);
    if (promise === undefined)
      throw new PythonError("RuntimeError", "the promise stayed behind with another interpreter");
    return promise;
  }

  private settled(number: number): Promise<boolean> {
    const promise = this.find(number);
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, LOOKS_UP, false);
      const settle = () => {
        clearTimeout(timer);
        resolve(true);
      };
      promise.then(settle, settle);
    });
  }

  private result(number: number): Promise<unknown> {
    const promise = this.find(number);
    this.all.delete(number);
    return promise;
  }
}
