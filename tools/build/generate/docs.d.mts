// Types of docs.mjs.

export interface DocEntry {
  name: string;
  signature: string | null;
  text: string | null;
}

export function parseDocs(source: string): DocEntry[];
export function generateDocs(docs: string, header: (source: string) => string): string;
