export function lookupCharacterName(name: string): number {
  return name ? -1 : -1;
}
