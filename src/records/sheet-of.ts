/**
 * Which of so many sheets (a power of two) a text belongs on. Any function that spreads texts evenly would do; this one
 * is FNV-1a.
 */
export function sheetOf(text: string, sheets: number): number {
  let hash = 0x811c9dc5;
  for (const char of text) hash = Math.imul(hash ^ char.charCodeAt(0), 0x01000193);
  return (hash >>> 0) % sheets;
}
