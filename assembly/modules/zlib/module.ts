// The module zlib (CPython 3.13's Modules/zlibmodule.c). Its streams are coders of the host (assembly/modules/coding.ts),
// which has zlib itself, translated.
//
//   checksums    CRC-32 and Adler-32
//   compress, decompress, decompressor: the objects and functions that their names tell
//   common       what these have in common

import { zlibRoots } from "../../generated/runtime";
import { PyExc_Exception, PyZlib_ZlibDecompressor_Type } from "../../generated/statics";
import { PyErr_NewException } from "../../objects/errors/newclass";
import { PyModule_AddObjectLiteral, PyModule_GetDict } from "../../objects/module/module";
import { Py } from "../../objects/object/head";
import { PyUnicode_FromLiteral } from "../../objects/text/create";
import { addNumbers } from "../numbers";
import { initCompressType } from "./compress";
import { initDecompressType } from "./decompress";
import { initZlibDecompressorType } from "./decompressor";

const CONSTANTS = `
  MAX_WBITS 15 DEFLATED 8 DEF_MEM_LEVEL 8 DEF_BUF_SIZE 16384 Z_NO_COMPRESSION 0 Z_BEST_SPEED 1 Z_BEST_COMPRESSION 9
  Z_DEFAULT_COMPRESSION -1 Z_FILTERED 1 Z_HUFFMAN_ONLY 2 Z_RLE 3 Z_FIXED 4 Z_DEFAULT_STRATEGY 0 Z_NO_FLUSH 0
  Z_PARTIAL_FLUSH 1 Z_SYNC_FLUSH 2 Z_FULL_FLUSH 3 Z_FINISH 4 Z_BLOCK 5 Z_TREES 6`;

/** Which zlib the streams behave as. */
const VERSION = "1.2.13";

function addText(m: usize, name: string, text: string): i32 {
  return PyModule_AddObjectLiteral(m, name, PyUnicode_FromLiteral(text));
}

/**
 * @module zlib
 *
 * Compressing and decompressing as the zlib library does, in the formats that
 * gzip and zip have too.
 *
 * adler32(data[, value]) -- The Adler-32 of bytes.
 * compress(data[, level]) -- Compress bytes, as small as the level from 0 to 9 tells.
 * compressobj([level[, ...]]) -- An object that compresses.
 * crc32(data[, value]) -- The CRC-32 of bytes.
 * decompress(data[, wbits[, bufsize]]) -- Decompress bytes.
 * decompressobj([wbits[, zdict]]) -- An object that decompresses.
 *
 * The size of the window and the container are told by wbits.
 * The objects have compress() or decompress(), for as many pieces as there are, and flush() for the end.
 */
export function initZlib(m: usize): i32 {
  if (initCompressType() < 0 || initDecompressType() < 0 || initZlibDecompressorType() < 0) return -1;
  if (zlibRoots.error == 0) zlibRoots.error = PyErr_NewException("zlib", "error", PyExc_Exception);
  if (zlibRoots.error == 0) return -1;
  if (
    PyModule_AddObjectLiteral(m, "error", Py.NewRef(zlibRoots.error)) < 0 ||
    PyModule_AddObjectLiteral(m, "_ZlibDecompressor", PyZlib_ZlibDecompressor_Type) < 0 ||
    addText(m, "ZLIB_VERSION", VERSION) < 0 ||
    addText(m, "ZLIB_RUNTIME_VERSION", VERSION) < 0 ||
    addText(m, "__version__", "1.0") < 0
  ) {
    return -1;
  }
  return addNumbers(PyModule_GetDict(m), CONSTANTS);
}
