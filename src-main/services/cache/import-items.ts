import { AppError } from '#shared/errors/app-error.ts';
import type { Database } from '../../db/port.ts';
import type { ItemRecord } from '../../db/repositories/item-writer.ts';
import { parseItemLine, SIMULATED_LINE } from './item-line.ts';
import { LONGEST_LINE, numberedLines } from './lines.ts';
import { countNotMade } from '../life/room/full.ts';
import type { PurgeService } from '../life/port.ts';
import type { ItemImportResult } from './port.ts';

/** Items sorted and written together: enough that neighbours in the index are written at once, some 20 MB. */
const BATCH = 50_000;
/** The same while the maximum size is close: what goes makes room for so many at a time. */
const CLOSE_BATCH = 5_000;
const PROBLEMS_KEPT = 20;

/**
 * Reads items line by line and writes them in sorted batches, as far as there is room. `now` is seconds since the epoch. A line marked as
 * simulated ends it with SIMULATED_MIX in a real directory: nothing made up may stand beside real answers.
 */
export async function importItemLines(
  database: Database,
  chunks: AsyncIterable<Uint8Array>,
  onLines: (done: number) => void,
  signal: AbortSignal,
  now: () => number,
  life: Pick<PurgeService, 'room'>,
): Promise<ItemImportResult> {
  const { simulated } = await database.read('databaseMeta', undefined);
  const directory = simulated ? 'simulated' : 'real';
  const result = { lines: 0, imported: 0, updated: 0, unchanged: 0, rejected: 0, notMade: 0 };
  const firstProblems: { line: number; reason: string }[] = [];
  let batch: ItemRecord[] = [];

  async function write(): Promise<void> {
    const items = batch.sort(byStrongestDigest);
    batch = [];
    const isRoomy = (await life.room(items.length, signal)) === items.length;
    const size = isRoomy ? items.length : CLOSE_BATCH;
    for (let from = 0; from < items.length; from += size) {
      const part = items.slice(from, from + size);
      const mostNew = isRoomy ? part.length : await life.room(part.length, signal);
      const counts = await database.write('importItems', { items: part, at: now(), mostNew }, 'bulk', signal);
      result.imported += counts.imported;
      result.updated += counts.updated;
      result.unchanged += counts.unchanged;
      result.notMade += counts.notMade;
      await countNotMade(database, { at: now() * 1000, source: 0, amount: counts.notMade });
    }
    onLines(result.lines);
  }

  try {
    for await (const lines of numberedLines(chunks)) {
      signal.throwIfAborted();
      for (const { number, text } of lines) {
        const item = text === null ? `longer than ${LONGEST_LINE} characters` : parseItemLine(text, directory);
        if (item === SIMULATED_LINE) {
          throw simulatedMix(number, result.imported + result.updated);
        }
        result.lines += 1;
        if (typeof item !== 'string') {
          batch.push(item);
        } else {
          result.rejected += 1;
          if (firstProblems.length < PROBLEMS_KEPT) {
            firstProblems.push({ line: number, reason: item });
          }
        }
        if (batch.length >= BATCH) {
          await write();
        }
      }
    }
    await write();
  } catch (error) {
    if (signal.aborted) {
      throw new AppError(
        'CANCELLED',
        `Cancelled after ${result.lines} lines. The items written until then are kept; importing the file again continues safely.`,
        { cause: error },
      );
    }
    throw error;
  }
  return { ...result, firstProblems };
}

function simulatedMix(line: number, kept: number): AppError {
  const before = kept === 0 ? 'Nothing was imported' : `The ${kept} items imported before it are kept`;
  return new AppError(
    'SIMULATED_MIX',
    `Line ${line} holds an answer of a simulated source, which a real data directory does not take. ${before}. Import it into a directory of the demonstration.`,
  );
}

/** Stable, so that of several answers for one hash the file's order decides. */
function byStrongestDigest(a: ItemRecord, b: ItemRecord): number {
  const left = a.digests.sha256 ?? a.digests.sha1 ?? a.digests.md5 ?? '';
  const right = b.digests.sha256 ?? b.digests.sha1 ?? b.digests.md5 ?? '';
  if (left === right) {
    return 0;
  }
  return left < right ? -1 : 1;
}
