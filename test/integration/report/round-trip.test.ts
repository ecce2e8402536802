import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { HexDigest } from '#shared/domain/hash.ts';
import { digests, hex, never, startWorld, type ReportWorld } from './report-world.ts';
import { EVERY_ROW } from '../../every-row.ts';

let world: ReportWorld;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.dispose());

const a = digests('a');
const b = digests('b');

async function hashesOf(intakeId: number): Promise<string[]> {
  const { rows } = await world.engine.intakes.rows(intakeId, EVERY_ROW, { offset: 0, limit: 500 });
  return rows.map(({ hash }) => hash).sort();
}

describe('a report that is dropped on Assay', () => {
  it.each(['jsonl', 'csv'] as const)(
    'as %s gives the same hashes, and none of what it states besides',
    async (format) => {
      await world.items({
        ...a,
        source: 'wildfire',
        status: 'malicious',
        threat: `like ${hex('sha256', 'threat')}`,
        scannedAt: '2026-11-02T03:04:05Z',
      });
      await world.engine.annotations.write(
        [{ sha256: a.sha256 as HexDigest }],
        { note: `dropped by ${hex('sha256', 'parent')}`, add: ['case'] },
        () => undefined,
        never,
      );
      const list = [
        'name,md5,sha256',
        `a.exe,${a.md5},${a.sha256}`,
        `b.exe,${b.md5},`,
        'c.exe,,',
        `d.exe,,${hex('sha256', 'd')}00`,
      ];
      const intake = await world.read('list.csv', list.join('\n'));
      const { path } = await world.write(intake.id, format, {
        statement: { title: hex('md5', 'title'), examiner: 'E. Doe', caseName: '', note: `see ${hex('sha1', 'note')}` },
      });
      const again = await world.read('report', readFileSync(path, 'utf8'));
      expect(await hashesOf(again.id)).toEqual(await hashesOf(intake.id));
      expect(again.accounting).toMatchObject({ hashes: 2, balanced: true });
    },
  );

  it('is a text as CSV whatever the list holds', async () => {
    const lines = ['name,sha256', ...['a', 'b'].map((name) => `${'\0\u0001'.repeat(60)},${hex('sha256', name)}`)];
    const intake = await world.read('list.csv', lines.join('\n'));
    expect(intake.accounting.hashes).toBe(2);
    const { path } = await world.write(intake.id, 'csv');
    const { finished } = await world.engine.intakes.start(
      { door: 'terminal', inputs: [{ kind: 'path', path }], reading: { as: 'auto' } },
      () => undefined,
      new AbortController().signal,
    );
    expect(await hashesOf((await finished).id)).toEqual(await hashesOf(intake.id));
  });

  it('has no hashes in the manifest beside it, and finds those behind a very long statement', async () => {
    const intake = await world.read('list.txt', `${a.sha256}\n`);
    const { manifestPath } = await world.write(intake.id, 'csv');
    const beside = await world.read('manifest', readFileSync(manifestPath ?? '', 'utf8'));
    expect(beside.accounting).toMatchObject({ hashes: 0, balanced: true });
    const note = `${hex('sha1', 'note')} `.repeat(20_000);
    const statement = { title: '', examiner: '', caseName: '', note };
    const { path } = await world.write(intake.id, 'jsonl', { statement });
    const again = await world.read('report', readFileSync(path, 'utf8'));
    expect(await hashesOf(again.id)).toEqual([a.sha256]);
  });
});
