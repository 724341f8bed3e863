// What of wasm.mjs is used by scripts in TypeScript.
export function customSection(name: string, payload: Uint8Array): Buffer;
export function dataSegments(bytes: Uint8Array): [address: number, bytes: Uint8Array][];
export function withoutData(bytes: Uint8Array): Buffer;
