// Floats formatted by the runtime itself have the digits that the host's exact arithmetic gives.
import assert from "node:assert/strict";
import { test } from "node:test";
import { floatToText } from "../../src/kernel/floattext.ts";
import { startProcess } from "./support.ts";

/** Values of all sizes, among them exact ties and their neighbours. */
function values(): number[] {
  const found = [0, -0, 1e9, 999999999.9999999, 5e-324, 1e-300, 2.5, -0.5, 0.05, 1 / 3];
  let seed = 12345;
  const random = () => {
    seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
    return seed / 0x80000000;
  };
  for (let i = 0; i < 600; i++) {
    const tie = Math.floor(random() * 1e6 * 10 ** Math.floor(random() * 3)) / 2 ** (1 + (i % 10));
    found.push(
      tie,
      tie * (1 + 2 ** -52),
      -tie * (1 - 2 ** -53),
      (random() - 0.5) * 10 ** (Math.floor(random() * 20) - 9),
    );
  }
  return found;
}

test("the digits are the host's", () => {
  const all = values();
  const output = { text: "", errors: "" };
  const process = startProcess("debug", output);
  const hex = (v: number) => {
    const view = new DataView(new ArrayBuffer(8));
    view.setFloat64(0, v);
    return view.getBigUint64(0);
  };
  // From integers, so that no reading of decimals takes part.
  const source = `
def exact(bits):
    sign = -1.0 if bits >> 63 else 1.0
    e = bits >> 52 & 0x7ff
    m = bits & (1 << 52) - 1
    if e: m += 1 << 52
    else: e = 1
    m = sign * m
    for _ in range(abs(e - 1075)): m = m * 2 if e > 1075 else m / 2
    return m
for bits in [${all.filter((v) => v === 0 || Math.abs(v) > 1e-290).map(hex)}]:
    v = exact(bits)
    print(*["%.*f" % (p, v) for p in range(12)], f"{v:+.2f}", f"{v:z.1f}", f"{v:.0f}", f"{v:#.0f}")
`;
  assert.equal(process.runMain(new TextEncoder().encode(source), "fixed.py", true), 0, output.errors);
  const lines = output.text.trimEnd().split("\n");
  all
    .filter((v) => v === 0 || Math.abs(v) > 1e-290)
    .forEach((v, i) => {
      const expected = [
        ...Array.from({ length: 12 }, (_, p) => floatToText(v, "f", p, 0)),
        floatToText(v, "f", 2, 1),
        floatToText(v, "f", 1, 8),
        floatToText(v, "f", 0, 0),
        floatToText(v, "f", 0, 4),
      ];
      assert.equal(lines[i], expected.join(" "), String(v));
    });
  process.runtime.finalize();
  assert.equal(process.runtime.getallocatedblocks(), 0);
});
