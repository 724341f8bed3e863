/** The layout of our own runtime: the tables from spec/layouts.txt, which are CPython 3.13's. */
import { structs } from "../generated/memory.ts";
import { Layout } from "./layout.ts";

const fields = new Map<string, number>();
for (const [name, struct] of Object.entries(structs)) {
  for (const [field, [offset]] of Object.entries(struct)) fields.set(`${name}.${field}`, offset as number);
}

export const vitrineLayout = new Layout("vitrine", [3, 13], fields);
