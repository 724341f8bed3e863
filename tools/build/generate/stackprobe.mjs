// assembly/generated/stackprobe.ts: a function with a large frame.

/** `words`: of 8 bytes, that its frame holds. */
export function generateStackProbe(words, header) {
  const names = Array.from({ length: words }, (_, i) => `w${i}`);
  return `${header("spec/constants.txt")}
import { objectsRoots } from "./runtime";

/**
 * Recurses \`frames\` times, each frame as large as ${words} words: \`wide\` keeps those alive across the call, so that every
 * tier of every engine has a place for them in the frame. Without it the frames are the same, as an engine makes a function's
 * frames of one size, but nothing is written to them, and they take hardly any time. Where the engine stops it, probes_left
 * says how many frames were still to come.
 */
export function probeStack(frames: i32, wide: bool): i32 {
  objectsRoots.probes_left = frames;
  if (frames == 0) return 0;
  if (!wide) return probeStack(frames - 1, false) ^ frames;
  const p = objectsRoots.START;
${names.map((name, i) => `  const ${name} = load<i64>(p, ${8 * i});\n`).join("")}  const below = probeStack(frames - 1, true);
  return <i32>(
    below ^
${names.map((name) => `    ${name}`).join(" ^\n")}
  );
}
`;
}
