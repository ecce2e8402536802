/**
 * Whether an edition comes after another one, as NIST numbers them: `2026.12.1` after `2026.09.1`. Editions that are not
 * numbered so cannot be told to be wrong.
 */
export function followsEdition(before: string, after: string): boolean {
  const older = numbersIn(before);
  const newer = numbersIn(after);
  if (older === null || newer === null) {
    return true;
  }
  const at = newer.findIndex((number, place) => number !== (older[place] ?? 0));
  return at !== -1 && (newer[at] ?? 0) > (older[at] ?? 0);
}

function numbersIn(edition: string): readonly number[] | null {
  return /^\d+(?:\.\d+)+$/.test(edition) ? edition.split('.').map(Number) : null;
}
