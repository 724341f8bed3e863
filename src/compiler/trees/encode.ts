/**
 * Syntax trees as bytes and values, and back: the form in which they go between the compiler and the running program,
 * which spec/constants.txt describes under TreeStep. Neither way recurses.
 *
 * The counterpart of CPython 3.13's `PyAST_mod2obj` and of what `PyAST_obj2mod` makes; depth is limited as there.
 */
import { type Kind, kindFields, kindNames, type mod, nodeClasses, placedKinds } from "../../generated/ast.ts";
import { TreeStep } from "../../generated/constants.ts";
import { ByteWriter } from "../assemble/bytes.ts";
import { type ConstantValue, Tuple } from "../code/constant.ts";
import { PyCompileError } from "../errors/errors.ts";
import { charge } from "../errors/limits.ts";
import { RECURSION_LIMIT, START_DEPTH } from "../errors/nesting.ts";

/** What a step keeps alive on the way. */
const WORK_BYTES = 64;

const fieldsOf = kindNames.map((name) => kindFields[name]!);
const PLACE = ["lineno", "col_offset", "end_lineno", "end_col_offset"] as const;

// biome-ignore lint/suspicious/noExplicitAny: nodes are read by the names of their fields.
type Node = any;

/** What is still to be done: a node whose fields follow, the end of one, of a list, or a field. */
type Work =
  | { step: "node"; node: Node; depth: number }
  | { step: "list"; length: number }
  | { step: "field"; value: Node; type: string; depth: number };

class Encoder {
  readonly steps = new ByteWriter(1024);
  readonly values: ConstantValue[] = [];
  private readonly work: Work[] = [];

  encode(tree: mod): void {
    this.work.push({ step: "field", value: tree, type: "mod", depth: START_DEPTH });
    for (let next = this.work.pop(); next !== undefined; next = this.work.pop()) {
      if (next.step === "field") this.field(next.value, next.type, next.depth);
      else if (next.step === "node") this.endOfNode(next.node);
      else {
        this.steps.u8(TreeStep.list);
        this.number(next.length);
      }
    }
  }

  private number(n: number): void {
    for (; n > 127; n >>>= 7) this.steps.u8((n & 127) | 128);
    this.steps.u8(n);
  }

  private signed(n: number): void {
    this.number(((n << 1) ^ (n >> 31)) >>> 0);
  }

  private value(value: ConstantValue): void {
    charge(8);
    if (value === null) this.steps.u8(TreeStep.none);
    else {
      this.steps.u8(TreeStep.value);
      this.values.push(value);
    }
  }

  private field(value: Node, type: string, depth: number): void {
    if (Array.isArray(value)) {
      charge(WORK_BYTES * (value.length + 1));
      this.work.push({ step: "list", length: value.length });
      const of = type.slice(0, -1);
      for (let i = value.length - 1; i >= 0; i--) this.work.push({ step: "field", value: value[i], type: of, depth });
      return;
    }
    switch (type.replace("?", "")) {
      case "identifier":
      case "string":
      case "constant":
        this.value(value);
        return;
      case "int":
        if (value === null) this.steps.u8(TreeStep.none);
        else {
          this.steps.u8(TreeStep.int);
          this.signed(value);
        }
        return;
    }
    if (value === null) this.steps.u8(TreeStep.none);
    else if (typeof value === "number") this.steps.u8(value);
    else {
      if (depth >= RECURSION_LIMIT) {
        throw new PyCompileError("RecursionError", "maximum recursion depth exceeded during ast construction");
      }
      const fields = fieldsOf[value.node as Kind]!;
      charge(WORK_BYTES * (fields.length + 1));
      this.work.push({ step: "node", node: value, depth });
      for (let i = fields.length - 1; i >= 0; i--) {
        const [name, of] = fields[i]!;
        this.work.push({ step: "field", value: value[name], type: of, depth: depth + 1 });
      }
    }
  }

  private endOfNode(node: Node): void {
    this.steps.u8(node.node);
    if (placedKinds[node.node]) for (const name of PLACE) this.signed(node[name]);
  }
}

/** (steps, values). Throws PyCompileError: a RecursionError where the tree is too deep. */
export function encodeTree(tree: mod): Tuple {
  const encoder = new Encoder();
  encoder.encode(tree);
  return new Tuple([encoder.steps.finish(), new Tuple(encoder.values)]);
}

/** The tree of (steps, values). */
export function decodeTree(encoded: ConstantValue): mod {
  const [steps, values] = (encoded as Tuple).items as [Uint8Array, Tuple];
  const stack: Node[] = [];
  let at = 0;
  let value = 0;
  const number = () => {
    let n = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = steps[at++]!;
      n |= (byte & 127) << shift;
      if (byte < 128) return n >>> 0;
    }
  };
  const signed = () => {
    const n = number();
    return (n >>> 1) ^ -(n & 1);
  };
  charge(steps.length * WORK_BYTES);
  while (at < steps.length) {
    const step = steps[at++]!;
    if (step === TreeStep.none) stack.push(null);
    else if (step === TreeStep.value) stack.push(values.items[value++]);
    else if (step === TreeStep.int) stack.push(signed());
    else if (step === TreeStep.list) {
      const n = number();
      stack.push(stack.splice(stack.length - n, n));
    } else {
      const nodeClass = nodeClasses[step];
      if (nodeClass === null || nodeClass === undefined) stack.push(step);
      else {
        const n = fieldsOf[step]!.length;
        const parts = stack.splice(stack.length - n, n);
        if (placedKinds[step]) parts.push(signed(), signed(), signed(), signed());
        stack.push(new nodeClass(...parts));
      }
    }
  }
  return stack[0];
}
