import type { HexDigest } from '#shared/domain/hash.ts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { filterOf } from '#test/integration/known-sets/bloom-file.ts';
import { digests, hex, linesOf, never, query, startWorld, type ReportWorld, type RowLine } from './report-world.ts';
import { EVERY_ROW } from '../../every-row.ts';

let world: ReportWorld;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.dispose());

const scannedAt = '2026-11-02T03:04:05Z';
const bad = digests('bad');
const good = digests('good');
const other = digests('other');
const listed = digests('listed');

/** One file of everything that can be tied to a row. */
async function fill(): Promise<void> {
  await world.items(
    { ...bad, source: 'wildfire', status: 'malicious', threat: 'Trojan "X", =1+1', scannedAt },
    {
      ...bad,
      source: 'virustotal',
      status: 'suspicious',
      score: 3,
      rawCode: '3/70',
      scannedAt: '2020-01-01T00:00:00Z',
    },
    { ...good, source: 'wildfire', status: 'non-malicious', scannedAt },
    { sha256: other.sha256, source: 'reversinglabs-a1000', status: 'unknown', noAnswer: 'not-known', scannedAt },
    { sha256: hex('sha256', 'failed'), source: 'virustotal', status: 'unknown', noAnswer: 'could-not-ask' },
  );
  await world.engine.hashList.addText({
    text: listed.md5,
    side: 'malicious',
    note: 'seen on host12',
    reason: 'incident 7',
    expiresAt: null,
  });
  await world.knownSet('golden', [good.md5, hex('sha256', 'in a set'), other.sha256]);
  await world.knownSet('of aliases', [good.sha1, bad.sha256]);
}

/** Every way a row can be tied to what is known: strongest digest, weaker one, several, only said to be one file. */
const LIST = [
  'name,md5,sha256',
  `bad.exe,,${bad.sha256}`,
  `bad-by-md5.exe,${bad.md5},`,
  `good.exe,${good.md5},${good.sha256}`,
  `mixed.exe,${bad.md5},${good.sha256}`,
  `other.exe,,${other.sha256}`,
  `failed.exe,,${hex('sha256', 'failed')}`,
  `listed.exe,${listed.md5},${listed.sha256}`,
  `set.exe,,${hex('sha256', 'in a set')}`,
  `fresh.exe,,${hex('sha256', 'fresh')}`,
].join('\n');

describe('rows of a report', () => {
  it('say of every row what its details say', async () => {
    await fill();
    const intake = await world.read('list.csv', LIST);
    const { rows, head } = linesOf((await world.write(intake.id, 'jsonl')).path);
    expect(rows).toHaveLength(9);
    const { rows: grid } = await world.engine.intakes.rows(intake.id, EVERY_ROW, { offset: 0, limit: 100 });
    for (const [place, { entry }] of grid.entries()) {
      const detail = await world.engine.intakes.detail(intake.id, entry);
      const said = rows[place]?.assay_report;
      expect(rows[place]).toMatchObject({ hash: detail.hash, verdict: detail.verdict.status, digests: detail.digests });
      expect(said?.digestLink).toBe(detail.digestLink);
      expect(said?.triaged).toMatchObject({ verdict: detail.triaged.status, rule: detail.triaged.rule });
      expect(said?.answers).toEqual(
        detail.items.map(
          ({ source, status, noAnswer, score, threat, rawCode, scannedAt: at, stale, matchedBy, link }) => ({
            source,
            status,
            noAnswer,
            score,
            threat,
            rawCode,
            stale,
            matchedBy,
            link,
            answeredAt: at === null ? null : new Date(at * 1000).toISOString().replace('.000', ''),
          }),
        ),
      );
      // Of what the list alone ties together a report takes the digest that is certainly the row's.
      const isMixed = detail.digestLink === 'asserted' && detail.digests.md5 === bad.md5;
      expect(said?.knownSets).toEqual(
        detail.sets.map(({ name, edition, mark, matchedBy }) => ({
          name,
          edition,
          mark,
          matchedBy: isMixed && name === 'of aliases' ? 'sha1' : matchedBy,
        })),
      );
      expect(said?.hashList).toEqual(
        detail.listEntries.map(({ side, reason, note }) => ({ side, reason: `${reason}: ${note}` })),
      );
    }
    expect(rows.map((row) => row.assay_report.answers.length)).toEqual([2, 2, 1, 3, 1, 1, 0, 0, 0]);
    expect(rows.map((row) => row.assay_report.knownSets.length)).toEqual([1, 1, 2, 2, 1, 0, 0, 1, 0]);
    expect(head.knownSets.map(({ name }) => name)).toEqual(['golden', 'of aliases']);
  });

  it('name filters that may hold a digest, with how often they are wrong', async () => {
    await fill();
    await world.knownSet('maybe', [], filterOf([good.sha1, hex('sha1', 'elsewhere')], 2, 0.001));
    const intake = await world.read(
      'list.csv',
      `name,sha1\na,${hex('sha1', 'elsewhere')}\nb,${hex('sha1', 'no')}\nc,${good.sha256}\n`,
    );
    const { rows, head } = linesOf((await world.write(intake.id, 'jsonl')).path);
    const possible = rows.map((row) =>
      row.assay_report.knownSets.filter((set) => set.possible).map(({ name }) => name),
    );
    expect(possible).toEqual([['maybe'], [], ['maybe']]);
    const { rows: grid } = await world.engine.intakes.rows(intake.id, EVERY_ROW, { offset: 0, limit: 9 });
    for (const [place, { entry }] of grid.entries()) {
      const { sets } = await world.engine.intakes.detail(intake.id, entry);
      expect(rows[place]?.assay_report.knownSets.map(({ name }) => name).sort()).toEqual(
        sets.map(({ name }) => name).sort(),
      );
    }
    expect(head.knownSets.find(({ name }) => name === 'maybe')?.errorRate).toBeGreaterThan(0);
  });

  it('keep the verdict as triaged beside the one of now', async () => {
    const intake = await world.read('list.txt', `${bad.sha256}\n`);
    await world.items({ ...bad, source: 'wildfire', status: 'malicious', scannedAt });
    const { rows, head } = linesOf((await world.write(intake.id, 'jsonl')).path);
    expect(rows[0]).toMatchObject({
      verdict: 'malicious',
      basis: { rule: 'source', source: 'wildfire' },
      assay_report: { triaged: { verdict: 'unknown', rule: 'never-asked', source: null, answeredAt: null } },
    });
    expect(head.counts).toMatchObject({ malicious: 1, unknown: 0 });
    expect((await world.engine.intakes.get(intake.id)).intake.counts.malicious).toBe(1);
  });

  it('are those of the selection, which is put in words', async () => {
    await fill();
    const intake = await world.read('list.csv', LIST);
    const some = linesOf(
      (await world.write(intake.id, 'jsonl', { selection: query({ statuses: ['malicious'], text: 'exe' }) })).path,
    );
    expect(some.rows.map((row) => row.carried['name'])).toEqual([
      'bad.exe',
      'bad-by-md5.exe',
      'mixed.exe',
      'listed.exe',
    ]);
    expect(some.head).toMatchObject({
      selection: '4 of 9 rows: malicious, with "exe"',
      rows: 4,
      rowCounts: { malicious: 4, unknown: 0 },
      counts: { malicious: 4, unknown: 4 },
    });
    const chosen = linesOf(
      (await world.write(intake.id, 'jsonl', { selection: { kind: 'entries', entries: [3, 1] } })).path,
    );
    expect(chosen.rows).toHaveLength(2);
    expect(chosen.head.selection).toBe('2 of 9 rows, chosen one by one');
  });

  it('are each what they are in a whole report when they were chosen in any order, and one when chosen twice', async () => {
    await fill();
    const intake = await world.read('list.csv', LIST);
    const whole = linesOf((await world.write(intake.id, 'jsonl')).path).rows;
    const entries = [7, 2, 4, 0, 8, 3, 2, 7];
    const selection = { kind: 'entries', entries } as const;
    const { head, rows } = linesOf((await world.write(intake.id, 'jsonl', { selection })).path);
    expect(head.selection).toBe('6 of 9 rows, chosen one by one');
    expect(rows).toHaveLength(6);
    const told = (row: RowLine | undefined): unknown => [row?.verdict, row?.carried, row?.assay_report];
    for (const row of rows) {
      expect(told(row)).toEqual(told(whole.find(({ carried }) => carried['name'] === row.carried['name'])));
    }
  });

  it('carry what people wrote on the file, whichever digest it was written on', async () => {
    await fill();
    const intake = await world.read('list.csv', LIST);
    const files = [{ sha1: bad.sha1 as HexDigest }];
    await world.engine.annotations.write(files, { note: 'dropper', add: ['case 7', 'APT'] }, () => undefined, never);
    const { rows } = linesOf((await world.write(intake.id, 'jsonl')).path);
    const noted = rows.filter((row) => row.assay_report.note !== '');
    // mixed.exe names bad's MD5, but the list alone says so.
    expect(noted.map((row) => [row.carried['name'], row.assay_report.note, row.assay_report.tags])).toEqual([
      ['bad.exe', 'dropper', ['APT', 'case 7']],
      ['bad-by-md5.exe', 'dropper', ['APT', 'case 7']],
    ]);
  });
});
