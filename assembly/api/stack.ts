// How much native stack is left. WebAssembly cannot see the stack that it runs on, and where it ends depends on who called
// and on how the machine was started. So it is measured: the host lets probeStack() recurse until the engine refuses, and
// reads how far it came. The count of native levels (thread/recursion.ts) begins with what that gives.

import { PyThreadState } from "../generated/layouts";
import { objectsRoots } from "../generated/runtime";
import { tstate } from "../thread/current";

class Word {
  @inline static get(p: usize, i: usize): i64 {
    return load<i64>(p + (i << 3));
  }
}

/**
 * Recurses `frames` times, each frame as large as 64 words: `wide` keeps those alive across the call, so that every tier of
 * every engine has a place for them in the frame. Without it the frames are the same, as an engine makes a function's frames
 * of one size, but nothing is written to them, and they take hardly any time. Where the engine stops it, probesLeft() says
 * how many frames were still to come.
 */
export function probeStack(frames: i32, wide: bool): i64 {
  objectsRoots.probes_left = frames;
  if (frames == 0) return 0;
  if (!wide) return probeStack(frames - 1, false) ^ frames;
  const p = objectsRoots.START;
  const w0 = Word.get(p, 0);
  const w1 = Word.get(p, 1);
  const w2 = Word.get(p, 2);
  const w3 = Word.get(p, 3);
  const w4 = Word.get(p, 4);
  const w5 = Word.get(p, 5);
  const w6 = Word.get(p, 6);
  const w7 = Word.get(p, 7);
  const w8 = Word.get(p, 8);
  const w9 = Word.get(p, 9);
  const w10 = Word.get(p, 10);
  const w11 = Word.get(p, 11);
  const w12 = Word.get(p, 12);
  const w13 = Word.get(p, 13);
  const w14 = Word.get(p, 14);
  const w15 = Word.get(p, 15);
  const w16 = Word.get(p, 16);
  const w17 = Word.get(p, 17);
  const w18 = Word.get(p, 18);
  const w19 = Word.get(p, 19);
  const w20 = Word.get(p, 20);
  const w21 = Word.get(p, 21);
  const w22 = Word.get(p, 22);
  const w23 = Word.get(p, 23);
  const w24 = Word.get(p, 24);
  const w25 = Word.get(p, 25);
  const w26 = Word.get(p, 26);
  const w27 = Word.get(p, 27);
  const w28 = Word.get(p, 28);
  const w29 = Word.get(p, 29);
  const w30 = Word.get(p, 30);
  const w31 = Word.get(p, 31);
  const w32 = Word.get(p, 32);
  const w33 = Word.get(p, 33);
  const w34 = Word.get(p, 34);
  const w35 = Word.get(p, 35);
  const w36 = Word.get(p, 36);
  const w37 = Word.get(p, 37);
  const w38 = Word.get(p, 38);
  const w39 = Word.get(p, 39);
  const w40 = Word.get(p, 40);
  const w41 = Word.get(p, 41);
  const w42 = Word.get(p, 42);
  const w43 = Word.get(p, 43);
  const w44 = Word.get(p, 44);
  const w45 = Word.get(p, 45);
  const w46 = Word.get(p, 46);
  const w47 = Word.get(p, 47);
  const w48 = Word.get(p, 48);
  const w49 = Word.get(p, 49);
  const w50 = Word.get(p, 50);
  const w51 = Word.get(p, 51);
  const w52 = Word.get(p, 52);
  const w53 = Word.get(p, 53);
  const w54 = Word.get(p, 54);
  const w55 = Word.get(p, 55);
  const w56 = Word.get(p, 56);
  const w57 = Word.get(p, 57);
  const w58 = Word.get(p, 58);
  const w59 = Word.get(p, 59);
  const w60 = Word.get(p, 60);
  const w61 = Word.get(p, 61);
  const w62 = Word.get(p, 62);
  const w63 = Word.get(p, 63);
  const below = probeStack(frames - 1, true);
  return (
    below ^
    w0 ^
    w1 ^
    w2 ^
    w3 ^
    w4 ^
    w5 ^
    w6 ^
    w7 ^
    w8 ^
    w9 ^
    w10 ^
    w11 ^
    w12 ^
    w13 ^
    w14 ^
    w15 ^
    w16 ^
    w17 ^
    w18 ^
    w19 ^
    w20 ^
    w21 ^
    w22 ^
    w23 ^
    w24 ^
    w25 ^
    w26 ^
    w27 ^
    w28 ^
    w29 ^
    w30 ^
    w31 ^
    w32 ^
    w33 ^
    w34 ^
    w35 ^
    w36 ^
    w37 ^
    w38 ^
    w39 ^
    w40 ^
    w41 ^
    w42 ^
    w43 ^
    w44 ^
    w45 ^
    w46 ^
    w47 ^
    w48 ^
    w49 ^
    w50 ^
    w51 ^
    w52 ^
    w53 ^
    w54 ^
    w55 ^
    w56 ^
    w57 ^
    w58 ^
    w59 ^
    w60 ^
    w61 ^
    w62 ^
    w63
  );
}

/** The frames that the last probeStack() had still to make. */
export function probesLeft(): i32 {
  return objectsRoots.probes_left;
}

/** How many levels there were when the thread of this instance entered the runtime. */
export function nativeDepth(): i32 {
  return PyThreadState.at(tstate).native_depth;
}

/** How many levels are left. */
export function nativeLevelsLeft(): i32 {
  return PyThreadState.at(tstate).c_recursion_remaining;
}

/** From here on native code may recurse `left` levels, of `depth` that there are. */
export function setNativeDepth(depth: i32, left: i32): void {
  PyThreadState.at(tstate).c_recursion_remaining = left;
  PyThreadState.at(tstate).native_depth = depth;
}
