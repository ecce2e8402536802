import type { Database } from '../../db/port.ts';
import { formatItemLine } from './item-line.ts';

const PAGE = 1_000;

/**
 * Every item as lines with their ends, a thousand at a time, in the order of files; no read transaction outlives a page.
 * In a directory with simulated sources every line says so, whoever made the item.
 */
export async function* exportItemLines(database: Database): AsyncGenerator<string> {
  const { simulated } = await database.read('databaseMeta', undefined);
  let afterFile = 0;
  let afterSource = 0;
  for (;;) {
    const items = await database.read('itemsPage', { afterFile, afterSource, limit: PAGE });
    const last = items.at(-1);
    if (last === undefined) {
      return;
    }
    afterFile = last.fileId;
    afterSource = last.source;
    yield items.map((item) => `${formatItemLine(item, simulated)}\n`).join('');
  }
}
