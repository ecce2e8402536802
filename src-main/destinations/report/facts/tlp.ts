/** Levels of the Traffic Light Protocol (FIRST), the most open first: the older names of version 1 beside those of 2. */
const LEVELS = ['TLP:CLEAR', 'TLP:WHITE', 'TLP:GREEN', 'TLP:AMBER', 'TLP:AMBER+STRICT', 'TLP:RED'] as const;
export type TlpLevel = (typeof LEVELS)[number];

/** The level a marking or tag names, in any spelling in use (`tlp:amber`, `TLP:AMBER+STRICT`); null for any other text. */
export function tlpLevel(text: string): TlpLevel | null {
  const name = text
    .trim()
    .toUpperCase()
    .replace(/^TLP[ :_-]+/, 'TLP:');
  return LEVELS.find((level) => level === name) ?? null;
}

/** Of two levels the one that lets fewer people read; what holds marked things is marked at least like them. */
export function stricter(left: TlpLevel | null, right: TlpLevel | null): TlpLevel | null {
  if (left === null || right === null) {
    return left ?? right;
  }
  return LEVELS.indexOf(left) >= LEVELS.indexOf(right) ? left : right;
}
