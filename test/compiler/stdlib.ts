/** The sources of the standard library inside the npm package `pyodide`. */
import { readFileSync } from "node:fs";
import { inflateRawSync } from "node:zlib";
import type { Request } from "../../tools/compare/describe-code.ts";

const archive = new URL("../../node_modules/pyodide/python_stdlib.zip", import.meta.url);

/** The files of a ZIP archive, by its central directory. */
function* unzip(data: Buffer): Generator<{ name: string; content: Buffer }> {
  let end = data.length - 22;
  while (data.readUInt32LE(end) !== 0x06054b50) end--;
  let at = data.readUInt32LE(end + 16);
  for (let n = data.readUInt16LE(end + 10); n > 0; n--) {
    const method = data.readUInt16LE(at + 10);
    const size = data.readUInt32LE(at + 20);
    const nameLength = data.readUInt16LE(at + 28);
    const header = data.readUInt32LE(at + 42);
    const name = data.toString("utf8", at + 46, at + 46 + nameLength);
    const start = header + 30 + data.readUInt16LE(header + 26) + data.readUInt16LE(header + 28);
    const packed = data.subarray(start, start + size);
    yield { name, content: method === 0 ? packed : inflateRawSync(packed) };
    at += 46 + nameLength + data.readUInt16LE(at + 30) + data.readUInt16LE(at + 32);
  }
}

export function* stdlibRequests(): Generator<{ name: string; request: Request }> {
  for (const { name, content } of unzip(readFileSync(archive))) {
    if (!name.endsWith(".py")) continue;
    yield { name, request: { base64: content.toString("base64"), filename: name, digest: true } };
  }
}
