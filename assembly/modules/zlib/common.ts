// What zlib's objects and functions have in common: the numbers of zlib, its errors, how much memory its streams take.

import { CODER_DEFLATE, CODER_INFLATE } from "../../generated/constants";
import { host } from "../../generated/host";
import { deflate_parameters, SIZEOF_deflate_parameters } from "../../generated/layouts";
import { zlibRoots } from "../../generated/runtime";
import { PyErr_Format } from "../../objects/errors/raise";
import { Buffer } from "../../objects/object/buffer";
import { Scratch } from "../../thread/scratch";

export const MAX_WBITS: i32 = 15;
export const DEFLATED: i32 = 8;
export const DEF_MEM_LEVEL: i32 = 8;
export const DEF_BUF_SIZE: isize = 16 << 10;

export const Z_NO_FLUSH: i32 = 0;
export const Z_SYNC_FLUSH: i32 = 2;
export const Z_FINISH: i32 = 4;

export const Z_OK: i32 = 0;
export const Z_STREAM_END: i32 = 1;
export const Z_NEED_DICT: i32 = 2;
export const Z_STREAM_ERROR: i32 = -2;
const Z_DATA_ERROR: i32 = -3;
export const Z_BUF_ERROR: i32 = -5;

/** What a coder's number is where there is none. */
export const NO_CODER: i32 = -1;

const MESSAGE_MAX: usize = 200;

function textOf(status: i32): string {
  if (status == Z_BUF_ERROR) return "incomplete or truncated stream";
  if (status == Z_STREAM_ERROR) return "inconsistent stream state";
  return status == Z_DATA_ERROR ? "invalid input data" : "";
}

/** Sets zlib.error for a status, with what the coder has to say; returns null. */
export function zlibError(coder: i32, status: i32, what: string): usize {
  const p = Scratch.take(<isize>(MESSAGE_MAX >> 3) + 1);
  const n = coder < 0 ? 0 : host.codeMessage(coder, p, MESSAGE_MAX);
  const doing = changetype<usize>(what);
  if (n > 0) {
    store<u8>(p + <usize>n, 0);
    PyErr_Format(zlibRoots.error, "Error %d %L: %.200s", status, doing, p);
  } else if (textOf(status).length > 0) {
    PyErr_Format(zlibRoots.error, "Error %d %L: %L", status, doing, changetype<usize>(textOf(status)));
  } else PyErr_Format(zlibRoots.error, "Error %d %L", status, doing);
  Scratch.give(p);
  return 0;
}

/** A new coder that compresses: its number, or a status. */
export function openDeflate(level: i32, method: i32, wbits: i32, memLevel: i32, strategy: i32): i32 {
  const p = Scratch.take(<isize>(SIZEOF_deflate_parameters >> 3));
  const parameters = deflate_parameters.at(p);
  parameters.level = level;
  parameters.method = method;
  parameters.wbits = wbits;
  parameters.memLevel = memLevel;
  parameters.strategy = strategy;
  const r = host.codeOpen(CODER_DEFLATE, p, SIZEOF_deflate_parameters);
  Scratch.give(p);
  return r < 0 ? Z_STREAM_ERROR : <i32>r;
}

/** A new coder that decompresses: its number, or a status. */
export function openInflate(wbits: i32): i32 {
  const p = Scratch.take(1);
  store<i32>(p, wbits);
  const r = host.codeOpen(CODER_INFLATE, p, 4);
  Scratch.give(p);
  return r < 0 ? Z_STREAM_ERROR : <i32>r;
}

/** The size of a window, its logarithm without what tells the container. */
function windowSize(wbits: i32): isize {
  const bits = abs<i32>(wbits) & 15;
  return (<isize>1) << (bits == 0 ? MAX_WBITS : bits);
}

/** How much memory a coder that compresses takes (zconf.h has the sum). */
export function deflateMemory(wbits: i32, memLevel: i32): isize {
  return (windowSize(wbits) << 2) + ((<isize>1) << ((memLevel & 15) + 9)) + 6000;
}

/** The same for one that decompresses. */
export function inflateMemory(wbits: i32): isize {
  return windowSize(wbits) + 7168;
}

/** Gives a coder what is known beforehand, the bytes that an object lends: a status; 1 with an exception of the loan. */
export function setDictionary(coder: i32, dictionary: usize): i32 {
  const view = Buffer.open(dictionary);
  if (view == 0) return 1;
  const r = host.codeDictionary(coder, Buffer.data(view), <usize>Buffer.length(view));
  Buffer.close(view);
  return r < 0 ? Z_STREAM_ERROR : -(<i32>r);
}
