/** What an answer may hold in place of what is documented. */
const ODD_VALUES: readonly unknown[] = [
  null,
  true,
  -1,
  1.5,
  1e300,
  '',
  'x',
  '\ud800',
  [],
  [null],
  {},
  { a: { b: null } },
];

/** A JSON text with an odd value in one place: every step down, and the value, are taken by chance. */
export function withOddValue(json: string, random: () => number): string {
  const value: unknown = JSON.parse(json);
  const odd = ODD_VALUES[Math.floor(random() * ODD_VALUES.length)];
  let at = value as Record<string, unknown>;
  for (;;) {
    const names = Object.keys(at);
    const name = names[Math.floor(random() * names.length)];
    if (name === undefined) {
      return JSON.stringify(value);
    }
    const below = at[name];
    if (typeof below !== 'object' || below === null || random() < 0.2) {
      at[name] = odd;
      return JSON.stringify(value);
    }
    at = below as Record<string, unknown>;
  }
}
