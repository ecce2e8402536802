import { readFileSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sheetsOf } from '#test/unit/destinations/report/xlsx/workbook-reader.ts';
import { mispFile } from '#test/unit/destinations/report/misp/specification.ts';
import { stixBundle } from '#test/unit/destinations/report/stix/specification.ts';
import { digests, hex, linesOf, never, startWorld, type ReportWorld } from './report-world.ts';
import { EVERY_ROW } from '../../every-row.ts';

let world: ReportWorld;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.dispose());

const FORMATS = ['xlsx', 'stix', 'misp'] as const;
const LIST = `name,sha256,md5\na.exe,${hex('sha256', 'a')},${digests('a').md5}\nb.exe,,${digests('b').md5}\nc.exe,none,\n`;

const hashesOf = async (intakeId: number): Promise<string[]> => {
  const { rows } = await world.engine.intakes.rows(intakeId, EVERY_ROW, { offset: 0, limit: 100 });
  return rows.map(({ hash }) => hash).toSorted();
};

describe.each(FORMATS)('a report as %s', (format) => {
  it('matches as it was made, is known here, and no longer matches once changed', async () => {
    const intake = await world.read('list.csv', LIST);
    const { path, seal } = await world.write(intake.id, format);
    expect(await world.engine.reports.verify(path, () => undefined, never)).toMatchObject({
      outcome: 'matches',
      carried: seal,
      manifest: { format, rows: 2 },
      madeHereAt: expect.any(Number),
    });
    const bytes = readFileSync(path);
    const middle = Math.floor(bytes.length / 2);
    bytes.writeUInt8(bytes.readUInt8(middle) ^ 1, middle);
    writeFileSync(path, bytes);
    expect(await world.engine.reports.verify(path, () => undefined, never)).toMatchObject({
      outcome: 'changed',
      carried: seal,
    });
  });
});

describe.each(['stix', 'misp'] as const)('a report as %s', (format) => {
  it('dropped again is the list of its hashes, and of nothing else it states', async () => {
    const intake = await world.read('list.csv', LIST);
    const { path } = await world.write(intake.id, format, {
      statement: {
        title: hex('md5', 'title'),
        examiner: hex('sha1', 'examiner'),
        caseName: hex('sha256', 'case').toUpperCase(),
        note: `as ${hex('sha256', 'parent')}, see ${hex('md5', 'other')}`,
      },
    });
    const again = await world.read('again.json', readFileSync(path, 'utf8'));
    expect(again.accounting).toMatchObject({ balanced: true, rejected: 0 });
    expect(await hashesOf(again.id)).toEqual([hex('sha256', 'a'), digests('a').md5, digests('b').md5].toSorted());
  });
});

it('dropped again as a workbook gives the hashes of its rows alone', async () => {
  const intake = await world.read('list.csv', LIST);
  const { path } = await world.write(intake.id, 'xlsx', {
    statement: { title: hex('md5', 'title'), examiner: '', caseName: '', note: hex('sha1', 'note') },
  });
  const { finished } = await world.engine.intakes.start(
    { door: 'terminal', inputs: [{ kind: 'path', path }], reading: { as: 'auto' } },
    () => undefined,
    never,
  );
  const again = await finished;
  expect(again.accounting).toMatchObject({ hashes: 2, rejected: 0, balanced: true });
  expect(await hashesOf(again.id)).toEqual(await hashesOf(intake.id));
});

it('holds what sources said, in each form', async () => {
  const sha256 = hex('sha256', 'a');
  await world.items({
    sha256,
    source: 'virustotal',
    status: 'malicious',
    threat: 'Emotet',
    scannedAt: '2025-11-13T02:13:20Z',
  });
  const intake = await world.read('list.csv', `${sha256}\n`);
  const [xlsx, stix, misp] = await Promise.all(
    FORMATS.map(async (format) => (await world.write(intake.id, format)).path),
  );
  const { rows } = (await sheetsOf(readFileSync(xlsx ?? ''))).get('Rows') ?? { rows: [] };
  expect(Object.values(rows[1] ?? {}).map(({ value }) => value)).toEqual(
    expect.arrayContaining(['■ malicious', sha256, 'Emotet']),
  );
  const { objects } = stixBundle.parse(JSON.parse(readFileSync(stix ?? '', 'utf8')));
  expect(objects.filter(({ type }) => type === 'indicator')).toMatchObject([
    { pattern: `[file:hashes.'SHA-256' = '${sha256}']` },
  ]);
  expect(objects).toContainEqual(expect.objectContaining({ product: 'virustotal', result_name: 'Emotet' }));
  const { Event } = mispFile.parse(JSON.parse(readFileSync(misp ?? '', 'utf8')));
  expect(Event.Object[0]?.Attribute[0]).toMatchObject({ value: sha256, to_ids: true });
  expect(Event.Object[0]?.Attribute[0]?.comment).toContain('VirusTotal: malicious (Emotet');
});

it('blames no digest for a set that holds another one, and says what only the list ties', async () => {
  const file = digests('real');
  const claimed = digests('claimed');
  const [bad, worse] = [world.path('bad.set'), world.path('worse.set')];
  writeFileSync(bad, `${file.md5}\n`);
  writeFileSync(worse, `${claimed.sha1}\n`);
  const kind = { edition: '1', datedAt: null, mark: 'known-bad', replace: false } as const;
  await world.engine.knownSets.import(bad, { ...kind, name: 'bad' }, () => undefined, never);
  await world.items({ ...file, source: 'virustotal', status: 'non-malicious', scannedAt: '2025-11-13T02:13:20Z' });
  const intake = await world.read('list.csv', `sha256,sha1,md5\n${file.sha256},${claimed.sha1},${claimed.md5}\n`);
  const patterns = async (): Promise<string[]> => {
    const { objects } = stixBundle.parse(JSON.parse(readFileSync((await world.write(intake.id, 'stix')).path, 'utf8')));
    return objects.flatMap((object) => (object.type === 'indicator' ? [object['pattern']] : []));
  };
  expect((await patterns()).join(' ')).not.toContain(claimed.md5);
  await world.engine.knownSets.import(worse, { ...kind, name: 'worse' }, () => undefined, never);
  expect((await patterns()).join(' ')).toContain(claimed.sha1);
  const { rows } = linesOf((await world.write(intake.id, 'jsonl')).path);
  expect(rows[0]?.assay_report.knownSets).toEqual([
    { name: 'bad', edition: '1', mark: 'known-bad', matchedBy: 'md5' },
    { name: 'worse', edition: '1', mark: 'known-bad', matchedBy: 'sha1', link: 'asserted' },
  ]);
  for (const [format, words] of Object.entries({
    csv: 'worse 1 (known-bad), by sha1 (asserted by the list)',
    html: 'by SHA-1, which the list alone ties to this row',
  })) {
    expect(readFileSync((await world.write(intake.id, format as 'csv')).path, 'utf8')).toContain(words);
  }
});
