// The examples of docs/embedding.md, each run as it stands. `// =>` says what the expression before it gives.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import * as vitrine from "../../src/index.ts";

const text = readFileSync(new URL("../../docs/embedding.md", import.meta.url), "utf8");
const examples = [...text.matchAll(/^```js\n(.*?)^```$/gms)].map((match) => match[1]!);

/** The example as the body of a function, with its claims as assertions. */
function body(example: string): string {
  return example
    .replace(/^import \{(.*)\} from "vitrine";$/gm, "const {$1} = vitrine;")
    .replace(/^(.*?); \/\/ => (.*)$/gm, "check(await ($1), $2);");
}

const AsyncFunction = (async () => {}).constructor as new (...args: string[]) => (...args: unknown[]) => Promise<void>;

for (const [i, example] of examples.entries()) {
  test(`example ${i + 1} of ${examples.length}`, async () => {
    let checks = 0;
    const check = (actual: unknown, expected: unknown) => {
      checks++;
      assert.deepEqual(actual, expected);
    };
    await new AsyncFunction("vitrine", "check", body(example))(vitrine, check);
    assert.equal(checks, example.split("// =>").length - 1);
    assert.ok(checks > 0);
  });
}
