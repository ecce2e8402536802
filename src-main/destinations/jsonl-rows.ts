import type { ExportRow } from '../services/intake/port.ts';

/**
 * Rows as JSON, one object per line. `carried` is an object by column name; a name that occurs twice is numbered.
 * `answeredAt` is ISO 8601 in UTC, `ageSeconds` counts from `now` (seconds since the epoch); both null without an answer.
 */
export function jsonlRows(columns: readonly string[], now: number): (row: ExportRow) => string {
  const names = numbered(columns);
  return (row) => `${JSON.stringify(jsonRow(row, names, now))}\n`;
}

function jsonRow(row: ExportRow, names: readonly string[], now: number): Record<string, unknown> {
  const { verdict } = row;
  const { answeredAt, flags } = verdict;
  return {
    hash: row.hash,
    kind: row.kind,
    verdict: verdict.status,
    basis: {
      rule: verdict.rule,
      source: verdict.source,
      agreeing: verdict.agreeing,
      answeredAt: answeredAt === null ? null : isoTime(answeredAt),
      ageSeconds: answeredAt === null ? null : Math.max(0, now - answeredAt),
    },
    conflict: flags.includes('conflict'),
    stale: flags.includes('stale'),
    ambiguous: flags.includes('ambiguous'),
    weak: flags.includes('weak'),
    asserted: flags.includes('asserted'),
    digests: row.digests,
    occurrences: row.occurrences,
    where: row.where,
    carried: Object.fromEntries(names.map((name, index) => [name, row.carried[index] ?? ''])),
  };
}

/** ISO 8601 in UTC, whole seconds. */
export function isoTime(seconds: number): string {
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`;
}

/** Column names, each once: the second `name` becomes `name (2)`. */
export function numbered(columns: readonly string[]): string[] {
  const taken = new Set<string>();
  return columns.map((column) => {
    let name = column;
    for (let count = 2; taken.has(name); count += 1) {
      name = `${column} (${count})`;
    }
    taken.add(name);
    return name;
  });
}
