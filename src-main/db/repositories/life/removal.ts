import { DIGEST_KINDS } from '#shared/domain/hash.ts';
import { CHANGE, type MetricKind } from '../../change-kinds.ts';
import { digestKeyOfHex, NOT_ASKED } from '../../codes.ts';
import { statusOfCode } from '#shared/domain/status.ts';
import type { WritableDb } from '../../handles.ts';
import { insertMany } from '../../many-rows.ts';
import { prepared } from '../../prepared.ts';
import { pruneOldChanges } from '../changes.ts';
import { COUNT_DIGESTS, COUNT_FILES, gatherCounts, itemCounter, unaskedCounter } from '../counters.ts';
import { fileById } from '../file-identity.ts';
import type { AgedFile, AgedItem, AgedRule } from './aged.ts';
import { recordMetric } from '../metrics/record.ts';
import { lookAtDisagreements } from './disagreements.ts';
import { noteFileGone } from './file-ids.ts';
import { forgetLife } from './forget.ts';

/** What went. */
export interface Removed {
  readonly items: number;
  readonly files: number;
  readonly reports: number;
  /** Items by source and the status they counted with. */
  readonly groups: readonly { readonly source: number; readonly status: number; readonly items: number }[];
}

/** Removes what was judged, with all that belongs to it; `save` before each transaction ends. */
export interface Removal {
  remove(file: AgedFile): void;
  save(): void;
  /** Everything so far. */
  removed(): Removed;
}

const REASON: Readonly<Record<AgedRule['kind'], string>> = {
  'not-asked': 'not-asked-for',
  linked: 'not-asked-for',
  unknown: 'size',
  reports: 'size',
};

/** `countedAt` is the time of the events that count what went, seconds since the epoch. */
export function createRemoval(db: WritableDb, rule: AgedRule, countedAt: number): Removal {
  const changes = insertMany(db, 'changes (kind, id)', 2);
  const counts = gatherCounts();
  const groups = new Map<string, { readonly source: number; readonly status: number; items: number }>();
  const events = new Map<string, { kind: MetricKind; source: number; detail: string; amount: number }>();
  const total = { items: 0, files: 0, reports: 0 };
  const isForRoom = 'upTo' in rule;
  let halved: number[] = [];

  function tally(item: AgedItem): void {
    const { source, effective, reportBytes } = item;
    if (reportBytes !== null) {
      total.reports += 1;
      if (isForRoom) {
        add('reportsPurged', source, REASON[rule.kind]);
      }
    }
    if (rule.kind === 'reports') {
      return;
    }
    total.items += 1;
    counts.add(itemCounter(source, item.status), -1);
    if (item.noAnswer === NOT_ASKED) {
      counts.add(unaskedCounter(source), -1);
    }
    add('itemsPurged', source, `${REASON[rule.kind]} ${statusOfCode(effective)}`);
    const key = `${source}:${effective}`;
    const group = groups.get(key) ?? { source, status: effective, items: 0 };
    group.items += 1;
    groups.set(key, group);
  }

  function add(kind: MetricKind, source: number, detail: string): void {
    const key = `${kind} ${source} ${detail}`;
    const event = events.get(key) ?? { kind, source, detail, amount: 0 };
    event.amount += 1;
    events.set(key, event);
  }

  return {
    remove(file) {
      for (const item of file.items) {
        tally(item);
        dropItem(db, rule, file.id, item.source);
      }
      if (file.isWhole) {
        const digests = dropFile(db, file.id);
        counts.add(COUNT_FILES, -1);
        counts.add(COUNT_DIGESTS, -digests);
        total.files += 1;
        changes.add(CHANGE.file, file.id);
      } else if (file.items.length > 0 && rule.kind !== 'reports') {
        halved.push(file.id);
        changes.add(CHANGE.item, file.id);
      }
    },
    save() {
      lookAtDisagreements(db, halved, countedAt);
      halved = [];
      changes.flush();
      counts.save(db);
      for (const event of events.values()) {
        recordMetric(db, { ...event, at: countedAt });
      }
      events.clear();
      pruneOldChanges(db);
    },
    removed: () => ({ ...total, groups: [...groups.values()].map((group) => ({ ...group })) }),
  };
}

function dropItem(db: WritableDb, rule: AgedRule, fileId: number, source: number): void {
  prepared(db, 'DELETE FROM reports WHERE file_id = +? AND source = +?').run(fileId, source);
  if (rule.kind !== 'reports') {
    prepared(db, 'DELETE FROM items WHERE file_id = +? AND source = +?').run(fileId, source);
    prepared(db, 'DELETE FROM item_history WHERE file_id = +? AND source = +?').run(fileId, source);
  }
}

/** Removes the row of a file without items, its keys and what is kept beside it. Returns how many digests it had. */
function dropFile(db: WritableDb, id: number): number {
  const file = fileById(db, id);
  const digests = DIGEST_KINDS.map((kind) => file?.digests[kind]).filter((digest) => digest !== undefined);
  const dropKey = prepared(db, 'DELETE FROM digest_keys WHERE key = +? AND file_id = +?');
  for (const digest of digests) {
    dropKey.run(digestKeyOfHex(digest), id);
  }
  forgetLife(db, id);
  prepared(db, 'DELETE FROM reports WHERE file_id = +?').run(id);
  prepared(db, 'DELETE FROM files WHERE id = +?').run(id);
  noteFileGone(db, id);
  return digests.length;
}
