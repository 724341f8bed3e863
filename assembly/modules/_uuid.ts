// The module _uuid (CPython 3.13's Modules/_uuidmodule.c): universally unique identifiers by the time of their making, of
// which libuuid makes them there.
//
//   | time low 4 | time middle 2 | version, time high 2 | variant, sequence 2 | node 6 |
//
// The node is a random number, as libuuid has it where a machine has no network card: RFC 4122 marks that by a bit. Node and
// sequence stay the same as long as the process; the time is never the same twice.

import { host } from "../generated/host";
import { SIZEOF_uuid_fields, uuid_fields } from "../generated/layouts";
import { uuidRoots } from "../generated/runtime";
import { newBytes } from "../objects/bytes/bytes";
import { BytesLike } from "../objects/bytes/common";
import { PyTuple_Pack2 } from "../objects/containers/tuple";
import { raiseErrno } from "../objects/errors/system";
import { PyModule_AddObjectLiteral } from "../objects/module/module";
import { PyLong_FromLong } from "../objects/numbers/int/create";
import { Py } from "../objects/object/head";
import { Scratch } from "../thread/scratch";
import { CLOCK_REALTIME, clockSeconds } from "./time/clocks";

/** From October 15, 1582, to 1970, in units of 100 ns. */
const EPOCH: i64 = 0x01b21dd213814000;
/** Of a random node. */
const MULTICAST: u64 = 0x010000000000;

/** Makes node and sequence up, once: false with OSError. */
function prepare(): bool {
  if (uuidRoots.node != 0) return true;
  const p = Scratch.take(1);
  const r = host.random(p, 8);
  const random = load<u64>(p);
  Scratch.give(p);
  if (r < 0) {
    raiseErrno(<i32>-r);
    return false;
  }
  uuidRoots.node = (random & 0xffffffffffff) | MULTICAST;
  uuidRoots.sequence = <u32>(random >> 48) & 0x3fff;
  return true;
}

/**
 * @native _uuid.generate_time_safe
 */
export function uuid_generate_time_safe(_m: usize, _: usize): usize {
  const now = clockSeconds(CLOCK_REALTIME);
  if (now < 0 || !prepare()) return 0;
  const time = max<i64>(<i64>(now * 1e7) + EPOCH, uuidRoots.last + 1);
  uuidRoots.last = time;
  const bytes = newBytes(SIZEOF_uuid_fields);
  if (bytes == 0) return 0;
  const x = uuid_fields.at(BytesLike.data(bytes));
  x.time_low = bswap<u32>(<u32>time);
  x.time_mid = bswap<u16>(<u16>(time >> 32));
  x.time_hi_version = bswap<u16>((<u16>(time >> 48) & 0x0fff) | 0x1000);
  x.clock_seq = bswap<u16>(<u16>uuidRoots.sequence | 0x8000);
  x.node_high = bswap<u16>(<u16>(uuidRoots.node >> 32));
  x.node_low = bswap<u32>(<u32>uuidRoots.node);
  // Other processes were not asked.
  const unsafe = PyLong_FromLong(-1);
  const r = unsafe == 0 ? 0 : PyTuple_Pack2(bytes, unsafe);
  Py.XDECREF(unsafe);
  Py.DECREF(bytes);
  return r;
}

/**
 * @module _uuid
 */
export function initUuid(m: usize): i32 {
  return PyModule_AddObjectLiteral(m, "has_uuid_generate_time_safe", PyLong_FromLong(1));
}
