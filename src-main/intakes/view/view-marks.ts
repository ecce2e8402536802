/** What is written on rows of an intake, as far as queries ask for it. It may change at any time; the view is told. */
export interface ViewMarks {
  /** One byte per entry, 1 where it carries one of the tags. */
  tagged(tags: readonly string[]): Uint8Array;
  /** One byte per entry, 1 where its note or one of its tags holds the text. */
  mentioning(text: string): Uint8Array;
  /** Entries with tags, in no order. */
  withTags(): number[];
  /** What an entry is put in order by; null for one without tags. */
  sortKey(entry: number): string | null;
}

/**
 * Entries by their tags: those without any last, whichever way; ties stay in the order of `byPosition`.
 */
export function orderByTags(byPosition: Uint32Array, marks: ViewMarks, isDescending: boolean): Uint32Array {
  const keys = new Map(marks.withTags().map((entry) => [entry, marks.sortKey(entry) ?? '']));
  const isTagged = new Uint8Array(byPosition.length);
  for (const entry of keys.keys()) {
    isTagged[entry] = 1;
  }
  const tagged = byPosition.filter((entry) => isTagged[entry] === 1);
  const sign = isDescending ? -1 : 1;
  const sorted = Array.from(tagged).sort((a, b) => {
    const [left, right] = [keys.get(a) ?? '', keys.get(b) ?? ''];
    return left === right ? 0 : sign * (left < right ? -1 : 1);
  });
  const order = new Uint32Array(byPosition.length);
  order.set(sorted);
  order.set(
    byPosition.filter((entry) => isTagged[entry] === 0),
    sorted.length,
  );
  return order;
}
