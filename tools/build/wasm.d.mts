// What of wasm.mjs is used by scripts in TypeScript.
export function customSection(name: string, payload: Uint8Array): Buffer;
