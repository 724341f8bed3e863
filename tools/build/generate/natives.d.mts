// Types of natives.mjs, as far as tests use it.
import type { DocEntry } from "./docs.mjs";

export interface DocOwner {
  kind: "type" | "module";
  name: string;
  /** The owner's own entry, under an empty name, and those of what it has. */
  entries: DocEntry[];
}

/** What all declarations in the folder of the project say, an owner for each type and module. */
export function nativeDocs(root: string): DocOwner[];
