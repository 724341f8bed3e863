// assembly/generated/docs.ts: the texts of __doc__ and __text_signature__, from spec/docs.txt. The format of the bytes is
// described in assembly/objects/define/docs.ts.

/** A name (empty: the owner itself), a signature (null: none) and a text (null: none). */
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

/**
 * The owners of spec/docs.txt, in order.
 */
export function parseDocs(source: string): DocOwner[] {
  const owners: DocOwner[] = [];
  let entry: DocEntry | undefined;
  // Whether the last line belongs to a signature that is not yet complete.
  let open = false;
  const begin = (rest: string): DocEntry => {
    const at = rest.indexOf("(");
    entry = { name: at < 0 ? rest : rest.slice(0, at), signature: at < 0 ? null : rest.slice(at), text: null };
    open = at >= 0 && !rest.endsWith(")");
    return entry;
  };
  for (const [i, line] of source.split("\n").entries()) {
    const owner = /^== (?:(type|module) ([^\s(]+)|(shared))(\(.*)?$/.exec(line);
    if (open && entry) {
      entry.signature += `\n${line}`;
      open = !line.endsWith(")");
    } else if (owner) {
      owners.push({
        kind: (owner[1] ?? owner[3]) as DocOwner["kind"],
        name: owner[2] ?? "",
        entries: [begin(owner[4] ?? "")],
      });
    } else if (line.startsWith("-- ")) owners.at(-1)!.entries.push(begin(line.slice(3)));
    else if (/^(==|--)/.test(line)) throw new Error(`spec/docs.txt:${i + 1}: ${line}`);
    else if (entry) entry.text = entry.text === null ? line : `${entry.text}\n${line}`;
    else if (line && !line.startsWith("#")) throw new Error(`spec/docs.txt:${i + 1}: text without a name`);
  }
  // Blank lines around a text separate entries.
  for (const { entries } of owners) for (const e of entries) e.text = e.text?.replace(/^\n+|\n+$/g, "") || null;
  return owners;
}

/** The lines of spec/docs.txt for the owners, as parseDocs gives them. */
export function formatDocs(owners: DocOwner[]): string {
  return owners
    .flatMap(({ kind, name: owner, entries }) =>
      entries.map(({ name, signature, text }, i) => {
        const head = i > 0 ? `-- ${name}` : owner ? `== ${kind} ${owner}` : `== ${kind}`;
        return `${head}${signature ?? ""}\n${text === null ? "" : `${text}\n`}`;
      }),
    )
    .join("\n");
}

/** The C string of an entry, or null: the signature is marked as the runtime expects it. */
function cstring(owner: DocOwner, { name, signature, text }: DocEntry): string | null {
  if (text === null && signature === null) return null;
  if (signature === null) return text;
  return `${name || owner.name.split(".").at(-1)}${signature}\n--\n\n${text ?? ""}`;
}

function block(owner: DocOwner): number[] {
  const bytes: number[] = [];
  for (const entry of owner.entries) {
    const name = [...Buffer.from(`${entry.name}\0`)];
    const doc = cstring(owner, entry);
    const text = doc === null ? [] : [...Buffer.from(`${doc}\0`)];
    if (name.length > 255 || text.length > 65535)
      throw new Error(`spec/docs.txt: ${owner.name}.${entry.name} too long`);
    bytes.push(name.length, ...name, text.length & 255, text.length >> 8, ...text);
  }
  bytes.push(0);
  return bytes;
}

export function generateDocs(
  { docs, types }: { docs: string; types: string },
  header: (source: string) => string,
): string {
  const owners = parseDocs(docs);
  // Offset 0 stands for "no block".
  const bytes = [0];
  const places = new Map<string, number>();
  for (const owner of owners) {
    const key = `${owner.kind} ${owner.name}`;
    if (places.has(key)) throw new Error(`spec/docs.txt: ${key} twice`);
    places.set(key, bytes.length);
    bytes.push(...block(owner));
  }
  const typeNames = types
    .split("\n")
    .map((l) => l.replace(/#.*/, "").trim())
    .filter(Boolean)
    .map((l) => l.split(/\s+/)[1]);
  for (const { kind, name } of owners) {
    if (kind === "type" && !typeNames.includes(name)) throw new Error(`spec/docs.txt: no type ${name}`);
  }
  const modules = owners.filter((o) => o.kind === "module").map((o) => o.name);
  const list = (values: unknown[]) => values.join(",");
  return `${header("spec/docs.txt, spec/types.txt")}
/** The blocks. */
export const docBlocks: usize = memory.data<u8>([${list(bytes)}]);
/** For each static type, where its block is; 0: it has none. */
export const typeDocs: usize = memory.data<u32>([${list(typeNames.map((n) => places.get(`type ${n}`) ?? 0))}]);
/** The names of the native modules, each ended by a NUL, and an empty one. */
export const moduleDocNames: usize = memory.data<u8>([${list([...Buffer.from(`${modules.map((m) => `${m}\0`).join("")}\0`)])}]);
/** Where the block of each is. */
export const moduleDocs: usize = memory.data<u32>([${list(modules.map((m) => places.get(`module ${m}`)))}]);
/** Where the block of what all types share is. */
export const sharedDocs: u32 = ${places.get("shared ")};
`;
}
