import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { HexDigest } from '#shared/domain/hash.ts';
import { createHashList } from '#main/services/hash-list/hash-list.ts';
import { EVERYTHING, openBench, temporaryFolder, type Bench } from './intake-bench.ts';
import { EVERY_ROW } from '../../every-row.ts';
import { unpackCsv } from '../report/csv-cells.ts';

const md5 = (text: string): HexDigest => createHash('md5').update(text).digest('hex') as HexDigest;
const OWN_COLUMNS =
  'hash,kind,verdict,rule,source,answeredAt,ageSeconds,conflict,stale,ambiguous,weak,asserted,md5,sha1,sha256,file,line,occurrences';
const page = { offset: 0, limit: 500 };
const signal = new AbortController().signal;

/** An item of a source, so that verdicts are not all the same. */
async function know(bench: Bench, texts: readonly string[], status: number, scannedAt = 1_789_999_000): Promise<void> {
  await bench.database.write('importItems', {
    at: 1_790_000_000,
    items: texts.map((text) => ({
      digests: { md5: md5(text) },
      source: 5,
      status,
      noAnswer: null,
      score: null,
      threat: null,
      rawCode: null,
      firstSeen: null,
      scannedAt,
    })),
  });
}

async function statuses(bench: Bench, id: number): Promise<Record<string, string>> {
  const { rows } = await bench.intakes.rows(id, EVERY_ROW, page);
  return Object.fromEntries(rows.map((row) => [row.hash, row.verdict.status]));
}

test('rows are paged in the order of the query, as far as the last one', async () => {
  const bench = await openBench();
  const texts = Array.from({ length: 1_200 }, (_, n) => `${n}`);
  await know(bench, texts.slice(0, 20), 4);
  const intake = await bench.read([texts.map((text) => `${md5(text)}\n`).join('')]);
  expect(intake.counts).toMatchObject({ malicious: 20, unknown: 1_180 });
  const at = async (offset: number, limit: number) =>
    (await bench.intakes.rows(intake.id, EVERY_ROW, { offset, limit })).rows.map((row) => row.line);
  expect(await at(0, 3)).toEqual([1, 2, 3]);
  expect(await at(1_198, 500)).toEqual([1_199, 1_200]);
  expect(await at(1_200, 10)).toEqual([]);
  const worst = { ...EVERY_ROW, sort: 'verdict', descending: true } as const;
  const { total, rows } = await bench.intakes.rows(intake.id, worst, { offset: 0, limit: 21 });
  expect([total, ...rows.map((row) => row.verdict.status)]).toEqual([1_200, ...Array(20).fill('malicious'), 'unknown']);
  const filtered = await bench.intakes.rows(intake.id, { ...EVERY_ROW, statuses: ['malicious'] }, page);
  expect([filtered.total, filtered.rows.length]).toEqual([20, 20]);
});

test('a change of the data moves the verdicts of open and of kept intakes; as triaged stays', async () => {
  const bench = await openBench();
  const open = await bench.read([`${md5('a')}\n${md5('b')}\n`]);
  const kept = await bench.read([`${md5('a')}\n`]);
  expect(await statuses(bench, open.id)).toEqual({ [md5('a')]: 'unknown', [md5('b')]: 'unknown' });
  await know(bench, ['a'], 4);
  bench.clock.at += 60_000;
  expect(await bench.intakes.rejudgeOpen()).toEqual([open.id]);
  expect(await bench.intakes.rejudgeOpen()).toEqual([]);
  expect(await statuses(bench, open.id)).toEqual({ [md5('a')]: 'malicious', [md5('b')]: 'unknown' });
  expect((await bench.intakes.get(open.id)).intake.counts.malicious).toBe(1);
  const { rows } = await bench.intakes.list(page);
  expect(rows.find((row) => row.id === kept.id)?.counts.malicious).toBe(0);
  expect((await bench.intakes.get(kept.id)).intake.counts.malicious).toBe(1);
  const detail = await bench.intakes.detail(kept.id, 0);
  expect([detail.verdict.status, detail.triaged.status, detail.triagedAt]).toEqual([
    'malicious',
    'unknown',
    1_790_000_000,
  ]);
});

test('verdicts survive closing, also when their file is gone or damaged', async () => {
  const directory = temporaryFolder();
  const first = await openBench(directory);
  const intake = await first.read([`${md5('a')}\n`]);
  await statuses(first, intake.id);
  await know(first, ['a'], 4);
  await first.intakes.rejudgeOpen();
  await first.intakes.dispose();
  const second = await openBench(directory, first.clock);
  expect(await statuses(second, intake.id)).toEqual({ [md5('a')]: 'malicious' });
  await second.intakes.dispose();
  for (const name of ['now.acol', 'triaged.acol']) {
    writeFileSync(join(directory, 'intakes', String(intake.id), name), 'damaged');
    const third = await openBench(directory, first.clock);
    expect(await statuses(third, intake.id)).toEqual({ [md5('a')]: 'malicious' });
    await third.intakes.dispose();
  }
});

test('another policy judges again', async () => {
  const bench = await openBench();
  await know(bench, ['a'], 4, 1_790_000_000 - 3 * 86_400);
  const intake = await bench.read([`${md5('a')}\n`]);
  expect(intake.counts.stale).toBe(0);
  await bench.database.write('setSettings', { change: { staleAfterDays: 2 }, at: 1_790_000_000 });
  expect((await bench.intakes.get(intake.id)).intake.counts.stale).toBe(1);
});

/** A report on all rows that nobody says anything about. */
const reportOf = (intakeId: number, format: 'csv' | 'jsonl') => ({
  intakeId,
  format,
  selection: EVERYTHING,
  statement: { title: '', examiner: '', caseName: '', note: '' },
  madeBy: 'Assay test',
});

test('reports carry every selected row with its cells; cells that a spreadsheet would run are disarmed in CSV only', async () => {
  const bench = await openBench();
  await know(bench, ['a'], 4);
  const csv = `name,md5,remark\n"=1+1, ""x""",${md5('a')},@sum\nplain,${md5('b')},"two\nlines"\nplain,${md5('b')},-\n`;
  const intake = await bench.read([{ kind: 'text', name: '+list.csv', text: csv }]);
  bench.clock.at = 1_790_000_100_000;
  const path = join(temporaryFolder(), 'out');
  const told: number[][] = [];
  const { head } = await bench.intakes.report(reportOf(intake.id, 'csv'), path, (...each) => told.push(each), signal);
  expect([head.rows, told.at(-1)]).toEqual([2, [2, 2]]);
  const table = readFileSync(path, 'utf8');
  expect(unpackCsv(table)).toHaveLength(3);
  expect(table.startsWith(`${OWN_COLUMNS},triagedVerdict,`)).toBe(true);
  for (const piece of [
    ',name,remark\n',
    `\n${md5('a')},md5,malicious,source,virustotal,2026-09-21T13:56:40Z,1100,false,false,false,true,false,${md5('a')},,,'+list.csv,2,1,`,
    `,"'=1+1, ""x""",'@sum\n`,
    `\n${md5('b')},md5,unknown,never-asked,,,,false,false,false,false,false,${md5('b')},,,'+list.csv,3,2,`,
    ',plain,"two\nlines"\n',
  ]) {
    expect(table).toContain(piece);
  }
  await bench.intakes.report(reportOf(intake.id, 'jsonl'), path, () => undefined, signal);
  const lines = readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown)
    // But for the head before them and the manifest behind them.
    .slice(1, -1);
  expect(lines).toMatchObject([
    {
      hash: md5('a'),
      kind: 'md5',
      verdict: 'malicious',
      basis: { rule: 'source', source: 'virustotal', ageSeconds: 1_100 },
      conflict: false,
      where: [{ file: '+list.csv', line: 2 }],
      digests: { md5: md5('a') },
      carried: { name: '=1+1, "x"', remark: '@sum' },
    },
    { hash: md5('b'), basis: { source: null, ageSeconds: null }, occurrences: 2, carried: { remark: 'two\nlines' } },
  ]);
});

test('a cancelled report leaves nothing', async () => {
  const bench = await openBench();
  const intake = await bench.read([Array.from({ length: 5_000 }, (_, n) => `${md5(`${n}`)}\n`).join('')]);
  const path = join(temporaryFolder(), 'out.csv');
  const stop = new AbortController();
  const done = bench.intakes.report(reportOf(intake.id, 'csv'), path, () => stop.abort(), stop.signal);
  await expect(done).rejects.toMatchObject({ code: 'CANCELLED' });
  expect(() => readFileSync(path)).toThrow('ENOENT');
});

test('hashes are copied as a list, with their fields, or defanged', async () => {
  const bench = await openBench();
  const intake = await bench.read([`name,md5\n"a\tb",${md5('a')}\n`]);
  const copy = (as: 'list' | 'tsv' | 'defanged') => bench.intakes.hashes(intake.id, EVERYTHING, as);
  expect(await copy('list')).toEqual({ text: `${md5('a')}\n`, rows: 1, truncated: false });
  expect((await copy('defanged')).text.trim().replaceAll(' ', '')).toBe(md5('a'));
  expect((await copy('defanged')).text).not.toContain(md5('a'));
  expect((await copy('tsv')).text.split('\n')[1]?.split('\t')).toEqual([
    md5('a'),
    'md5',
    'unknown',
    'never-asked',
    '',
    '',
    'pasted',
    '2',
    '',
    '',
    'a b',
  ]);
  expect(await bench.intakes.digestsOf(intake.id, [0])).toEqual([{ md5: md5('a') }]);
  await expect(bench.intakes.digestsOf(intake.id, [1])).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

test('digests that only the list says belong together are not handed to the hash list', async () => {
  const bench = await openBench();
  const sha256 = createHash('sha256').update('a').digest('hex');
  // The list claims that a well-known file's MD5 is that of a malicious one.
  const claimed = await bench.read([`sha256,md5\n${sha256},${md5('something everybody has')}\n`]);
  expect(claimed.accounting.hashes).toBe(1);
  expect(await bench.intakes.digestsOf(claimed.id, [0])).toEqual([{ sha256 }]);

  // Read from the bytes of a file, they do belong together.
  const sample = join(temporaryFolder(), 'sample.bin');
  writeFileSync(sample, 'a');
  const computed = await bench.read([{ kind: 'path', path: sample }], { as: 'sample' });
  const sha1 = createHash('sha1').update('a').digest('hex');
  expect(await bench.intakes.digestsOf(computed.id, [0])).toEqual([{ md5: md5('a'), sha1, sha256 }]);
});

const DAY = 86_400;

test('an entry of the list that expires while an intake is open takes its verdicts along', async () => {
  const bench = await openBench();
  const list = createHashList(bench.database, { clock: bench.clock, analyst: () => 'ana' });
  const now = bench.clock.at / 1000;
  const entry = { side: 'malicious', note: '', reason: '' } as const;
  await list.add({ ...entry, groups: [{ md5: md5('a') }], expiresAt: now + 3_600 });
  await list.add({ ...entry, groups: [{ md5: md5('b') }], expiresAt: now + 7_200 });
  const intake = await bench.read([`${md5('a')}\n${md5('b')}\n`]);
  expect(await statuses(bench, intake.id)).toEqual({ [md5('a')]: 'malicious', [md5('b')]: 'malicious' });
  bench.clock.at += 3_599_000;
  expect(await bench.intakes.rejudgeOpen()).toEqual([]);
  bench.clock.at += 1_000;
  expect(await bench.intakes.rejudgeOpen()).toEqual([intake.id]);
  expect(await bench.intakes.rejudgeOpen()).toEqual([]);
  expect(await statuses(bench, intake.id)).toEqual({ [md5('a')]: 'unknown', [md5('b')]: 'malicious' });
  bench.clock.at += 3_600_000;
  // Also where nobody tells: asking for the intake looks.
  expect((await bench.intakes.get(intake.id)).intake.counts).toMatchObject({ malicious: 0, unknown: 2 });
});

test('answers turn stale in an intake that stays open, whatever else was judged meanwhile', async () => {
  const bench = await openBench();
  await know(bench, ['a'], 4, bench.clock.at / 1000 - 29.5 * DAY);
  const intake = await bench.read([`${md5('a')}\n${md5('b')}\n`]);
  await statuses(bench, intake.id);
  bench.clock.at += 43_000_000;
  await know(bench, ['b'], 2, bench.clock.at / 1000);
  expect(await bench.intakes.rejudgeOpen()).toEqual([intake.id]);
  bench.clock.at += 43_600_000;
  expect(await bench.intakes.rejudgeOpen()).toEqual([intake.id]);
  expect((await bench.intakes.get(intake.id)).intake.counts).toMatchObject({ malicious: 1, stale: 1 });
});
