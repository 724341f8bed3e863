// The module _queue (CPython 3.13's Modules/_queuemodule.c): SimpleQueue, a queue without end, which its own items may use
// while they are put in or dropped.
//
//   items   | c | d |   |   | a | b |      a ring: got from get_idx on, put at put_idx; twice as large when full
//
// Difference: CPython hands an item over to a thread that waits in a table of addresses. Here threads wait for a lock, made
// when the first of them waits, which is held as long as has_threads_waiting says so; who puts an item releases it.

import { Py_TPFLAGS_BASETYPE } from "../generated/constants";
import { host } from "../generated/host";
import {
  PyTypeObject,
  ringbuf,
  SIZEOF_simplequeueobject,
  simplequeueobject,
  simplequeueobject_weakreflist,
} from "../generated/layouts";
import { queueRoots } from "../generated/runtime";
import {
  _Py_FalseStruct,
  _Py_NoneStruct,
  _Py_TrueStruct,
  ID,
  PyExc_Exception,
  PyExc_TypeError,
  PyExc_ValueError,
  PySimpleQueue_Type,
} from "../generated/statics";
import { PyMem_Calloc, PyMem_Free } from "../memory/pymem";
import { ArgParser } from "../objects/define/args";
import { PyErr_NewException } from "../objects/errors/newclass";
import { PyErr_NoMemory, PyErr_SetNone, PyErr_SetString } from "../objects/errors/raise";
import { PyModule_AddObjectLiteral } from "../objects/module/module";
import { boolObject } from "../objects/numbers/bool";
import { PyFloat_FromDouble } from "../objects/numbers/float/float";
import { PyLong_FromSsize_t } from "../objects/numbers/int/create";
import { PyObject_GC_UnTrack } from "../objects/object/gchead";
import { Py, Visit } from "../objects/object/head";
import { PyObject_SetAttr } from "../objects/protocol/access";
import { PyUnicode_FromLiteral } from "../objects/text/create";
import { PyType_Ready } from "../objects/types/ready";
import { PyObject_ClearWeakRefs } from "../objects/weak/weakref";
import { lock_acquire, lock_release, newLock } from "./_thread/lock";
import { collectedType } from "./collectedtype";
import { secondsArgument } from "./time/clocks";

const CAPACITY_LEAST: isize = 8;

/** The slot of item i from the first to be got. */
function slotOf(buf: ringbuf, i: isize): usize {
  return Py.slot(buf.items, (buf.get_idx + i) % buf.items_cap);
}

/** Moves the items to a block of another capacity: false where there is no memory for it. */
function resize(buf: ringbuf, capacity: isize): bool {
  const wanted = max<isize>(capacity, CAPACITY_LEAST);
  if (wanted == buf.items_cap) return true;
  const items = PyMem_Calloc(wanted, 8);
  if (items == 0) return false;
  const n = buf.num_items;
  for (let i: isize = 0; i < n; i++) Py.setItem(items, i, load<u32>(slotOf(buf, i)));
  PyMem_Free(buf.items);
  buf.items = items;
  buf.items_cap = wanted;
  buf.get_idx = 0;
  buf.put_idx = n;
  return true;
}

/** Takes the first item out of a queue that has one: its reference. */
function take(buf: ringbuf): usize {
  if (buf.num_items < buf.items_cap / 4) resize(buf, buf.items_cap / 2);
  const slot = slotOf(buf, 0);
  const item = load<u32>(slot);
  store<u64>(slot, 0);
  buf.get_idx = (buf.get_idx + 1) % buf.items_cap;
  buf.num_items--;
  return item;
}

function ringOf(o: usize): ringbuf {
  return ringbuf.at(simplequeueobject.at(o).buf);
}

function queue_traverse(o: usize, visit: u32, arg: usize): i32 {
  const buf = ringOf(o);
  for (let i: isize = 0; i < buf.num_items; i++) {
    const r = Visit.call(load<u32>(slotOf(buf, i)), visit, arg);
    if (r != 0) return r;
  }
  return Visit.call(simplequeueobject.at(o).lock, visit, arg);
}

function queue_clear(o: usize): i32 {
  const buf = ringOf(o);
  // A queue that is cleared has none of its items when the first of them goes.
  const items = buf.items;
  const capacity = buf.items_cap;
  const first = buf.get_idx;
  const n = buf.num_items;
  buf.items = 0;
  buf.items_cap = 0;
  buf.get_idx = 0;
  buf.put_idx = 0;
  buf.num_items = 0;
  for (let i: isize = 0; i < n; i++) Py.DECREF(Py.item(items, (first + i) % capacity));
  PyMem_Free(items);
  const lock = simplequeueobject.at(o).lock;
  simplequeueobject.at(o).lock = 0;
  simplequeueobject.at(o).has_threads_waiting = 0;
  Py.XDECREF(lock);
  return 0;
}

function queue_dealloc(o: usize): void {
  PyObject_GC_UnTrack(o);
  if (simplequeueobject.at(o).weakreflist != 0) PyObject_ClearWeakRefs(o);
  queue_clear(o);
  call_indirect<void>(PyTypeObject.at(Py.TYPE(o)).tp_free, o);
}

function queue_new(type: usize, args: usize, kwargs: usize): usize {
  // A subclass may have an __init__ with arguments of its own.
  if (PyTypeObject.at(type).tp_init == PyTypeObject.at(PySimpleQueue_Type).tp_init) {
    if (Py.SIZE(args) > 0) return PyErr_SetString(PyExc_TypeError, "SimpleQueue() takes no positional arguments");
    if (!ArgParser.noKeywords("SimpleQueue", kwargs)) return 0;
  }
  const o = call_indirect<usize>(PyTypeObject.at(type).tp_alloc, type, <isize>0);
  if (o == 0) return 0;
  if (resize(ringOf(o), CAPACITY_LEAST)) return o;
  Py.DECREF(o);
  return PyErr_NoMemory();
}

/** Wakes a thread that waits for an item, if there is one: false with an exception. */
function wakeNext(o: usize): bool {
  const x = simplequeueobject.at(o);
  if (!x.has_threads_waiting) return true;
  x.has_threads_waiting = 0;
  const r = lock_release(x.lock);
  Py.XDECREF(r);
  return r != 0;
}

/**
 * @native _queue.SimpleQueue.put($self, /, item, block=True, timeout=None)
 *
 * Puts an item behind the others.
 *
 * It never waits: 'block' and 'timeout' are there because other queues have them, and mean nothing.
 */
export function queue_put(o: usize, item: usize, _block: bool, _timeout: usize): usize {
  const buf = ringOf(o);
  if (buf.num_items == buf.items_cap && !resize(buf, buf.items_cap * 2)) return PyErr_NoMemory();
  Py.setItem(buf.items, buf.put_idx, Py.NewRef(item));
  buf.put_idx = (buf.put_idx + 1) % buf.items_cap;
  buf.num_items++;
  return wakeNext(o) ? _Py_NoneStruct : 0;
}

/**
 * @native _queue.SimpleQueue.put_nowait($self, /, item)
 *
 * Puts an item behind the others, as put() does.
 *
 * Other queues have both.
 */
export function queue_put_nowait(o: usize, item: usize): usize {
  return queue_put(o, item, false, 0);
}

function raiseEmpty(): usize {
  PyErr_SetNone(queueRoots.empty);
  return 0;
}

/** Waits until the queue's lock is released, up to an instant, or without end where that is negative: false with an exception. */
function wait(o: usize, end: f64): bool {
  const x = simplequeueobject.at(o);
  if (x.lock == 0) {
    const lock = newLock();
    if (lock == 0) return false;
    x.lock = <u32>lock;
    Py.DECREF(lock_acquire(lock, false, 0));
  }
  x.has_threads_waiting = 1;
  const left = end < 0 ? -1 : max<f64>(end - host.monotonic(), 0);
  const timeout = PyFloat_FromDouble(left);
  if (timeout == 0) return false;
  const lock = Py.NewRef(<usize>x.lock);
  const acquired = lock_acquire(lock, true, timeout);
  Py.DECREF(timeout);
  Py.DECREF(lock);
  if (acquired == _Py_FalseStruct) raiseEmpty();
  else if (acquired == _Py_TrueStruct) x.has_threads_waiting = 1;
  return acquired == _Py_TrueStruct;
}

/**
 * @native _queue.SimpleQueue.get($self, /, block=True, timeout=None)
 *
 * Takes the first item out and returns it.
 *
 * Where there is none, it waits for one, unless 'block' is false: then, or when the 'timeout' in seconds is over, it raises
 * Empty. The timeout must not be negative; None is none.
 */
export function queue_get(o: usize, block: bool, timeout: usize): usize {
  let end: f64 = -1;
  if (block && timeout != _Py_NoneStruct) {
    const seconds = secondsArgument(timeout);
    if (isNaN(seconds)) return 0;
    if (seconds < 0) return PyErr_SetString(PyExc_ValueError, "'timeout' must be a non-negative number");
    end = host.monotonic() + seconds;
  }
  while (ringOf(o).num_items == 0) {
    if (!block) return raiseEmpty();
    if (!wait(o, end)) return 0;
  }
  const item = take(ringOf(o));
  // Of several items that came while the first thread was being woken, the others have not been told.
  if (ringOf(o).num_items == 0 || wakeNext(o)) return item;
  Py.DECREF(item);
  return 0;
}

/**
 * @native _queue.SimpleQueue.get_nowait($self, /)
 *
 * Takes the first item out and returns it, without waiting.
 *
 * Where there is none, it raises Empty.
 */
export function queue_get_nowait(o: usize): usize {
  return queue_get(o, false, _Py_NoneStruct);
}

/**
 * @native _queue.SimpleQueue.empty($self, /)
 *
 * Whether there is nothing in it. Other threads may change that at once.
 */
export function queue_empty(o: usize): usize {
  return boolObject(ringOf(o).num_items == 0);
}

/**
 * @native _queue.SimpleQueue.qsize($self, /)
 *
 * How many items are in it. Other threads may change that at once.
 */
export function queue_qsize(o: usize): usize {
  return PyLong_FromSsize_t(ringOf(o).num_items);
}

/**
 * @type _queue.SimpleQueue()
 * @order empty get get_nowait put put_nowait qsize __class_getitem__
 *
 * A queue without end, first in, first out.
 *
 * @classmethod _queue.SimpleQueue.__class_getitem__ = Py_GenericAlias
 * See PEP 585
 */

/**
 * @module _queue
 *
 * The quick half of the module queue:
 * a queue without end.
 */
export function initQueue(m: usize): i32 {
  if (queueRoots.empty == 0) queueRoots.empty = newEmpty();
  if (queueRoots.empty == 0) return -1;
  const t = collectedType(
    PySimpleQueue_Type,
    SIZEOF_simplequeueobject,
    queue_dealloc.index,
    queue_traverse.index,
    queue_clear.index,
    Py_TPFLAGS_BASETYPE,
  );
  t.tp_new = queue_new.index;
  t.tp_weaklistoffset = <isize>simplequeueobject_weakreflist;
  const ready =
    PyType_Ready(PySimpleQueue_Type) == 0 &&
    PyModule_AddObjectLiteral(m, "SimpleQueue", PySimpleQueue_Type) == 0 &&
    PyModule_AddObjectLiteral(m, "Empty", Py.NewRef(queueRoots.empty)) == 0;
  return ready ? 0 : -1;
}

/** The class Empty: null with an exception. */
function newEmpty(): usize {
  const c = PyErr_NewException("_queue", "Empty", PyExc_Exception);
  const doc = c == 0 ? 0 : PyUnicode_FromLiteral("Exception raised by Queue.get(block=0)/get_nowait().");
  const r = doc == 0 ? -1 : PyObject_SetAttr(c, ID.__doc__, doc);
  Py.XDECREF(doc);
  if (r == 0) return c;
  Py.XDECREF(c);
  return 0;
}
