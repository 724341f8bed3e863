// Which special method belongs to which slot: the table from which slot wrappers are made for built-in types and slots
// are filled for Python classes (the slotdefs of CPython 3.13's Objects/typeobject.c, in its order).
//
// A row is 24 bytes in static memory: name (4, an identifier's address), offset in PyHeapTypeObject (4), the function
// that stands in the slot of a Python class (4, table index, 0 where none), the wrapper (4, table index, 0 where none),
// the text for __doc__ (4, a C string, 0 where none), 4 unused.

import { PyTypeObject } from "../../generated/layouts";
import { objectsRoots } from "../../generated/runtime";
import { ID } from "../../generated/statics";
import { sharedEntry, textOf } from "../define/docs";
import { staticAlloc } from "../define/tables";
import { slot_bf_getbuffer, slot_bf_releasebuffer, wrap_buffer, wrap_releasebuffer } from "./bufferslots";
import {
  slot_am_aiter,
  slot_am_anext,
  slot_am_await,
  slot_mp_ass_subscript,
  slot_mp_subscript,
  slot_nb_absolute,
  slot_nb_add,
  slot_nb_and,
  slot_nb_bool,
  slot_nb_divmod,
  slot_nb_float,
  slot_nb_floor_divide,
  slot_nb_index,
  slot_nb_inplace_add,
  slot_nb_inplace_and,
  slot_nb_inplace_floor_divide,
  slot_nb_inplace_lshift,
  slot_nb_inplace_matrix_multiply,
  slot_nb_inplace_multiply,
  slot_nb_inplace_or,
  slot_nb_inplace_power,
  slot_nb_inplace_remainder,
  slot_nb_inplace_rshift,
  slot_nb_inplace_subtract,
  slot_nb_inplace_true_divide,
  slot_nb_inplace_xor,
  slot_nb_int,
  slot_nb_invert,
  slot_nb_lshift,
  slot_nb_matrix_multiply,
  slot_nb_multiply,
  slot_nb_negative,
  slot_nb_or,
  slot_nb_positive,
  slot_nb_power,
  slot_nb_remainder,
  slot_nb_rshift,
  slot_nb_subtract,
  slot_nb_true_divide,
  slot_nb_xor,
  slot_sq_ass_item,
  slot_sq_contains,
  slot_sq_item,
  slot_sq_length,
  slot_tp_call,
  slot_tp_descr_get,
  slot_tp_descr_set,
  slot_tp_finalize,
  slot_tp_getattr_hook,
  slot_tp_hash,
  slot_tp_init,
  slot_tp_iter,
  slot_tp_iternext,
  slot_tp_new,
  slot_tp_repr,
  slot_tp_richcompare,
  slot_tp_setattro,
  slot_tp_str,
} from "./slot_functions";
import {
  richcmp_eq,
  richcmp_ge,
  richcmp_gt,
  richcmp_le,
  richcmp_lt,
  richcmp_ne,
  wrap_binaryfunc,
  wrap_binaryfunc_l,
  wrap_binaryfunc_r,
  wrap_call,
  wrap_del,
  wrap_delattr,
  wrap_delitem,
  wrap_descr_delete,
  wrap_descr_get,
  wrap_descr_set,
  wrap_hashfunc,
  wrap_indexargfunc,
  wrap_init,
  wrap_inquirypred,
  wrap_lenfunc,
  wrap_next,
  wrap_objobjargproc,
  wrap_objobjproc,
  wrap_setattr,
  wrap_sq_delitem,
  wrap_sq_item,
  wrap_sq_setitem,
  wrap_ternaryfunc,
  wrap_ternaryfunc_r,
  wrap_unaryfunc,
} from "./wrappers";

/** Bytes of a row. */
const ROW: usize = 24;
const ROWS: usize = 92;

export class Slotdef {
  @inline static row(i: u32): usize {
    return objectsRoots.slotdefs + <usize>i * ROW;
  }
  @inline static name(i: u32): usize {
    return load<u32>(Slotdef.row(i));
  }
  @inline static offset(i: u32): u32 {
    return load<u32>(Slotdef.row(i), 4);
  }
  @inline static fn(i: u32): u32 {
    return load<u32>(Slotdef.row(i), 8);
  }
  @inline static wrapper(i: u32): u32 {
    return load<u32>(Slotdef.row(i), 12);
  }
  /** Of a row, not an index: what a slot wrapper keeps. */
  @inline static doc(row: usize): usize {
    return load<u32>(row, 16);
  }
}

function row(name: usize, offset: u32, fn: u32, wrapper: u32): void {
  const i = objectsRoots.slotdefs_count;
  const p = Slotdef.row(i);
  store<u32>(p, <u32>name);
  store<u32>(p, offset, 4);
  store<u32>(p, fn, 8);
  store<u32>(p, wrapper, 12);
  objectsRoots.slotdefs_count = i + 1;
}

/** Address of the slot at `offset` of PyHeapTypeObject in any type; 0 where its table is missing. */
export function slotAddress(type: usize, offset: u32): usize {
  const t = PyTypeObject.at(type);
  if (offset >= 840) return t.tp_as_buffer == 0 ? 0 : t.tp_as_buffer + (offset - 840);
  if (offset >= 760) return t.tp_as_sequence == 0 ? 0 : t.tp_as_sequence + (offset - 760);
  if (offset >= 736) return t.tp_as_mapping == 0 ? 0 : t.tp_as_mapping + (offset - 736);
  if (offset >= 448) return t.tp_as_number == 0 ? 0 : t.tp_as_number + (offset - 448);
  if (offset >= 416) return t.tp_as_async == 0 ? 0 : t.tp_as_async + (offset - 416);
  return type + offset;
}

/** Builds the table. For initialisation only. */
export function initSlotdefs(): void {
  objectsRoots.slotdefs = staticAlloc(ROWS * ROW);
  objectsRoots.slotdefs_count = 0;
  row(ID.__repr__, 88, slot_tp_repr.index, wrap_unaryfunc.index);
  row(ID.__hash__, 120, slot_tp_hash.index, wrap_hashfunc.index);
  row(ID.__call__, 128, slot_tp_call.index, wrap_call.index);
  row(ID.__str__, 136, slot_tp_str.index, wrap_unaryfunc.index);
  row(ID.__getattribute__, 144, slot_tp_getattr_hook.index, wrap_binaryfunc.index);
  row(ID.__getattr__, 144, slot_tp_getattr_hook.index, 0);
  row(ID.__setattr__, 152, slot_tp_setattro.index, wrap_setattr.index);
  row(ID.__delattr__, 152, slot_tp_setattro.index, wrap_delattr.index);
  row(ID.__lt__, 200, slot_tp_richcompare.index, richcmp_lt.index);
  row(ID.__le__, 200, slot_tp_richcompare.index, richcmp_le.index);
  row(ID.__eq__, 200, slot_tp_richcompare.index, richcmp_eq.index);
  row(ID.__ne__, 200, slot_tp_richcompare.index, richcmp_ne.index);
  row(ID.__gt__, 200, slot_tp_richcompare.index, richcmp_gt.index);
  row(ID.__ge__, 200, slot_tp_richcompare.index, richcmp_ge.index);
  row(ID.__iter__, 216, slot_tp_iter.index, wrap_unaryfunc.index);
  row(ID.__next__, 224, slot_tp_iternext.index, wrap_next.index);
  row(ID.__get__, 272, slot_tp_descr_get.index, wrap_descr_get.index);
  row(ID.__set__, 280, slot_tp_descr_set.index, wrap_descr_set.index);
  row(ID.__delete__, 280, slot_tp_descr_set.index, wrap_descr_delete.index);
  row(ID.__init__, 296, slot_tp_init.index, wrap_init.index);
  row(ID.__new__, 312, slot_tp_new.index, 0);
  row(ID.__del__, 392, slot_tp_finalize.index, wrap_del.index);
  row(ID.__buffer__, 840, slot_bf_getbuffer.index, wrap_buffer.index);
  row(ID.__release_buffer__, 848, slot_bf_releasebuffer.index, wrap_releasebuffer.index);
  row(ID.__await__, 416, slot_am_await.index, wrap_unaryfunc.index);
  row(ID.__aiter__, 424, slot_am_aiter.index, wrap_unaryfunc.index);
  row(ID.__anext__, 432, slot_am_anext.index, wrap_unaryfunc.index);
  row(ID.__add__, 448, slot_nb_add.index, wrap_binaryfunc_l.index);
  row(ID.__radd__, 448, slot_nb_add.index, wrap_binaryfunc_r.index);
  row(ID.__sub__, 456, slot_nb_subtract.index, wrap_binaryfunc_l.index);
  row(ID.__rsub__, 456, slot_nb_subtract.index, wrap_binaryfunc_r.index);
  row(ID.__mul__, 464, slot_nb_multiply.index, wrap_binaryfunc_l.index);
  row(ID.__rmul__, 464, slot_nb_multiply.index, wrap_binaryfunc_r.index);
  row(ID.__mod__, 472, slot_nb_remainder.index, wrap_binaryfunc_l.index);
  row(ID.__rmod__, 472, slot_nb_remainder.index, wrap_binaryfunc_r.index);
  row(ID.__divmod__, 480, slot_nb_divmod.index, wrap_binaryfunc_l.index);
  row(ID.__rdivmod__, 480, slot_nb_divmod.index, wrap_binaryfunc_r.index);
  row(ID.__pow__, 488, slot_nb_power.index, wrap_ternaryfunc.index);
  row(ID.__rpow__, 488, slot_nb_power.index, wrap_ternaryfunc_r.index);
  row(ID.__neg__, 496, slot_nb_negative.index, wrap_unaryfunc.index);
  row(ID.__pos__, 504, slot_nb_positive.index, wrap_unaryfunc.index);
  row(ID.__abs__, 512, slot_nb_absolute.index, wrap_unaryfunc.index);
  row(ID.__bool__, 520, slot_nb_bool.index, wrap_inquirypred.index);
  row(ID.__invert__, 528, slot_nb_invert.index, wrap_unaryfunc.index);
  row(ID.__lshift__, 536, slot_nb_lshift.index, wrap_binaryfunc_l.index);
  row(ID.__rlshift__, 536, slot_nb_lshift.index, wrap_binaryfunc_r.index);
  row(ID.__rshift__, 544, slot_nb_rshift.index, wrap_binaryfunc_l.index);
  row(ID.__rrshift__, 544, slot_nb_rshift.index, wrap_binaryfunc_r.index);
  row(ID.__and__, 552, slot_nb_and.index, wrap_binaryfunc_l.index);
  row(ID.__rand__, 552, slot_nb_and.index, wrap_binaryfunc_r.index);
  row(ID.__xor__, 560, slot_nb_xor.index, wrap_binaryfunc_l.index);
  row(ID.__rxor__, 560, slot_nb_xor.index, wrap_binaryfunc_r.index);
  row(ID.__or__, 568, slot_nb_or.index, wrap_binaryfunc_l.index);
  row(ID.__ror__, 568, slot_nb_or.index, wrap_binaryfunc_r.index);
  row(ID.__int__, 576, slot_nb_int.index, wrap_unaryfunc.index);
  row(ID.__float__, 592, slot_nb_float.index, wrap_unaryfunc.index);
  row(ID.__iadd__, 600, slot_nb_inplace_add.index, wrap_binaryfunc.index);
  row(ID.__isub__, 608, slot_nb_inplace_subtract.index, wrap_binaryfunc.index);
  row(ID.__imul__, 616, slot_nb_inplace_multiply.index, wrap_binaryfunc.index);
  row(ID.__imod__, 624, slot_nb_inplace_remainder.index, wrap_binaryfunc.index);
  row(ID.__ipow__, 632, slot_nb_inplace_power.index, wrap_ternaryfunc.index);
  row(ID.__ilshift__, 640, slot_nb_inplace_lshift.index, wrap_binaryfunc.index);
  row(ID.__irshift__, 648, slot_nb_inplace_rshift.index, wrap_binaryfunc.index);
  row(ID.__iand__, 656, slot_nb_inplace_and.index, wrap_binaryfunc.index);
  row(ID.__ixor__, 664, slot_nb_inplace_xor.index, wrap_binaryfunc.index);
  row(ID.__ior__, 672, slot_nb_inplace_or.index, wrap_binaryfunc.index);
  row(ID.__floordiv__, 680, slot_nb_floor_divide.index, wrap_binaryfunc_l.index);
  row(ID.__rfloordiv__, 680, slot_nb_floor_divide.index, wrap_binaryfunc_r.index);
  row(ID.__truediv__, 688, slot_nb_true_divide.index, wrap_binaryfunc_l.index);
  row(ID.__rtruediv__, 688, slot_nb_true_divide.index, wrap_binaryfunc_r.index);
  row(ID.__ifloordiv__, 696, slot_nb_inplace_floor_divide.index, wrap_binaryfunc.index);
  row(ID.__itruediv__, 704, slot_nb_inplace_true_divide.index, wrap_binaryfunc.index);
  row(ID.__index__, 712, slot_nb_index.index, wrap_unaryfunc.index);
  row(ID.__matmul__, 720, slot_nb_matrix_multiply.index, wrap_binaryfunc_l.index);
  row(ID.__rmatmul__, 720, slot_nb_matrix_multiply.index, wrap_binaryfunc_r.index);
  row(ID.__imatmul__, 728, slot_nb_inplace_matrix_multiply.index, wrap_binaryfunc.index);
  row(ID.__len__, 736, slot_sq_length.index, wrap_lenfunc.index);
  row(ID.__getitem__, 744, slot_mp_subscript.index, wrap_binaryfunc.index);
  row(ID.__setitem__, 752, slot_mp_ass_subscript.index, wrap_objobjargproc.index);
  row(ID.__delitem__, 752, slot_mp_ass_subscript.index, wrap_delitem.index);
  row(ID.__len__, 760, slot_sq_length.index, wrap_lenfunc.index);
  row(ID.__add__, 768, 0, wrap_binaryfunc.index);
  row(ID.__mul__, 776, 0, wrap_indexargfunc.index);
  row(ID.__rmul__, 776, 0, wrap_indexargfunc.index);
  row(ID.__getitem__, 784, slot_sq_item.index, wrap_sq_item.index);
  row(ID.__setitem__, 800, slot_sq_ass_item.index, wrap_sq_setitem.index);
  row(ID.__delitem__, 800, slot_sq_ass_item.index, wrap_sq_delitem.index);
  row(ID.__contains__, 816, slot_sq_contains.index, wrap_objobjproc.index);
  row(ID.__iadd__, 824, 0, wrap_binaryfunc.index);
  row(ID.__imul__, 832, 0, wrap_indexargfunc.index);
  assert(objectsRoots.slotdefs_count <= <u32>ROWS);
}

/** Gives the rows their texts. For initialisation only, when the identifiers exist. */
export function documentSlotdefs(): void {
  let entry: usize = 0;
  for (let i: u32 = 0; i < objectsRoots.slotdefs_count; i++) {
    const p = Slotdef.row(i);
    const found = sharedEntry(load<u32>(p) + 40, entry);
    if (found == 0) continue;
    entry = found;
    store<u32>(p, <u32>textOf(entry), 16);
  }
}
