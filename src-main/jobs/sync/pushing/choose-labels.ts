/** A tag and how many indicators of a package carry it. */
export interface TagCount {
  readonly tag: string;
  readonly count: number;
}

/**
 * Labels a package carries: its most frequent tags, at most so many, the first of the alphabet among equals. Tags that
 * differ by case alone are one label, as Threat Response's are.
 */
export function chooseLabels(tags: readonly TagCount[], most: number): readonly string[] {
  const byKey = new Map<string, { name: string; count: number; best: number }>();
  for (const { tag, count } of tags) {
    const name = tag.trim();
    const key = name.toLowerCase();
    if (key === '') {
      continue;
    }
    const before = byKey.get(key);
    if (before === undefined) {
      byKey.set(key, { name, count, best: count });
    } else {
      before.count += count;
      if (count > before.best || (count === before.best && name < before.name)) {
        [before.name, before.best] = [name, count];
      }
    }
  }
  return [...byKey.entries()]
    .sort(([a, one], [b, other]) => other.count - one.count || (a < b ? -1 : 1))
    .slice(0, most)
    .map(([, { name }]) => name);
}

/** What has to be added to and taken from the labels a package carries; case is not told apart. */
export function labelChanges(
  present: readonly string[],
  wanted: readonly string[],
): { readonly add: readonly string[]; readonly remove: readonly string[] } {
  const has = new Set(present.map((name) => name.toLowerCase()));
  const wants = new Set(wanted.map((name) => name.toLowerCase()));
  return {
    add: wanted.filter((name) => !has.has(name.toLowerCase())),
    remove: present.filter((name) => !wants.has(name.toLowerCase())),
  };
}
