// JavaScript's collector, for tests of what it finds.
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

export function collector(): () => void {
  setFlagsFromString("--expose-gc");
  return runInNewContext("gc") as () => void;
}
