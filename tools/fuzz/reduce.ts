/** Makes a program smaller that breaks the machine: by its chunks between empty lines, then by its lines. */

/** Leaves out parts, halves first, as long as what remains still fails. */
function without(parts: readonly string[], join: string, fails: (text: string) => boolean, inTime: () => boolean) {
  let kept = [...parts];
  for (let size = Math.ceil(kept.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at < kept.length && inTime(); ) {
      const fewer = [...kept.slice(0, at), ...kept.slice(at + size)];
      if (fewer.length > 0 && fails(fewer.join(join))) kept = fewer;
      else at += size;
    }
  }
  return kept.join(join);
}

/** The smallest program found within the time for which `fails` still holds. */
export function reduce(program: string, fails: (text: string) => boolean, milliseconds: number): string {
  const end = Date.now() + milliseconds;
  const inTime = () => Date.now() < end;
  let text = without(program.split(/\n{2,}/), "\n\n", fails, inTime);
  for (let before = ""; before !== text && inTime(); ) {
    before = text;
    text = without(text.split("\n"), "\n", fails, inTime);
  }
  return text.replace(/\n{3,}/g, "\n\n");
}
