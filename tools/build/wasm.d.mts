export function customSection(name: string, payload: Uint8Array): Buffer;
