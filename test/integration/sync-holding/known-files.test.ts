import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { KnownSet } from '#shared/contract/known-sets.ts';
import type { HexDigest } from '#shared/domain/hash.ts';
import { digestOf } from '#test/bench/data.ts';
import { openInlineDatabase } from '#main/db/client.ts';
import type { Database } from '#main/db/port.ts';
import { createKnownSets } from '#main/services/known-sets/known-sets.ts';
import { createKnownFiles } from '#main/services/threat-sync/known-files/known-files.ts';
import { NOON, planned, pulledFile, startParts, type Parts } from './parts.ts';

const { signal } = new AbortController();
const sha256 = (number: number): HexDigest => digestOf('file', number) as HexDigest;
const md5 = (number: number): HexDigest => digestOf('md5', number).slice(0, 32) as HexDigest;
const named = (sets: readonly KnownSet[]): unknown[] =>
  sets.map(({ name, edition, mark, digests }) => [name, edition, mark, digests.md5, digests.sha1, digests.sha256]);

async function explained(parts: Parts, hash: HexDigest): Promise<{ status: string; why: string }> {
  const [known] = await parts.intakes.explain([{ kind: hash.length === 32 ? 'md5' : 'sha256', hash }]);
  return { status: known?.verdict.status ?? '', why: known?.why ?? '' };
}

async function pulled(parts: Parts, raiseFromRating: number | null = null): ReturnType<Parts['job']> {
  const job = await parts.job('Daily', { raiseFromRating });
  await parts.applied(job, [
    pulledFile(1, 4, { md5: md5(1), sha256: sha256(1) }),
    pulledFile(2, 4.9, { sha256: sha256(2) }),
    pulledFile(3, 3.5, { sha256: sha256(3) }),
    pulledFile(4, null, { md5: md5(4) }),
    pulledFile(5, 0, { sha256: sha256(5) }),
  ]);
  await parts.knownFiles.refresh(job.id, signal);
  return job;
}

describe('files of a sync job as known sets', () => {
  it('one per rating, named after it, of the job and the day; known says nothing for the verdict', async () => {
    const parts = await startParts();
    await pulled(parts);
    const sets = await parts.knownSets.list();
    expect(named(sets)).toEqual([
      ['ThreatConnect rating 0', 'Daily', 'known', 0, 0, 1],
      ['ThreatConnect rating 3', 'Daily', 'known', 0, 0, 1],
      ['ThreatConnect rating 4', 'Daily', 'known', 1, 0, 2],
      ['ThreatConnect unrated', 'Daily', 'known', 1, 0, 0],
    ]);
    expect(sets.map(({ datedAt, state, syncJob }) => [datedAt, state, syncJob])).toEqual(
      sets.map(() => [NOON / 1000, 'ready', 1]),
    );
    expect(await explained(parts, md5(1))).toEqual({
      status: 'unknown',
      why: 'The known set ThreatConnect rating 4 (edition Daily, dated 2026-11-22) holds it; known is not a judgement. Matched by MD5 or SHA-1 alone.',
    });
  });

  it('raise a verdict only from the rating the user set, at once and back again', async () => {
    const parts = await startParts();
    const job = await pulled(parts);
    const rule = async (raiseFromRating: number | null): Promise<unknown[]> => {
      await parts.database.write('setSyncJob', { jobId: job.id, config: { ...job.config, raiseFromRating } });
      await parts.knownFiles.refresh(job.id, signal);
      return Promise.all([1, 2, 3, 5].map(async (number) => (await explained(parts, sha256(number))).status));
    };
    expect(await rule(4)).toEqual(['malicious', 'malicious', 'unknown', 'unknown']);
    expect((await explained(parts, sha256(1))).why).toBe(
      'The known-bad set ThreatConnect rating 4 (edition Daily, dated 2026-11-22) holds it.',
    );
    expect(await rule(4.5)).toEqual(['unknown', 'malicious', 'unknown', 'unknown']);
    expect(named(await parts.knownSets.list())).toContainEqual([
      'ThreatConnect rating 4.5',
      'Daily',
      'known-bad',
      0,
      0,
      1,
    ]);
    expect(await rule(0)).toEqual(['malicious', 'malicious', 'malicious', 'malicious']);
    expect((await explained(parts, md5(4))).status).toBe('unknown');
    expect(await rule(null)).toEqual(['unknown', 'unknown', 'unknown', 'unknown']);
  });

  it('keep the day their files were pulled when only the rule changes', async () => {
    const parts = await startParts();
    const job = await pulled(parts);
    parts.clock.at += 3 * 86_400_000;
    await parts.database.write('setSyncJob', { jobId: job.id, config: { ...job.config, raiseFromRating: 4 } });
    await parts.knownFiles.refresh(job.id, signal);
    const sets = await parts.knownSets.list();
    expect(sets.map(({ datedAt }) => datedAt)).toEqual(sets.map(() => NOON / 1000));
  });

  it.each(['inline', 'workers'] as const)('judge open intakes again, which shows what moved, %s', async (threads) => {
    const parts = await startParts(threads);
    const text = `${sha256(1)}\n${sha256(3)}\n${digestOf('nobody', 1)}\n`;
    const running = await parts.intakes.start(
      { title: 'list', door: 'paste', inputs: [{ kind: 'text', name: 'list', text }], reading: { as: 'list' } },
      () => undefined,
      signal,
    );
    const { id } = await running.finished;
    const malicious = async (): Promise<number> => (await parts.intakes.get(id)).intake.counts.malicious;
    const page = { statuses: [], flags: [], text: '', sort: 'position', descending: false, asOf: 0 } as const;
    await parts.intakes.rows(id, { ...page, statuses: [], flags: [] }, { offset: 0, limit: 10 });
    expect(await malicious()).toBe(0);
    await pulled(parts, 4);
    expect(await parts.intakes.rejudgeOpen()).toEqual([id]);
    expect(await malicious()).toBe(1);
  });

  it('change only when their content does, and lose what was withdrawn but not what is held back', async () => {
    const parts = await startParts();
    const job = await pulled(parts);
    const before = await parts.knownSets.list();
    const { length } = await parts.database.read('changesSince', { since: 0, limit: 1000 });
    parts.clock.at += 86_400_000;
    await parts.knownFiles.refresh(job.id, signal);
    expect(await parts.knownSets.list()).toEqual(before);
    expect(await parts.database.read('changesSince', { since: 0, limit: 1000 })).toHaveLength(length);

    const rows = [pulledFile(1, 4, { md5: md5(1), sha256: sha256(1) }), pulledFile(3, 3.5, { sha256: sha256(3) })];
    await parts.applied(job, rows, [
      planned(1, { action: 'held', reason: 'known-good', held: 'known-good', heldBy: 'x' }),
      planned(3, { action: 'withdrawn', reason: 'deleted', wanted: false }),
    ]);
    await parts.knownFiles.refresh(job.id, signal);
    expect(named(await parts.knownSets.list())).toEqual([
      ['ThreatConnect rating 0', 'Daily', 'known', 0, 0, 1],
      ['ThreatConnect rating 4', 'Daily', 'known', 1, 0, 2],
      ['ThreatConnect unrated', 'Daily', 'known', 1, 0, 0],
    ]);
    expect((await explained(parts, sha256(3))).status).toBe('unknown');
    expect(readdirSync(join(parts.directory, 'known-sets'))).toHaveLength(3);
  });

  it('move with a changed rating, at once: no look finds the file in none of them', async () => {
    const parts = await startParts();
    const job = await pulled(parts, 3);
    const { length } = await parts.database.read('changesSince', { since: 0, limit: 1000 });
    await parts.applied(job, [pulledFile(3, 4, { sha256: sha256(3) })], [planned(3, { action: 'changed' })]);
    await parts.knownFiles.refresh(job.id, signal);
    expect((await explained(parts, sha256(3))).why).toContain('ThreatConnect rating 4 (');
    const changes = await parts.database.read('changesSince', { since: 0, limit: 1000 });
    expect(changes.length).toBeGreaterThan(length);
    expect(named(await parts.knownSets.list()).map((set) => (set as string[])[0])).not.toContain(
      'ThreatConnect rating 3',
    );
  });

  it('of two jobs may have one name, follow their job and go with it', async () => {
    const parts = await startParts();
    const job = await pulled(parts);
    const other = await parts.job('Weekly', { raiseFromRating: 4 });
    await parts.applied(other, [pulledFile(1, 4, { sha256: sha256(7) })]);
    await parts.knownFiles.refresh(other.id, signal);
    expect((await explained(parts, sha256(7))).why).toContain('(edition Weekly, dated');
    await parts.database.write('setSyncJob', { jobId: other.id, name: 'Monthly' });
    await parts.knownFiles.refresh(other.id, signal);
    expect((await explained(parts, sha256(7))).why).toContain('(edition Monthly, dated');
    await parts.database.write('removeSyncJob', { jobId: job.id });
    await parts.knownFiles.refresh(job.id, signal);
    expect(named(await parts.knownSets.list())).toEqual([['ThreatConnect rating 4', 'Monthly', 'known-bad', 0, 0, 1]]);
  });

  it('of two jobs that hold one file: the newer one is named', async () => {
    const parts = await startParts();
    await pulled(parts, 4);
    parts.clock.at += 2 * 86_400_000;
    const other = await parts.job('Weekly', { raiseFromRating: 4 });
    await parts.applied(other, [pulledFile(1, 5, { sha256: sha256(1) })]);
    await parts.knownFiles.refresh(other.id, signal);
    expect((await explained(parts, sha256(1))).why).toBe(
      'The known-bad set ThreatConnect rating 5 (edition Weekly, dated 2026-11-24) holds it. All 2 answers agree.',
    );
  });

  it('cannot be imported over or removed while their job makes them', async () => {
    const parts = await startParts();
    const job = await pulled(parts);
    const [set] = await parts.knownSets.list();
    const path = join(parts.directory, 'list.txt');
    writeFileSync(path, `${sha256(1)}\n`);
    const wanted = {
      name: 'ThreatConnect rating 4',
      edition: '',
      datedAt: null,
      mark: 'known',
      replace: true,
    } as const;
    await expect(parts.knownSets.import(path, wanted, () => undefined, signal)).rejects.toMatchObject({
      code: 'CONFLICT',
      message:
        'The set ThreatConnect rating 4 is made by the sync job Daily from the files it pulled. Choose another name; nothing was imported.',
    });
    await expect(parts.knownSets.remove(set?.id ?? 0)).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining('is made by the sync job Daily from the files it pulled'),
    });
    await parts.database.write('removeSyncJob', { jobId: job.id });
    await parts.knownSets.remove(set?.id ?? 0);
    expect(await parts.knownSets.list()).toHaveLength(3);
  });

  it('stay as they were when it is cancelled or asked for by several at once', async () => {
    const parts = await startParts();
    const job = await pulled(parts);
    const before = await parts.knownSets.list();
    await parts.applied(job, [pulledFile(9, 5, { sha256: sha256(9) })]);
    await expect(parts.knownFiles.refresh(job.id, AbortSignal.abort())).rejects.toThrow(/aborted/);
    expect(await parts.knownSets.list()).toEqual(before);
    await Promise.all([1, 2, 3].map(() => parts.knownFiles.refresh(job.id, signal)));
    expect(await parts.knownSets.list()).toHaveLength(before.length + 1);
    expect(readdirSync(join(parts.directory, 'known-sets'))).toHaveLength(before.length + 1);
  });

  it('leave nothing half done when they cannot be put in force', async () => {
    const parts = await startParts();
    const job = await pulled(parts);
    const before = await parts.knownSets.list();
    await parts.applied(job, [pulledFile(9, 5, { sha256: sha256(9) }), pulledFile(10, 1, { sha256: sha256(10) })]);
    const failing = new Proxy(parts.database, {
      get: (target, name: keyof Database) =>
        name === 'write'
          ? (...args: Parameters<Database['write']>) =>
              args[0] === 'finishMadeSets' ? Promise.reject(new Error('the disk is full')) : target.write(...args)
          : target[name],
    });
    const knownSets = createKnownSets(failing, parts.directory, { clock: parts.clock });
    const knownFiles = createKnownFiles({ database: parts.database, knownSets, clock: parts.clock });
    await expect(knownFiles.refresh(job.id, signal)).rejects.toThrow('the disk is full');
    expect(await parts.knownSets.list()).toEqual(before);
    expect(readdirSync(join(parts.directory, 'known-sets'))).toHaveLength(before.length);
    await parts.knownFiles.refresh(job.id, signal);
    expect(await parts.knownSets.list()).toHaveLength(before.length + 2);
  });

  it('come to the same sets when two processes make them at once, and when one of them died on the way', async () => {
    const parts = await startParts();
    const job = await pulled(parts);
    await parts.applied(job, [pulledFile(9, 5, { sha256: sha256(9) })]);
    const other = await openInlineDatabase(parts.directory);
    const knownSets = createKnownSets(other, parts.directory, { clock: parts.clock });
    const there = createKnownFiles({ database: other, knownSets, clock: parts.clock });
    await Promise.all([parts.knownFiles.refresh(job.id, signal), there.refresh(job.id, signal)]);
    const sets = await parts.knownSets.list();
    expect(sets.map(({ name, state }) => [name, state])).toEqual(
      ['rating 0', 'rating 3', 'rating 4', 'rating 5', 'unrated'].map((step) => [`ThreatConnect ${step}`, 'ready']),
    );
    const files = readdirSync(join(parts.directory, 'known-sets'));
    expect(files.sort()).toEqual(sets.map(({ id }) => `${id}.acol`).sort());

    const row = await other.write('beginKnownSet', {
      name: 'ThreatConnect rating 1',
      edition: 'Daily',
      mark: 'known',
      datedAt: 0,
      at: 0,
      syncJob: job.id,
      content: 'x',
      folder: 'known-sets',
      process: '2147483000:1',
    });
    writeFileSync(join(parts.directory, row.path), 'half');
    await other.close();
    const next = createKnownSets(parts.database, parts.directory, { clock: parts.clock });
    expect(await next.list()).toEqual(sets);
    expect(readdirSync(join(parts.directory, 'known-sets')).sort()).toEqual(files);
  });

  it('are made again when their file is lost or damaged, and say so until then', async () => {
    const parts = await startParts();
    const job = await pulled(parts);
    const folder = join(parts.directory, 'known-sets');
    const problems = async (): Promise<readonly string[]> =>
      (await parts.intakes.standing([[{ kind: 'sha256', hash: sha256(1) }]])).problems;
    const [damaged = '', ...lost] = readdirSync(folder).sort();
    const bytes = readFileSync(join(folder, damaged));
    // The set of unrated files is made first.
    bytes.writeUInt8(0, bytes.indexOf(Buffer.from(md5(4), 'hex')) + 3);
    writeFileSync(join(folder, damaged), bytes);
    lost.forEach((name) => rmSync(join(folder, name)));
    expect((await parts.knownSets.list()).map(({ state }) => state).sort()).toEqual([
      'missing',
      'missing',
      'missing',
      'ready',
    ]);
    expect(await problems()).toContainEqual(
      expect.stringMatching(
        /^The known set ThreatConnect rating 4 was left out: .* The next run of its sync job makes it again\.$/,
      ),
    );
    await parts.knownFiles.refresh(job.id, signal);
    expect((await parts.knownSets.list()).map(({ state }) => state)).toEqual(Array(4).fill('ready'));
    expect(await problems()).toEqual([]);
    expect((await explained(parts, sha256(1))).why).toContain('ThreatConnect rating 4 (');
    expect(readdirSync(folder)).toHaveLength(4);
    expect(readdirSync(folder)).not.toContain(damaged);
  });
});
