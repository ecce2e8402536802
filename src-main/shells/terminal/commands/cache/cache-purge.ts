import type { PurgePreview } from '#shared/contract/life.ts';
import { sourceLabel } from '#shared/domain/source.ts';
import { EXIT } from '../../exit-codes.ts';
import { count, counted, utc } from '../../output/numbers.ts';
import { STATUS_SHAPE } from '../../output/style.ts';
import { tableLines } from '../../output/table.ts';
import type { Session } from '../../session.ts';
import { prepareLookUps } from './cache.ts';

export interface PurgeOptions {
  readonly dryRun?: boolean;
  readonly format: 'table' | 'json';
}

const DAY_MS = 86_400_000;

/** Removes what nobody asked for within the Remove Item Interval; with `--dry-run` it only says what that would be. */
export async function purgeCache(session: Session, options: PurgeOptions): Promise<number> {
  return options.dryRun === true ? showPreview(session, options) : purge(session, options);
}

async function showPreview(session: Session, { format }: PurgeOptions): Promise<number> {
  return session.withEngine(async (engine) => {
    const preview = await engine.life.preview(session.signal);
    await session.out.write(
      format === 'json'
        ? jsonText({ ...preview, askedBefore: dayText(preview.askedBefore), at: utc(preview.at) })
        : previewText(preview, session.out.width),
    );
    return EXIT.done;
  });
}

async function purge(session: Session, { format }: PurgeOptions): Promise<number> {
  return session.withEngine(async (engine) => {
    const removed = await engine.life.purge(
      (done, total) => session.progress.show({ phase: 'removing', done, total, unit: 'files' }),
      session.signal,
    );
    session.progress.clear();
    if (removed.files > 0) {
      await prepareLookUps(session, engine);
    }
    if (format === 'json') {
      await session.out.write(jsonText({ ...removed, askedBefore: dayText(removed.askedBefore) }));
    } else if (removed.askedBefore === null) {
      await session.out.write(`${NEVER}\n`);
    } else {
      await session.out.write(
        `Removed: ${counted(removed.items, 'item')}, ${counted(removed.reports, 'report')}, and ${counted(removed.files, 'file')} of which nothing was left.\n`,
      );
    }
    return EXIT.done;
  });
}

const NEVER = 'Nothing is removed: the setting removeItemDays is null, which means never.';

function previewText(preview: PurgePreview, width: number | null): string {
  const { askedBefore, groups, items, files, reports, kept } = preview;
  if (askedBefore === null) {
    return `${NEVER}\n`;
  }
  const why: readonly (readonly [number, string])[] = [
    [kept.malicious, 'malicious'],
    [kept.hashList, 'on the hash list'],
    [kept.inIntake, 'in a kept intake'],
    [kept.queued, 'waiting to be asked'],
  ];
  const stays = why.filter(([amount]) => amount > 0).map(([amount, name]) => `${count(amount)} ${name}`);
  return [
    `Last asked for before ${dayText(askedBefore)}: ${counted(items, 'item')} would go, with ${counted(reports, 'report')} and ${counted(files, 'file')} of which nothing is left.`,
    ...(groups.length === 0 ? [] : groupLines(groups, width)),
    ...(stays.length === 0 ? [] : [`Kept all the same: ${stays.join(', ')}.`]),
    '',
  ].join('\n');
}

function groupLines(groups: PurgePreview['groups'], width: number | null): readonly string[] {
  return tableLines(
    [
      { header: 'source', cell: (group: PurgePreview['groups'][number]) => sourceLabel(group.source) },
      { header: 'status', cell: (group) => `${STATUS_SHAPE[group.status]} ${group.status}` },
      { header: 'items', align: 'right', cell: (group) => count(group.items) },
    ],
    [...groups],
    width,
  );
}

/** A UTC day as it is written; null stays null. */
function dayText(day: number | null): string | null {
  return day === null ? null : new Date(day * DAY_MS).toISOString().slice(0, 10);
}

function jsonText(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
