// assembly/generated/docs.ts: the texts of __doc__ and __text_signature__ that all types share, from spec/docs.txt. The
// format of the bytes is described in assembly/objects/define/docs.ts. (What belongs to one type or module is declared
// above its function: natives.mjs.)

/** The entries of spec/docs.txt, in order: a name, a signature (null: none) and a text (null: none). */
export function parseDocs(source) {
  const entries = [];
  // Whether the last line belongs to a signature that is not yet complete.
  let open = false;
  for (const [i, line] of source.split("\n").entries()) {
    const entry = entries.at(-1);
    if (open) {
      entry.signature += `\n${line}`;
      open = !line.endsWith(")");
    } else if (line.startsWith("-- ")) {
      const at = line.indexOf("(");
      const name = at < 0 ? line.slice(3) : line.slice(3, at);
      entries.push({ name, signature: at < 0 ? null : line.slice(at), text: null });
      open = at >= 0 && !line.endsWith(")");
    } else if (entry) entry.text = entry.text === null ? line : `${entry.text}\n${line}`;
    else if (line && !line.startsWith("#")) throw new Error(`spec/docs.txt:${i + 1}: text without a name`);
  }
  // Blank lines around a text separate entries.
  for (const e of entries) e.text = e.text?.replace(/^\n+|\n+$/g, "") || null;
  return entries;
}

/** The C string of an entry, or null: the signature is marked as the runtime expects it. */
function cstring({ name, signature, text }) {
  if (signature === null) return text;
  return `${name}${signature}\n--\n\n${text ?? ""}`;
}

export function generateDocs(docs, header) {
  const bytes = [];
  for (const entry of parseDocs(docs)) {
    const name = [...Buffer.from(`${entry.name}\0`)];
    const doc = cstring(entry);
    const text = doc === null ? [] : [...Buffer.from(`${doc}\0`)];
    if (name.length > 255 || text.length > 65535) throw new Error(`spec/docs.txt: ${entry.name} is too long`);
    bytes.push(name.length, ...name, text.length & 255, text.length >> 8, ...text);
  }
  bytes.push(0);
  return `${header("spec/docs.txt")}
/** The entries. */
export const sharedDocs: usize = memory.data<u8>([${bytes.join(",")}]);
`;
}
