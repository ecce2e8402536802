import type { CallOutput } from '#shared/contract/index.ts';
import { sourceOfCode } from '#shared/domain/source.ts';
import { statusOfCode } from '#shared/domain/status.ts';
import type { Settings } from '#shared/settings/schema.ts';
import type { Database } from '../../../db/port.ts';
import type { AgedFile, AgedRule } from '../../../db/repositories/life/aged.ts';
import type { Clock } from '../../../platform/clock.ts';
import type { IntakeService } from '../../intake/port.ts';
import { readKeptKeys } from './kept-keys.ts';
import type { Purged } from '../port.ts';
import { removeFiles } from './remove-files.ts';
import { walk } from './walk.ts';

type Preview = CallOutput<'life.purgePreview'>;
type Interval = Pick<Settings, 'removeItemDays'>;

export interface PurgeParts {
  readonly database: Database;
  readonly intakes: Pick<IntakeService, 'packedDigests'>;
  readonly clock: Clock;
  /** Writes what was asked for and waits to be written. */
  readonly settleAsked: () => Promise<void>;
}

/** Removing what nobody asked for within the Remove Item Interval, and saying before what would go. */
export interface Purge {
  preview(interval: Interval, signal: AbortSignal): Promise<Preview>;
  purge(interval: Interval, onProgress: (done: number, total: number) => void, signal: AbortSignal): Promise<Purged>;
}

const DAY_SECONDS = 86_400;

export function createPurge(parts: PurgeParts): Purge {
  const { database, clock } = parts;
  const seconds = (): number => Math.floor(clock.now() / 1000);

  return {
    async preview({ removeItemDays }, signal) {
      const at = seconds();
      const tally = startTally();
      const before = askedBefore(removeItemDays, at);
      if (before !== null) {
        await mergeAsked(parts, signal);
        const kept = await readKeptKeys(database, parts.intakes, signal);
        for (const rule of rulesOf(before)) {
          for await (const { files, inIntake } of walk(database, rule, kept, at, signal)) {
            for (const file of files) {
              tally.add(file);
            }
            tally.keepInIntake(inIntake);
          }
        }
      }
      return { ...tally.end(), askedBefore: before, at };
    },

    async purge({ removeItemDays }, onProgress, signal) {
      const at = seconds();
      const before = askedBefore(removeItemDays, at);
      const total = { items: 0, files: 0, reports: 0, askedBefore: before };
      if (before === null) {
        return total;
      }
      await mergeAsked(parts, signal);
      const kept = await readKeptKeys(database, parts.intakes, signal);
      const highest = await database.read('highestFile', undefined);
      for (const rule of rulesOf(before)) {
        for await (const { files, upTo } of walk(database, rule, kept, at, signal)) {
          const gone = await removeFiles(database, { rule, files, kept, now: at }, signal);
          total.items += gone.items;
          total.files += gone.files;
          total.reports += gone.reports;
          if (rule.kind === 'not-asked') {
            onProgress(Math.min(upTo, highest), highest);
          }
        }
      }
      if (total.files + total.items > 0) {
        await database.write('returnPages', undefined, 'bulk', signal);
      }
      return total;
    },
  };
}

/** The day, since the epoch, before which nobody may have asked; null when items are never removed. */
function askedBefore(removeItemDays: number | null, at: number): number | null {
  return removeItemDays === null ? null : Math.max(0, Math.floor(at / DAY_SECONDS) - removeItemDays);
}

function rulesOf(before: number): readonly AgedRule[] {
  return [
    { kind: 'not-asked', before },
    { kind: 'linked', before },
  ];
}

async function mergeAsked({ database, settleAsked }: PurgeParts, signal: AbortSignal): Promise<void> {
  await settleAsked();
  await database.write('mergeAsked', undefined, 'bulk', signal);
}

function startTally() {
  const groups = new Map<string, Preview['groups'][number]>();
  const kept = { malicious: 0, hashList: 0, inIntake: 0, queued: 0 };
  let [items, files, reports] = [0, 0, 0];
  return {
    add(file: AgedFile): void {
      for (const { source: code, effective, reportBytes } of file.items) {
        items += 1;
        reports += reportBytes === null ? 0 : 1;
        const source = sourceOfCode(code);
        if (source !== null) {
          const status = statusOfCode(effective);
          const key = `${source} ${status}`;
          const group = groups.get(key) ?? { source, status, items: 0 };
          groups.set(key, { ...group, items: group.items + 1 });
        }
      }
      files += file.isWhole ? 1 : 0;
      kept.malicious += file.kept.malicious;
      kept.hashList += file.kept.hashList;
      kept.queued += file.kept.queued;
    },
    keepInIntake(count: number): void {
      kept.inIntake += count;
    },
    end: () => ({
      groups: [...groups.values()].sort((a, b) => b.items - a.items || a.source.localeCompare(b.source)),
      items,
      files,
      reports,
      kept,
    }),
  };
}
