/**
 * The graph of objects in the format that the memory panel of Chrome's DevTools opens (.heapsnapshot): flat lists of
 * numbers for nodes and edges, and a list of strings that both refer to. Written piece by piece: the text of a large heap
 * is longer than a string may be.
 */
import { textOf } from "../inspect/objects/describe.ts";
import { Family } from "../inspect/objects/types.ts";
import { Place } from "../inspect/objects/walk.ts";
import type { Survey } from "../inspect/survey.ts";

const NODE_FIELDS = 7;
const PIECE = 1 << 16;
const meta = {
  node_fields: ["type", "name", "id", "self_size", "edge_count", "trace_node_id", "detachedness"],
  node_types: [
    ["hidden", "array", "string", "object", "code", "closure", "regexp", "number", "native", "synthetic"],
    ...["string", "number", "number", "number", "number", "number"],
  ],
  edge_fields: ["type", "name_or_index", "to_node"],
  edge_types: [
    ["context", "element", "property", "internal", "hidden", "shortcut", "weak"],
    "string_or_number",
    "node",
  ],
  trace_function_info_fields: ["function_id", "name", "script_name", "script_id", "line", "column"],
  trace_node_fields: ["id", "function_info_index", "count", "size", "children"],
  sample_fields: ["timestamp_us", "last_assigned_id"],
  location_fields: ["object_index", "script_id", "line", "column"],
};
const [ARRAY, STRING, OBJECT, CODE, CLOSURE, NUMBER, NATIVE, SYNTHETIC] = [1, 2, 3, 4, 5, 7, 8, 9];
const [ELEMENT, PROPERTY, INTERNAL] = [1, 2, 3];
const VALUE_MAX = 60;

/** Calls `write` with the pieces of the snapshot's text, in order. */
export function heapSnapshot(survey: Survey, write: (piece: string) => void): void {
  const { blocks, graph, walk } = survey;
  const strings = new Map<string, number>();
  const string = (text: string) => {
    let index = strings.get(text);
    if (index === undefined) strings.set(text, (index = strings.size));
    return index;
  };
  // The node of each block that is in the graph; 0 is the root before all.
  const node = new Int32Array(blocks.count);
  let nodes = 1;
  for (let n = 0; n < blocks.count; n++) {
    const { kind } = blocks.whats[blocks.what[n]!]!;
    if (kind === "object" || (kind !== "kept" && graph.first[n] !== graph.first[n + 1])) node[n] = nodes++;
  }
  const seeds = [...graph.seedTexts];
  const eachEdge = (n: number, found: (target: number, place: Place, number: number) => void) => {
    const type = blocks.type(n);
    const visit = (address: number, place: Place, number: number) => {
      const target = address === 0 ? -1 : blocks.find(address);
      if (target >= 0 && node[target] !== 0) found(target, place, number);
    };
    if (type) walk.refs(blocks.object(n), type, visit);
    else walk.memoryRefs(blocks.address(n), blocks.room[n]!, visit);
  };
  const list = (name: string) => {
    let piece = `"${name}":[`;
    let first = true;
    return {
      add(...numbers: number[]) {
        piece += `${first ? "" : ","}${numbers.join(",")}`;
        first = false;
        if (piece.length < PIECE) return;
        write(piece);
        piece = "";
      },
      end() {
        write(`${piece}],\n`);
      },
    };
  };
  let edges = seeds.length;
  const counts = new Uint32Array(blocks.count);
  for (let n = 0; n < blocks.count; n++) {
    if (node[n] !== 0) eachEdge(n, () => counts[n]!++);
    edges += counts[n]!;
  }
  const snapshot = { meta, node_count: nodes, edge_count: edges, trace_function_count: 0 };
  write(`{"snapshot":${JSON.stringify(snapshot)},\n`);
  const nodeList = list("nodes");
  nodeList.add(SYNTHETIC!, string(""), 1, 0, seeds.length, 0, 0);
  for (let n = 0; n < blocks.count; n++) {
    if (node[n] === 0) continue;
    const size = survey.sizeOf(n);
    nodeList.add(kindOf(survey, n), string(nameOf(survey, n)), 2 * node[n]! + 1, size, counts[n]!, 0, 0);
  }
  nodeList.end();
  const edgeList = list("edges");
  for (const [target, text] of seeds)
    edgeList.add(PROPERTY!, string(text.replace("\0", "")), node[target]! * NODE_FIELDS);
  for (let n = 0; n < blocks.count; n++) {
    if (node[n] === 0) continue;
    eachEdge(n, (target, place, number) => {
      const to = node[target]! * NODE_FIELDS;
      const key =
        place === Place.Attribute || place === Place.Value || place === Place.Local
          ? textOf(survey.memory, survey.types, number)
          : "";
      if (key !== "") edgeList.add(PROPERTY!, string(key), to);
      else if (place === Place.Item) edgeList.add(ELEMENT!, number, to);
      else edgeList.add(INTERNAL!, string(Place[place]!.toLowerCase()), to);
    });
  }
  edgeList.end();
  write('"trace_function_infos":[],"trace_tree":[],"samples":[],"locations":[],\n"strings":[');
  let first = true;
  for (const text of strings.keys()) {
    write(`${first ? "" : ","}${JSON.stringify(text)}`);
    first = false;
  }
  write("]}\n");
}

function kindOf({ blocks }: Survey, n: number): number {
  const type = blocks.type(n);
  switch (type?.family) {
    case undefined:
      return NATIVE!;
    case Family.Str:
    case Family.Bytes:
      return STRING!;
    case Family.Int:
    case Family.Float:
      return NUMBER!;
    case Family.List:
    case Family.Tuple:
      return ARRAY!;
    default:
      return type?.core === "code" ? CODE! : type?.core === "function" ? CLOSURE! : OBJECT!;
  }
}

function nameOf(survey: Survey, n: number): string {
  const { blocks } = survey;
  const type = blocks.type(n);
  const { name } = blocks.whats[blocks.what[n]!]!;
  if (
    type?.family === Family.Str ||
    type?.core === "function" ||
    type?.core === "module" ||
    type?.family === Family.Type
  ) {
    const text = survey.describe(n);
    const value = text.length > VALUE_MAX ? `${text.slice(0, VALUE_MAX)}…` : text;
    return type.family === Family.Str ? value : `${name} ${value}`;
  }
  return name;
}
