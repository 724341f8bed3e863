// The layouts of CPython's versions, for the reader: one table a version, from spec/cpython-layouts.txt.

export function generateCpython(text, header) {
  const rows = text
    .split("\n")
    .filter((line) => line.trim() && !line.startsWith("#"))
    .map((line) => line.trim().split(/\s+/));
  const [head, ...fields] = rows;
  const versions = head.slice(1);
  for (const row of fields) {
    if (row.length !== head.length || row.slice(1).some((n) => n !== "-" && !/^\d+$/.test(n))) {
      throw new Error(`spec/cpython-layouts.txt: ${row.join(" ")}`);
    }
  }
  const tables = versions.map((version, i) => {
    const entries = fields.filter((row) => row[i + 1] !== "-").map((row) => `    "${row[0]}": ${row[i + 1]},`);
    return `  "${version}": {\n${entries.join("\n")}\n  },`;
  });
  return `${header("spec/cpython-layouts.txt")}
/** By version: the offset of each field, the SIZE of each structure. */
export const cpythonFields: Record<string, Record<string, number>> = {
${tables.join("\n")}
};
`;
}
