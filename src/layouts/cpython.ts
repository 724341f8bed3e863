/** The layouts of CPython's versions on x86-64, from spec/cpython-layouts.txt. */
import { cpythonFields } from "../generated/cpython.ts";
import { Layout } from "./layout.ts";

const layouts = new Map<number, Layout>();
for (const [version, fields] of Object.entries(cpythonFields)) {
  const [major, minor] = version.split(".").map(Number) as [number, number];
  layouts.set(minor, new Layout("cpython", [major, minor], new Map(Object.entries(fields))));
}

/** The versions that have a layout: the minor numbers of Python 3, the oldest first. */
export const cpythonVersions: readonly number[] = [...layouts.keys()].sort((a, b) => a - b);

/** The layout of CPython 3.`minor`, undefined where there is none. */
export function cpythonLayout(minor: number): Layout | undefined {
  return layouts.get(minor);
}
