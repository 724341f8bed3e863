/**
 * Part of the build: the standard library, from the package that brings it, compiled by our compiler and packed into
 * build/library.bin, with its licence, which is in licenses/python.txt.
 *
 *   node --import tsx tools/build/library.ts
 *
 * Each source is there as it is, for tracebacks and whoever asks for it, and as bytecode in __pycache__, in files that
 * are valid whatever the time stamp of the source is. What is alike lies side by side, for who packs the archive.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { constants, deflateRawSync } from "node:zlib";
import { compile, marshalCode, sourceHash, toPyc } from "../../src/compiler/index.ts";
import { charsets } from "../../src/generated/charsets.ts";
import { type LibraryFile, packLibrary } from "../../src/library/archive.ts";
import { readZip } from "../record/read-zip.ts";

const root = new URL("../../", import.meta.url);
const require = createRequire(import.meta.url);

/** What is the packages' own, or needs a library in C that is not here. */
const LEFT_OUT = /^(pyodide|_pyodide|ctypes|site-packages)\/|^_sysconfigdata|^(antigravity|this)\.py$/;

const zip = readZip(readFileSync(require.resolve("pyodide/python_stdlib.zip")));
for (const name of zip.keys()) if (!name.endsWith(".py") || LEFT_OUT.test(name)) zip.delete(name);
const own = new URL("src/library/modules/", root);
for (const name of readdirSync(own, { recursive: true, encoding: "utf8" })) {
  if (name.endsWith(".py")) zip.set(name, readFileSync(new URL(name, own)));
}
// What the import system needs before it can read anything from a folder, and what every start imports.
const FROZEN: Record<string, string> = {
  _frozen_importlib: "importlib._bootstrap",
  _frozen_importlib_external: "importlib._bootstrap_external",
  "os.path": "posixpath",
  "importlib.util": "importlib.util",
  "importlib.machinery": "importlib.machinery",
  __hello_alias__: "__hello__",
  __phello_alias__: "__hello__",
  "__phello_alias__.spam": "__hello__",
  "__phello__.__init__": "<__phello__",
  __hello_only__: "__hello__",
};
for (const name of "zipimport abc codecs io _collections_abc _sitebuiltins genericpath ntpath posixpath os site stat linecache runpy __hello__ __phello__ __phello__.spam".split(
  " ",
)) {
  FROZEN[name] = name;
}
/** Those that are packages, whatever their source is. An original that begins with "<" is one that is not to be one. */
const FROZEN_PACKAGES = new Set(["__phello__", "__phello_alias__"]);
/** The frozen modules by the file that they are made of. */
const frozen = new Map<string, LibraryFile[]>();
for (const [name, original] of Object.entries(FROZEN)) {
  const path = original.replace("<", "").replaceAll(".", "/");
  const file = zip.has(`${path}/__init__.py`) ? `${path}/__init__.py` : `${path}.py`;
  const isPackage = FROZEN_PACKAGES.has(name);
  const source = zip.get(file);
  if (source === undefined) throw new Error(`the library has no ${original}`);
  const code = marshalCode(compile(new Uint8Array(source), `<frozen ${original.replace("<", "")}>`, "exec"));
  const text = Buffer.from(original);
  const contents = Buffer.concat([Buffer.from([isPackage ? 1 : 0, text.length]), text, code]);
  frozen.set(file, [...(frozen.get(file) ?? []), { path: `frozen/${name}`, contents }]);
}
const files: LibraryFile[] = [];
for (const [path, source] of [...zip].sort(([a], [b]) => (a < b ? -1 : 1))) {
  const slash = path.lastIndexOf("/");
  const [folder, file] = [path.slice(0, slash + 1), path.slice(slash + 1, -3)];
  const code = compile(new Uint8Array(source), path, "exec");
  files.push(
    ...(frozen.get(path) ?? []),
    {
      path: `${folder}__pycache__/${file}.cpython-313.pyc`,
      contents: toPyc(code, { hash: sourceHash(source), checkSource: false }),
    },
    { path, contents: source, deflated: true },
  );
}
// Where license() looks for it.
files.push({ path: "LICENSE.txt", contents: readFileSync(new URL("licenses/python.txt", root)) });
// What bytes mean in encodings with more than one byte a character (src/kernel/charset.ts).
for (const [name, [base, differences]] of Object.entries(charsets)) {
  const head = Buffer.from(base);
  files.push({
    path: `charsets/${name}`,
    contents: Buffer.concat([Buffer.from([head.length]), head, Buffer.from(differences, "base64")]),
  });
}
const bytes = packLibrary(files, (piece, dictionary) =>
  deflateRawSync(piece, { level: constants.Z_BEST_COMPRESSION, dictionary }),
);
writeFileSync(new URL("build/library.bin", root), bytes);
console.error(
  `library.bin ${(bytes.length / 1024).toFixed(0)} KiB, ${files.filter(({ path }) => path.endsWith(".py")).length} modules`,
);
