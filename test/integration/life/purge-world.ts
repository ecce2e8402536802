import { createHash } from 'node:crypto';
import { onTestFinished } from 'vitest';
import { reads } from '#main/db/repositories/index.ts';
import { openReadable } from '#main/db/open.ts';
import type { ItemRecord } from '#main/db/repositories/item-writer.ts';
import type { EngineOptions } from '#main/services/engine-port.ts';
import { STATUS_CODE, type Status } from '#shared/domain/status.ts';
import type { DigestSet, HexDigest } from '#shared/domain/hash.ts';
import { startEngine } from '../engine/engine-fixture.ts';

export const DAY_MS = 86_400_000;
/** 2026-11-22 12:00 UTC. */
export const NOW_MS = Date.UTC(2026, 10, 22, 12);
export const signal = new AbortController().signal;

export const digest = (kind: 'md5' | 'sha1' | 'sha256', seed: unknown): HexDigest =>
  createHash(kind).update(String(seed)).digest('hex') as HexDigest;

export function answer(digests: DigestSet, status: Status, more: Partial<ItemRecord> = {}): ItemRecord {
  const nothing = {
    noAnswer: status === 'unknown' ? 1 : null,
    score: null,
    threat: null,
    rawCode: null,
    firstSeen: null,
  };
  return { digests, source: 1, status: STATUS_CODE[status], ...nothing, scannedAt: 100, ...more };
}

/** An engine whose clock the test moves, and what its database holds. */
export async function purgeWorld(options: Partial<EngineOptions> = {}) {
  let now = NOW_MS;
  const under = await startEngine({ shell: 'terminal', clock: { now: () => now }, ...options });
  const { engine } = under;
  const { database } = engine;
  const reading = openReadable(database.file);
  onTestFinished(async () => {
    reading.close();
    await under.dispose();
  });
  return {
    engine,
    database,
    reading,
    now: () => now,
    setDay: (days: number) => {
      now = NOW_MS + days * DAY_MS;
    },
    pass: (seconds: number) => {
      now += seconds * 1000;
    },
    /** Answers as they were written so many days ago. */
    know: (items: readonly ItemRecord[], daysAgo: number) =>
      database.write('importItems', { items, at: Math.floor(now / 1000) - daysAgo * 86_400 }, 'bulk'),
    /** A kept list of these hashes. */
    async intake(hashes: readonly string[]): Promise<number> {
      const { intakeId, finished } = await engine.intakes.start(
        {
          door: 'terminal',
          inputs: [{ kind: 'text', name: 'l.txt', text: hashes.join('\n') }],
          reading: { as: 'list' },
        },
        () => undefined,
        signal,
      );
      await finished;
      return intakeId;
    },
    purge: () => engine.life.purge(() => undefined, signal),
    preview: () => engine.life.preview(signal),
    /** The sources that have an item about a hash, by code. */
    sourcesOf: (hash: string): number[] =>
      reads
        .filesByDigest(reading, { hash })
        .flatMap(({ id }) =>
          reading.prepare('SELECT source FROM items WHERE file_id = ? ORDER BY source').pluck().all(id),
        ) as number[],
    problems: () => reads.verifyTables(reading),
    one: (sql: string) => reading.prepare(sql).pluck().get() as number,
  };
}

export type PurgeWorld = Awaited<ReturnType<typeof purgeWorld>>;
