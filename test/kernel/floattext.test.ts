// Float text: the cases where JavaScript and Python differ (ties, exponents, forms), as CPython 3.13 gives them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { floatToText } from "../../src/kernel/floattext.ts";

test("repr", () => {
  const repr = (v: number) => floatToText(v, "r", 0, 2);
  const cases: [number, string][] = [
    [1, "1.0"],
    [-0, "-0.0"],
    [0.1, "0.1"],
    [1e16, "1e+16"],
    [9999999999999998, "9999999999999998.0"],
    [1e-5, "1e-05"],
    [0.0001, "0.0001"],
    [5e-324, "5e-324"],
    [Number.NaN, "nan"],
    [-Infinity, "-inf"],
  ];
  for (const [value, text] of cases) assert.equal(repr(value), text);
});

test("ties go to the even digit", () => {
  assert.equal(floatToText(0.5, "f", 0, 0), "0");
  assert.equal(floatToText(2.5, "f", 0, 0), "2");
  assert.equal(floatToText(0.125, "f", 2, 0), "0.12");
  assert.equal(floatToText(2.5, "e", 0, 0), "2e+00");
  assert.equal(floatToText(9.995, "e", 2, 0), "9.99e+00");
  assert.equal(floatToText(999999.5, "g", 6, 0), "1e+06");
});

test("forms", () => {
  assert.equal(floatToText(1e22, "f", 1, 0), "10000000000000000000000.0");
  assert.equal(floatToText(1.5, "g", 6, 4), "1.50000");
  assert.equal(floatToText(100, "G", 2, 0), "1E+02");
  assert.equal(floatToText(3, "f", 0, 4), "3.");
  assert.equal(floatToText(1, "f", 1, 1), "+1.0");
  assert.equal(floatToText(-0.01, "f", 1, 8), "0.0");
  assert.equal(floatToText(-0.01, "f", 1, 0), "-0.0");
});
