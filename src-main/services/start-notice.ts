import { counted } from '#shared/domain/grouped.ts';
import type { Database } from '../db/port.ts';

/** Tables a person knows, in the order they matter; the others are counted together. */
const NAMES: Readonly<Record<string, readonly [one: string, many: string]>> = {
  hash_list: ['hash-list entry', 'hash-list entries'],
  known_sets: ['known set', 'known sets'],
  intakes: ['intake', 'intakes'],
  items: ['reputation item', 'reputation items'],
  files: ['file', 'files'],
};

/** What a person must be told about a database that was found damaged when it was opened, or null when it was sound. */
export function startNotice(report: Database['salvaged']): string | null {
  if (report === null || report === undefined) {
    return null;
  }
  const { reason, keptAt, tables } = report;
  const named = Object.entries(NAMES).flatMap(([table, [one, many]]) => {
    const found = tables.find((each) => each.table === table);
    return found === undefined ? [] : [{ ...found, one, many }];
  });
  const others = tables.filter(({ table }) => !(table in NAMES));
  const isComplete = tables.every(({ lost }) => lost === 0);
  const saved = named.filter((each) => each.saved > 0).map((each) => counted(each.saved, each.one, each.many));
  const lost = named.filter((each) => each.lost !== 0).map((each) => lostOf(each.lost, each.one, each.many));
  const otherLost = others.reduce((sum, each) => sum + (each.lost ?? 0), 0);
  const hasUnknownLoss = others.some((each) => each.lost === null);
  if (otherLost > 0 || hasUnknownLoss) {
    lost.push(lostOf(hasUnknownLoss ? null : otherLost, 'other row', 'other rows'));
  }
  return [
    `The database was damaged (${reason.replace(/\.$/, '')}) and was replaced.`,
    saved.length === 0 ? 'Nothing could be saved from it.' : `Saved: ${saved.join(', ')}.`,
    ...(tables.length === 0 ? [] : [isComplete ? 'No row is known to be lost.' : `Lost: ${lost.join(', ')}.`]),
    keptAt === null
      ? 'There was no file left to keep.'
      : `The damaged file is kept as ${keptAt}. Where something is missing, restore a backup.`,
  ].join(' ');
}

function lostOf(count: number | null, one: string, many: string): string {
  return count === null ? `an unknown number of ${many}` : counted(count, one, many);
}
