// The module binascii (CPython 3.13's Modules/binascii.c): bytes as text and back. base64.ts has base64 and uuencode,
// quoted.ts quoted-printable; here are hexadecimal text and checksums.

import { PyBytesObject } from "../../generated/layouts";
import { binasciiRoots } from "../../generated/runtime";
import { PyExc_Exception, PyExc_ValueError } from "../../generated/statics";
import { PyBytes_FromStringAndSize } from "../../objects/bytes/bytes";
import { hexBytesOf } from "../../objects/bytes/methods";
import { PyErr_NewException } from "../../objects/errors/newclass";
import { PyModule_AddObjectLiteral } from "../../objects/module/module";
import { longMask64, PyLong_FromUnsignedLongLong } from "../../objects/numbers/int/create";
import { digitValue } from "../../objects/numbers/int/text";
import { Buffer } from "../../objects/object/buffer";
import { Py } from "../../objects/object/head";
import { PyNumber_Index } from "../../objects/protocol/number";
import { openSource, wrong } from "./source";

/**
 * @native binascii.b2a_hex($module, /, data, sep=<unrepresentable>, bytes_per_sep=1)
 *
 * Bytes in base 16, as bytes.
 *
 *   sep
 *     What stands between them, one character: a str or bytes.
 *   bytes_per_sep
 *     How many bytes stand between two of these. They are counted from
 *     the end, those of a negative number from the start.
 *
 * hexlify() is the same.
 *
 *   >>> binascii.b2a_hex(b'\xb9\x01\xef')
 *   b'b901ef'
 *   >>> binascii.hexlify(b'\xb9\x01\xef', ':')
 *   b'b9:01:ef'
 *   >>> binascii.b2a_hex(b'\xb9\x01\xef', b'_', 2)
 *   b'b9_01ef'
 *
 * @native binascii.hexlify($module, /, data, sep=<unrepresentable>, bytes_per_sep=1)
 *
 * Bytes in base 16, as bytes.
 *
 *   sep
 *     What stands between them, one character: a str or bytes.
 *   bytes_per_sep
 *     How many bytes stand between two of these. They are counted from
 *     the end, those of a negative number from the start.
 *
 * b2a_hex() is the same.
 */
export function b2a_hex(_module: usize, data: usize, sep: usize, bytes_per_sep: i32): usize {
  const view = Buffer.open(data);
  if (view == 0) return 0;
  const r = hexBytesOf(Buffer.data(view), Buffer.length(view), sep, bytes_per_sep);
  Buffer.close(view);
  return r;
}

/**
 * @native binascii.a2b_hex($module, hexstr, /)
 *
 * Bytes from their base 16.
 *
 * The digits come in pairs, in either case. unhexlify() is the same.
 *
 * @native binascii.unhexlify($module, hexstr, /)
 *
 * Bytes from their base 16.
 *
 * The digits come in pairs, in either case.
 */
export function a2b_hex(_module: usize, hexstr: usize): usize {
  const view = openSource(hexstr);
  if (view == 0) return 0;
  const p = Buffer.data(view);
  const n = Buffer.length(view);
  let r: usize = 0;
  if (n & 1) wrong("Odd-length string");
  else r = PyBytes_FromStringAndSize(0, n >> 1);
  if (r != 0) {
    const to = PyBytesObject.at(r).ob_sval;
    for (let i: isize = 0; i < n; i += 2) {
      const high = digitValue(load<u8>(p + <usize>i));
      const low = digitValue(load<u8>(p + <usize>i + 1));
      if (high > 15 || low > 15) {
        wrong("Non-hexadecimal digit found");
        Py.DECREF(r);
        r = 0;
        break;
      }
      store<u8>(to + <usize>(i >> 1), (high << 4) | low);
    }
  }
  Buffer.close(view);
  return r;
}

// Remainders of four bits: of x^16 + x^12 + x^5 + 1, and, the lowest bit first, of the polynomial of CRC-32.
const hqxTable: usize = memory.data<u16>([
  0x0000, 0x1021, 0x2042, 0x3063, 0x4084, 0x50a5, 0x60c6, 0x70e7, 0x8108, 0x9129, 0xa14a, 0xb16b, 0xc18c, 0xd1ad,
  0xe1ce, 0xf1ef,
]);
const crc32Table: usize = memory.data<u32>([
  0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac, 0x76dc4190, 0x6b6b51f4, 0x4db26158, 0x5005713c, 0xedb88320,
  0xf00f9344, 0xd6d6a3e8, 0xcb61b38c, 0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c,
]);

/** The low 32 bits of an int, through __index__; 0 for null; -1 with an exception. */
function maskArgument(o: usize): i64 {
  if (o == 0) return 0;
  const i = PyNumber_Index(o);
  if (i == 0) return -1;
  const mask = <i64>(longMask64(i) & 0xffffffff);
  Py.DECREF(i);
  return mask;
}

/**
 * @native binascii.crc_hqx($module, data, crc, /)
 *
 * The CRC-CCITT of bytes, going on from another.
 */
export function crc_hqx(_module: usize, data: usize, crc: usize): usize {
  const view = Buffer.open(data);
  if (view == 0) return 0;
  const start = maskArgument(crc);
  let c = <u32>start & 0xffff;
  const n = Buffer.length(view);
  for (let i: isize = 0; i < n; i++) {
    c ^= (<u32>load<u8>(Buffer.data(view) + <usize>i)) << 8;
    c = ((c << 4) & 0xffff) ^ load<u16>(hqxTable + ((c >> 12) << 1));
    c = ((c << 4) & 0xffff) ^ load<u16>(hqxTable + ((c >> 12) << 1));
  }
  Buffer.close(view);
  return start < 0 ? 0 : PyLong_FromUnsignedLongLong(c);
}

/**
 * @native binascii.crc32($module, data, crc=0, /)
 *
 * The CRC-32 of bytes, going on from another.
 */
export function crc32(_module: usize, data: usize, crc: usize): usize {
  const view = Buffer.open(data);
  if (view == 0) return 0;
  const start = maskArgument(crc);
  let c = ~(<u32>start);
  const n = Buffer.length(view);
  for (let i: isize = 0; i < n; i++) {
    c ^= <u32>load<u8>(Buffer.data(view) + <usize>i);
    c = (c >> 4) ^ load<u32>(crc32Table + ((c & 15) << 2));
    c = (c >> 4) ^ load<u32>(crc32Table + ((c & 15) << 2));
  }
  Buffer.close(view);
  return start < 0 ? 0 : PyLong_FromUnsignedLongLong(~c);
}

/**
 * @module binascii
 * @order a2b_uu b2a_uu a2b_base64 b2a_base64 a2b_hex b2a_hex hexlify unhexlify crc_hqx crc32 a2b_qp b2a_qp
 *
 * Bytes as text of ASCII, and back again
 */
export function initBinascii(m: usize): i32 {
  if (binasciiRoots.error == 0) binasciiRoots.error = PyErr_NewException("binascii", "Error", PyExc_ValueError);
  if (binasciiRoots.incomplete == 0) {
    binasciiRoots.incomplete = PyErr_NewException("binascii", "Incomplete", PyExc_Exception);
  }
  return binasciiRoots.error != 0 &&
    binasciiRoots.incomplete != 0 &&
    PyModule_AddObjectLiteral(m, "Error", Py.NewRef(binasciiRoots.error)) == 0 &&
    PyModule_AddObjectLiteral(m, "Incomplete", Py.NewRef(binasciiRoots.incomplete)) == 0
    ? 0
    : -1;
}
