// Which special method belongs to which slot: the table from which slot wrappers are made for built-in types and slots
// are filled for Python classes (the slotdefs of CPython 3.13's Objects/typeobject.c, in its order). The rows, slotdefs,
// are in static memory.

import {
  PyAsyncMethods_am_aiter,
  PyAsyncMethods_am_anext,
  PyAsyncMethods_am_await,
  PyBufferProcs_bf_getbuffer,
  PyBufferProcs_bf_releasebuffer,
  PyMappingMethods_mp_ass_subscript,
  PyMappingMethods_mp_length,
  PyMappingMethods_mp_subscript,
  PyNumberMethods_nb_absolute,
  PyNumberMethods_nb_add,
  PyNumberMethods_nb_and,
  PyNumberMethods_nb_bool,
  PyNumberMethods_nb_divmod,
  PyNumberMethods_nb_float,
  PyNumberMethods_nb_floor_divide,
  PyNumberMethods_nb_index,
  PyNumberMethods_nb_inplace_add,
  PyNumberMethods_nb_inplace_and,
  PyNumberMethods_nb_inplace_floor_divide,
  PyNumberMethods_nb_inplace_lshift,
  PyNumberMethods_nb_inplace_matrix_multiply,
  PyNumberMethods_nb_inplace_multiply,
  PyNumberMethods_nb_inplace_or,
  PyNumberMethods_nb_inplace_power,
  PyNumberMethods_nb_inplace_remainder,
  PyNumberMethods_nb_inplace_rshift,
  PyNumberMethods_nb_inplace_subtract,
  PyNumberMethods_nb_inplace_true_divide,
  PyNumberMethods_nb_inplace_xor,
  PyNumberMethods_nb_int,
  PyNumberMethods_nb_invert,
  PyNumberMethods_nb_lshift,
  PyNumberMethods_nb_matrix_multiply,
  PyNumberMethods_nb_multiply,
  PyNumberMethods_nb_negative,
  PyNumberMethods_nb_or,
  PyNumberMethods_nb_positive,
  PyNumberMethods_nb_power,
  PyNumberMethods_nb_remainder,
  PyNumberMethods_nb_rshift,
  PyNumberMethods_nb_subtract,
  PyNumberMethods_nb_true_divide,
  PyNumberMethods_nb_xor,
  PySequenceMethods_sq_ass_item,
  PySequenceMethods_sq_concat,
  PySequenceMethods_sq_contains,
  PySequenceMethods_sq_inplace_concat,
  PySequenceMethods_sq_inplace_repeat,
  PySequenceMethods_sq_item,
  PySequenceMethods_sq_length,
  PySequenceMethods_sq_repeat,
  PyTypeObject,
  PyTypeObject_tp_call,
  PyTypeObject_tp_descr_get,
  PyTypeObject_tp_descr_set,
  PyTypeObject_tp_finalize,
  PyTypeObject_tp_getattro,
  PyTypeObject_tp_hash,
  PyTypeObject_tp_init,
  PyTypeObject_tp_iter,
  PyTypeObject_tp_iternext,
  PyTypeObject_tp_new,
  PyTypeObject_tp_repr,
  PyTypeObject_tp_richcompare,
  PyTypeObject_tp_setattro,
  PyTypeObject_tp_str,
  SIZEOF_PyAsyncMethods,
  SIZEOF_PyMappingMethods,
  SIZEOF_PyNumberMethods,
  SIZEOF_PySequenceMethods,
  SIZEOF_PyTypeObject,
  SIZEOF_slotdef,
  slotdef,
} from "../../generated/layouts";
import { objectsRoots } from "../../generated/runtime";
import { ID } from "../../generated/statics";
import { sharedEntry, textOf } from "../define/docs";
import { staticAlloc } from "../define/tables";
import { U } from "../text/access";
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
  wrap_getattr,
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

const ROWS: usize = 92;

// Where a heap type has its suites of slots, each behind the one before: a row's offset names slots of static types by
// the same numbers.
const AS_ASYNC: usize = SIZEOF_PyTypeObject;
const AS_NUMBER: usize = AS_ASYNC + SIZEOF_PyAsyncMethods;
const AS_MAPPING: usize = AS_NUMBER + SIZEOF_PyNumberMethods;
const AS_SEQUENCE: usize = AS_MAPPING + SIZEOF_PyMappingMethods;
const AS_BUFFER: usize = AS_SEQUENCE + SIZEOF_PySequenceMethods;

export class Slotdef {
  @inline static row(i: u32): usize {
    return objectsRoots.slotdefs + <usize>i * SIZEOF_slotdef;
  }
  @inline static name(i: u32): usize {
    return slotdef.at(Slotdef.row(i)).name;
  }
  @inline static offset(i: u32): u32 {
    return slotdef.at(Slotdef.row(i)).offset;
  }
  @inline static fn(i: u32): u32 {
    return slotdef.at(Slotdef.row(i)).fn;
  }
  @inline static wrapper(i: u32): u32 {
    return slotdef.at(Slotdef.row(i)).wrapper;
  }
  /** Of a row, not an index: what a slot wrapper keeps. */
  @inline static doc(row: usize): usize {
    return slotdef.at(row).doc;
  }
}

function row(name: usize, offset: usize, fn: u32, wrapper: u32): void {
  const i = objectsRoots.slotdefs_count;
  const p = slotdef.at(Slotdef.row(i));
  p.name = <u32>name;
  p.offset = <u32>offset;
  p.fn = fn;
  p.wrapper = wrapper;
  objectsRoots.slotdefs_count = i + 1;
}

/** Address of the slot at `offset` of PyHeapTypeObject in any type; 0 where its table is missing. */
export function slotAddress(type: usize, offset: u32): usize {
  const t = PyTypeObject.at(type);
  if (offset >= AS_BUFFER) return t.tp_as_buffer == 0 ? 0 : t.tp_as_buffer + (offset - AS_BUFFER);
  if (offset >= AS_SEQUENCE) return t.tp_as_sequence == 0 ? 0 : t.tp_as_sequence + (offset - AS_SEQUENCE);
  if (offset >= AS_MAPPING) return t.tp_as_mapping == 0 ? 0 : t.tp_as_mapping + (offset - AS_MAPPING);
  if (offset >= AS_NUMBER) return t.tp_as_number == 0 ? 0 : t.tp_as_number + (offset - AS_NUMBER);
  if (offset >= AS_ASYNC) return t.tp_as_async == 0 ? 0 : t.tp_as_async + (offset - AS_ASYNC);
  return type + offset;
}

/** Builds the table. For initialisation only. */
export function initSlotdefs(): void {
  objectsRoots.slotdefs = staticAlloc(ROWS * SIZEOF_slotdef);
  objectsRoots.slotdefs_count = 0;
  row(ID.__repr__, PyTypeObject_tp_repr, slot_tp_repr.index, wrap_unaryfunc.index);
  row(ID.__hash__, PyTypeObject_tp_hash, slot_tp_hash.index, wrap_hashfunc.index);
  row(ID.__call__, PyTypeObject_tp_call, slot_tp_call.index, wrap_call.index);
  row(ID.__str__, PyTypeObject_tp_str, slot_tp_str.index, wrap_unaryfunc.index);
  row(ID.__getattribute__, PyTypeObject_tp_getattro, slot_tp_getattr_hook.index, wrap_getattr.index);
  row(ID.__getattr__, PyTypeObject_tp_getattro, slot_tp_getattr_hook.index, 0);
  row(ID.__setattr__, PyTypeObject_tp_setattro, slot_tp_setattro.index, wrap_setattr.index);
  row(ID.__delattr__, PyTypeObject_tp_setattro, slot_tp_setattro.index, wrap_delattr.index);
  row(ID.__lt__, PyTypeObject_tp_richcompare, slot_tp_richcompare.index, richcmp_lt.index);
  row(ID.__le__, PyTypeObject_tp_richcompare, slot_tp_richcompare.index, richcmp_le.index);
  row(ID.__eq__, PyTypeObject_tp_richcompare, slot_tp_richcompare.index, richcmp_eq.index);
  row(ID.__ne__, PyTypeObject_tp_richcompare, slot_tp_richcompare.index, richcmp_ne.index);
  row(ID.__gt__, PyTypeObject_tp_richcompare, slot_tp_richcompare.index, richcmp_gt.index);
  row(ID.__ge__, PyTypeObject_tp_richcompare, slot_tp_richcompare.index, richcmp_ge.index);
  row(ID.__iter__, PyTypeObject_tp_iter, slot_tp_iter.index, wrap_unaryfunc.index);
  row(ID.__next__, PyTypeObject_tp_iternext, slot_tp_iternext.index, wrap_next.index);
  row(ID.__get__, PyTypeObject_tp_descr_get, slot_tp_descr_get.index, wrap_descr_get.index);
  row(ID.__set__, PyTypeObject_tp_descr_set, slot_tp_descr_set.index, wrap_descr_set.index);
  row(ID.__delete__, PyTypeObject_tp_descr_set, slot_tp_descr_set.index, wrap_descr_delete.index);
  row(ID.__init__, PyTypeObject_tp_init, slot_tp_init.index, wrap_init.index);
  row(ID.__new__, PyTypeObject_tp_new, slot_tp_new.index, 0);
  row(ID.__del__, PyTypeObject_tp_finalize, slot_tp_finalize.index, wrap_del.index);
  row(ID.__buffer__, AS_BUFFER + PyBufferProcs_bf_getbuffer, slot_bf_getbuffer.index, wrap_buffer.index);
  row(
    ID.__release_buffer__,
    AS_BUFFER + PyBufferProcs_bf_releasebuffer,
    slot_bf_releasebuffer.index,
    wrap_releasebuffer.index,
  );
  row(ID.__await__, AS_ASYNC + PyAsyncMethods_am_await, slot_am_await.index, wrap_unaryfunc.index);
  row(ID.__aiter__, AS_ASYNC + PyAsyncMethods_am_aiter, slot_am_aiter.index, wrap_unaryfunc.index);
  row(ID.__anext__, AS_ASYNC + PyAsyncMethods_am_anext, slot_am_anext.index, wrap_unaryfunc.index);
  row(ID.__add__, AS_NUMBER + PyNumberMethods_nb_add, slot_nb_add.index, wrap_binaryfunc_l.index);
  row(ID.__radd__, AS_NUMBER + PyNumberMethods_nb_add, slot_nb_add.index, wrap_binaryfunc_r.index);
  row(ID.__sub__, AS_NUMBER + PyNumberMethods_nb_subtract, slot_nb_subtract.index, wrap_binaryfunc_l.index);
  row(ID.__rsub__, AS_NUMBER + PyNumberMethods_nb_subtract, slot_nb_subtract.index, wrap_binaryfunc_r.index);
  row(ID.__mul__, AS_NUMBER + PyNumberMethods_nb_multiply, slot_nb_multiply.index, wrap_binaryfunc_l.index);
  row(ID.__rmul__, AS_NUMBER + PyNumberMethods_nb_multiply, slot_nb_multiply.index, wrap_binaryfunc_r.index);
  row(ID.__mod__, AS_NUMBER + PyNumberMethods_nb_remainder, slot_nb_remainder.index, wrap_binaryfunc_l.index);
  row(ID.__rmod__, AS_NUMBER + PyNumberMethods_nb_remainder, slot_nb_remainder.index, wrap_binaryfunc_r.index);
  row(ID.__divmod__, AS_NUMBER + PyNumberMethods_nb_divmod, slot_nb_divmod.index, wrap_binaryfunc_l.index);
  row(ID.__rdivmod__, AS_NUMBER + PyNumberMethods_nb_divmod, slot_nb_divmod.index, wrap_binaryfunc_r.index);
  row(ID.__pow__, AS_NUMBER + PyNumberMethods_nb_power, slot_nb_power.index, wrap_ternaryfunc.index);
  row(ID.__rpow__, AS_NUMBER + PyNumberMethods_nb_power, slot_nb_power.index, wrap_ternaryfunc_r.index);
  row(ID.__neg__, AS_NUMBER + PyNumberMethods_nb_negative, slot_nb_negative.index, wrap_unaryfunc.index);
  row(ID.__pos__, AS_NUMBER + PyNumberMethods_nb_positive, slot_nb_positive.index, wrap_unaryfunc.index);
  row(ID.__abs__, AS_NUMBER + PyNumberMethods_nb_absolute, slot_nb_absolute.index, wrap_unaryfunc.index);
  row(ID.__bool__, AS_NUMBER + PyNumberMethods_nb_bool, slot_nb_bool.index, wrap_inquirypred.index);
  row(ID.__invert__, AS_NUMBER + PyNumberMethods_nb_invert, slot_nb_invert.index, wrap_unaryfunc.index);
  row(ID.__lshift__, AS_NUMBER + PyNumberMethods_nb_lshift, slot_nb_lshift.index, wrap_binaryfunc_l.index);
  row(ID.__rlshift__, AS_NUMBER + PyNumberMethods_nb_lshift, slot_nb_lshift.index, wrap_binaryfunc_r.index);
  row(ID.__rshift__, AS_NUMBER + PyNumberMethods_nb_rshift, slot_nb_rshift.index, wrap_binaryfunc_l.index);
  row(ID.__rrshift__, AS_NUMBER + PyNumberMethods_nb_rshift, slot_nb_rshift.index, wrap_binaryfunc_r.index);
  row(ID.__and__, AS_NUMBER + PyNumberMethods_nb_and, slot_nb_and.index, wrap_binaryfunc_l.index);
  row(ID.__rand__, AS_NUMBER + PyNumberMethods_nb_and, slot_nb_and.index, wrap_binaryfunc_r.index);
  row(ID.__xor__, AS_NUMBER + PyNumberMethods_nb_xor, slot_nb_xor.index, wrap_binaryfunc_l.index);
  row(ID.__rxor__, AS_NUMBER + PyNumberMethods_nb_xor, slot_nb_xor.index, wrap_binaryfunc_r.index);
  row(ID.__or__, AS_NUMBER + PyNumberMethods_nb_or, slot_nb_or.index, wrap_binaryfunc_l.index);
  row(ID.__ror__, AS_NUMBER + PyNumberMethods_nb_or, slot_nb_or.index, wrap_binaryfunc_r.index);
  row(ID.__int__, AS_NUMBER + PyNumberMethods_nb_int, slot_nb_int.index, wrap_unaryfunc.index);
  row(ID.__float__, AS_NUMBER + PyNumberMethods_nb_float, slot_nb_float.index, wrap_unaryfunc.index);
  row(ID.__iadd__, AS_NUMBER + PyNumberMethods_nb_inplace_add, slot_nb_inplace_add.index, wrap_binaryfunc.index);
  row(
    ID.__isub__,
    AS_NUMBER + PyNumberMethods_nb_inplace_subtract,
    slot_nb_inplace_subtract.index,
    wrap_binaryfunc.index,
  );
  row(
    ID.__imul__,
    AS_NUMBER + PyNumberMethods_nb_inplace_multiply,
    slot_nb_inplace_multiply.index,
    wrap_binaryfunc.index,
  );
  row(
    ID.__imod__,
    AS_NUMBER + PyNumberMethods_nb_inplace_remainder,
    slot_nb_inplace_remainder.index,
    wrap_binaryfunc.index,
  );
  row(ID.__ipow__, AS_NUMBER + PyNumberMethods_nb_inplace_power, slot_nb_inplace_power.index, wrap_ternaryfunc.index);
  row(
    ID.__ilshift__,
    AS_NUMBER + PyNumberMethods_nb_inplace_lshift,
    slot_nb_inplace_lshift.index,
    wrap_binaryfunc.index,
  );
  row(
    ID.__irshift__,
    AS_NUMBER + PyNumberMethods_nb_inplace_rshift,
    slot_nb_inplace_rshift.index,
    wrap_binaryfunc.index,
  );
  row(ID.__iand__, AS_NUMBER + PyNumberMethods_nb_inplace_and, slot_nb_inplace_and.index, wrap_binaryfunc.index);
  row(ID.__ixor__, AS_NUMBER + PyNumberMethods_nb_inplace_xor, slot_nb_inplace_xor.index, wrap_binaryfunc.index);
  row(ID.__ior__, AS_NUMBER + PyNumberMethods_nb_inplace_or, slot_nb_inplace_or.index, wrap_binaryfunc.index);
  row(
    ID.__floordiv__,
    AS_NUMBER + PyNumberMethods_nb_floor_divide,
    slot_nb_floor_divide.index,
    wrap_binaryfunc_l.index,
  );
  row(
    ID.__rfloordiv__,
    AS_NUMBER + PyNumberMethods_nb_floor_divide,
    slot_nb_floor_divide.index,
    wrap_binaryfunc_r.index,
  );
  row(ID.__truediv__, AS_NUMBER + PyNumberMethods_nb_true_divide, slot_nb_true_divide.index, wrap_binaryfunc_l.index);
  row(ID.__rtruediv__, AS_NUMBER + PyNumberMethods_nb_true_divide, slot_nb_true_divide.index, wrap_binaryfunc_r.index);
  row(
    ID.__ifloordiv__,
    AS_NUMBER + PyNumberMethods_nb_inplace_floor_divide,
    slot_nb_inplace_floor_divide.index,
    wrap_binaryfunc.index,
  );
  row(
    ID.__itruediv__,
    AS_NUMBER + PyNumberMethods_nb_inplace_true_divide,
    slot_nb_inplace_true_divide.index,
    wrap_binaryfunc.index,
  );
  row(ID.__index__, AS_NUMBER + PyNumberMethods_nb_index, slot_nb_index.index, wrap_unaryfunc.index);
  row(
    ID.__matmul__,
    AS_NUMBER + PyNumberMethods_nb_matrix_multiply,
    slot_nb_matrix_multiply.index,
    wrap_binaryfunc_l.index,
  );
  row(
    ID.__rmatmul__,
    AS_NUMBER + PyNumberMethods_nb_matrix_multiply,
    slot_nb_matrix_multiply.index,
    wrap_binaryfunc_r.index,
  );
  row(
    ID.__imatmul__,
    AS_NUMBER + PyNumberMethods_nb_inplace_matrix_multiply,
    slot_nb_inplace_matrix_multiply.index,
    wrap_binaryfunc.index,
  );
  row(ID.__len__, AS_MAPPING + PyMappingMethods_mp_length, slot_sq_length.index, wrap_lenfunc.index);
  row(ID.__getitem__, AS_MAPPING + PyMappingMethods_mp_subscript, slot_mp_subscript.index, wrap_binaryfunc.index);
  row(
    ID.__setitem__,
    AS_MAPPING + PyMappingMethods_mp_ass_subscript,
    slot_mp_ass_subscript.index,
    wrap_objobjargproc.index,
  );
  row(ID.__delitem__, AS_MAPPING + PyMappingMethods_mp_ass_subscript, slot_mp_ass_subscript.index, wrap_delitem.index);
  row(ID.__len__, AS_SEQUENCE + PySequenceMethods_sq_length, slot_sq_length.index, wrap_lenfunc.index);
  row(ID.__add__, AS_SEQUENCE + PySequenceMethods_sq_concat, 0, wrap_binaryfunc.index);
  row(ID.__mul__, AS_SEQUENCE + PySequenceMethods_sq_repeat, 0, wrap_indexargfunc.index);
  row(ID.__rmul__, AS_SEQUENCE + PySequenceMethods_sq_repeat, 0, wrap_indexargfunc.index);
  row(ID.__getitem__, AS_SEQUENCE + PySequenceMethods_sq_item, slot_sq_item.index, wrap_sq_item.index);
  row(ID.__setitem__, AS_SEQUENCE + PySequenceMethods_sq_ass_item, slot_sq_ass_item.index, wrap_sq_setitem.index);
  row(ID.__delitem__, AS_SEQUENCE + PySequenceMethods_sq_ass_item, slot_sq_ass_item.index, wrap_sq_delitem.index);
  row(ID.__contains__, AS_SEQUENCE + PySequenceMethods_sq_contains, slot_sq_contains.index, wrap_objobjproc.index);
  row(ID.__iadd__, AS_SEQUENCE + PySequenceMethods_sq_inplace_concat, 0, wrap_binaryfunc.index);
  row(ID.__imul__, AS_SEQUENCE + PySequenceMethods_sq_inplace_repeat, 0, wrap_indexargfunc.index);
  assert(objectsRoots.slotdefs_count <= <u32>ROWS);
}

/** Gives the rows their texts. For initialisation only, when the identifiers exist. */
export function documentSlotdefs(): void {
  let entry: usize = 0;
  for (let i: u32 = 0; i < objectsRoots.slotdefs_count; i++) {
    const found = sharedEntry(U.asciiData(Slotdef.name(i)), entry);
    if (found == 0) continue;
    entry = found;
    slotdef.at(Slotdef.row(i)).doc = <u32>textOf(entry);
  }
}
