// A process made by hand: the real allocator, and objects written field by field as the runtime lays them out.
import { roots, staticTypes, structs } from "../../src/generated/memory.ts";
import type { Field } from "../../src/layouts/field.ts";
import { type Heap, loadHeap } from "../../tools/heap/heap-module.ts";

const READY = 1 << 12;
const HAVE_GC = 1 << 14;
const HEAPTYPE = 1 << 9;
const MANAGED_DICT = 1 << 4;

export class Process {
  readonly heap: Heap;
  private names = 0x2000;

  constructor(options: Parameters<typeof loadHeap>[0] = {}) {
    this.heap = loadHeap({ debug: true, ...options });
    const gc = HAVE_GC;
    this.staticType("PyBaseObject_Type", "object", 16, 0);
    this.staticType("PyType_Type", "type", 928, gc);
    this.staticType("PyLong_Type", "int", 24, 0);
    this.staticType("PyFloat_Type", "float", 24, 0);
    this.staticType("PyUnicode_Type", "str", 64, 0);
    this.staticType("PyList_Type", "list", 40, gc);
    this.staticType("PyDict_Type", "dict", 48, gc);
    for (const name of ["generation0", "generation1", "generation2"] as const) {
      const head = roots.gc[name][0];
      this.set(head, [0, "ptr"], head);
      this.set(head, [8, "ptr"], head);
    }
  }

  get memory(): ArrayBuffer {
    return this.heap.memory.buffer;
  }

  set(base: number, [offset, kind]: Field, value: number): void {
    const view = new DataView(this.memory);
    const at = base + offset;
    if (kind === "f64") view.setFloat64(at, value, true);
    else if (kind === "u8") view.setUint8(at, value);
    else if (kind === "u32" || kind === "i32") view.setUint32(at, value, true);
    else view.setBigUint64(at, BigInt(value), true);
  }

  /** Text ended by a NUL, in static memory. */
  text(text: string): number {
    const at = this.names;
    const bytes = new TextEncoder().encode(`${text}\0`);
    new Uint8Array(this.memory).set(bytes, at);
    this.names += bytes.length;
    return at;
  }

  type(address: number, name: string, basicSize: number, flags: number, base: number): void {
    this.set(address, structs.PyObject.ob_refcnt, 1);
    this.set(address, structs.PyObject.ob_type, staticTypes.PyType_Type);
    this.set(address, structs.PyTypeObject.tp_name, this.text(name));
    this.set(address, structs.PyTypeObject.tp_basicsize, basicSize);
    this.set(address, structs.PyTypeObject.tp_flags, flags);
    this.set(address, structs.PyTypeObject.tp_base, base);
  }

  staticType(symbol: keyof typeof staticTypes, name: string, basicSize: number, flags: number): void {
    const base = symbol === "PyBaseObject_Type" ? 0 : staticTypes.PyBaseObject_Type;
    this.type(staticTypes[symbol], name, basicSize, flags | READY, base);
  }

  /** A class whose instances have a managed dict. */
  heapType(name: string, basicSize: number, base: number = staticTypes.PyBaseObject_Type): number {
    const type = this.tracked(structs.PyHeapTypeObject.SIZE[0]);
    this.type(type, name, basicSize, READY | HAVE_GC | HEAPTYPE | MANAGED_DICT, base);
    return type;
  }

  header(object: number, type: number): number {
    this.set(object, structs.PyObject.ob_refcnt, 1);
    this.set(object, structs.PyObject.ob_type, type);
    return object;
  }

  /** An object behind the collector's links, in generation 0; `more` bytes lie before those. */
  tracked(size: number, more = 0): number {
    const block = this.heap.PyObject_Malloc!(size + 16 + more);
    new Uint8Array(this.memory).fill(0, block, block + size + 16 + more);
    const links = block + more;
    const head = roots.gc.generation0[0];
    const first = new DataView(this.memory).getUint32(head, true);
    this.set(links, [0, "ptr"], first);
    this.set(links, [8, "ptr"], head);
    this.set(first, [8, "ptr"], links);
    this.set(head, [0, "ptr"], links);
    return links + 16;
  }

  int(value: number): number {
    const object = this.header(this.heap.PyObject_Malloc!(28), staticTypes.PyLong_Type);
    this.set(object, structs.PyLongObject.lv_tag, 8 + (value < 0 ? 2 : 0));
    this.set(object, [24, "u32"], Math.abs(value));
    return object;
  }

  str(text: string): number {
    const object = this.header(this.heap.PyObject_Malloc!(41 + text.length), staticTypes.PyUnicode_Type);
    this.set(object, structs.PyASCIIObject.length, text.length);
    this.set(object, structs.PyASCIIObject.state, (1 << 2) | (1 << 5) | (1 << 6));
    new Uint8Array(this.memory).set(new TextEncoder().encode(`${text}\0`), object + 40);
    return object;
  }

  list(items: number[], type: number = staticTypes.PyList_Type): number {
    const object = this.header(this.tracked(40, type === staticTypes.PyList_Type ? 0 : 16), type);
    const table = this.heap.PyMem_Malloc!(items.length * 8);
    items.forEach((item, i) => {
      this.set(table, [8 * i, "ptr"], item);
    });
    this.set(object, structs.PyVarObject.ob_size, items.length);
    this.set(object, structs.PyListObject.ob_item, table);
    return object;
  }
}
