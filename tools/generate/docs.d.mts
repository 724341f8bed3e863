// Types of docs.mjs.

export interface DocEntry {
  name: string;
  signature: string | null;
  text: string | null;
}

export interface DocOwner {
  kind: "type" | "module" | "shared";
  name: string;
  entries: DocEntry[];
}

export function parseDocs(source: string): DocOwner[];
export function formatDocs(owners: DocOwner[]): string;
export function generateDocs(spec: { docs: string; types: string }, header: (source: string) => string): string;
