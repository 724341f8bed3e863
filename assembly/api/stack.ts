// How much native stack is left. WebAssembly cannot see the stack that it runs on, and where it ends depends on who called
// and on how the machine was started. So it is measured: the host lets probeStack() recurse until the engine refuses, and
// reads how far it came. The count of native levels (thread/recursion.ts) begins with what that gives.

import { PyThreadState } from "../generated/layouts";
import { objectsRoots, vmRoots } from "../generated/runtime";

/**
 * Recurses `frames` times, each frame as large as 64 words that are alive across the call: every tier of every engine
 * keeps those on the stack. Where the engine stops it, probesLeft() says how many frames were still to come.
 */
export function probeStack(frames: i32): i64 {
  objectsRoots.probes_left = frames;
  if (frames == 0) return 0;
  const p = objectsRoots.START;
  const w0 = load<i64>(p, 0);
  const w1 = load<i64>(p, 8);
  const w2 = load<i64>(p, 16);
  const w3 = load<i64>(p, 24);
  const w4 = load<i64>(p, 32);
  const w5 = load<i64>(p, 40);
  const w6 = load<i64>(p, 48);
  const w7 = load<i64>(p, 56);
  const w8 = load<i64>(p, 64);
  const w9 = load<i64>(p, 72);
  const w10 = load<i64>(p, 80);
  const w11 = load<i64>(p, 88);
  const w12 = load<i64>(p, 96);
  const w13 = load<i64>(p, 104);
  const w14 = load<i64>(p, 112);
  const w15 = load<i64>(p, 120);
  const w16 = load<i64>(p, 128);
  const w17 = load<i64>(p, 136);
  const w18 = load<i64>(p, 144);
  const w19 = load<i64>(p, 152);
  const w20 = load<i64>(p, 160);
  const w21 = load<i64>(p, 168);
  const w22 = load<i64>(p, 176);
  const w23 = load<i64>(p, 184);
  const w24 = load<i64>(p, 192);
  const w25 = load<i64>(p, 200);
  const w26 = load<i64>(p, 208);
  const w27 = load<i64>(p, 216);
  const w28 = load<i64>(p, 224);
  const w29 = load<i64>(p, 232);
  const w30 = load<i64>(p, 240);
  const w31 = load<i64>(p, 248);
  const w32 = load<i64>(p, 256);
  const w33 = load<i64>(p, 264);
  const w34 = load<i64>(p, 272);
  const w35 = load<i64>(p, 280);
  const w36 = load<i64>(p, 288);
  const w37 = load<i64>(p, 296);
  const w38 = load<i64>(p, 304);
  const w39 = load<i64>(p, 312);
  const w40 = load<i64>(p, 320);
  const w41 = load<i64>(p, 328);
  const w42 = load<i64>(p, 336);
  const w43 = load<i64>(p, 344);
  const w44 = load<i64>(p, 352);
  const w45 = load<i64>(p, 360);
  const w46 = load<i64>(p, 368);
  const w47 = load<i64>(p, 376);
  const w48 = load<i64>(p, 384);
  const w49 = load<i64>(p, 392);
  const w50 = load<i64>(p, 400);
  const w51 = load<i64>(p, 408);
  const w52 = load<i64>(p, 416);
  const w53 = load<i64>(p, 424);
  const w54 = load<i64>(p, 432);
  const w55 = load<i64>(p, 440);
  const w56 = load<i64>(p, 448);
  const w57 = load<i64>(p, 456);
  const w58 = load<i64>(p, 464);
  const w59 = load<i64>(p, 472);
  const w60 = load<i64>(p, 480);
  const w61 = load<i64>(p, 488);
  const w62 = load<i64>(p, 496);
  const w63 = load<i64>(p, 504);
  const below = probeStack(frames - 1);
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

/** How many levels there were when the runtime was entered. */
export function nativeDepth(): i32 {
  return objectsRoots.native_depth;
}

/** How many levels are left. */
export function nativeLevelsLeft(): i32 {
  return PyThreadState.at(vmRoots.main_thread).c_recursion_remaining;
}

/** From here on native code may recurse `left` levels, of `depth` that there are. */
export function setNativeDepth(depth: i32, left: i32): void {
  PyThreadState.at(vmRoots.main_thread).c_recursion_remaining = left;
  objectsRoots.native_depth = depth;
}
