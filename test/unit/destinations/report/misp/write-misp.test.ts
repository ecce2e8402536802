import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readManifest } from '#main/destinations/report/manifest.ts';
import { writeMisp } from '#main/destinations/report/misp/write-misp.ts';
import { SEAL_BLANK } from '#main/destinations/report/seal.ts';
import { readAll } from '../../../formats/collect.ts';
import {
  type ContentParts,
  MADE_AT,
  answer,
  answered,
  collected,
  digestsOf,
  generatedRows,
  reportContent,
  reportHead,
  reportRow,
} from '../content.ts';
import { COLUMNS, hostileRows, readBack } from '../hostile.ts';
import { heldWhile } from '../memory.ts';
import { type MispFile, mispFile } from './specification.ts';

async function written(parts: ContentParts): Promise<MispFile> {
  return mispFile.parse(JSON.parse((await collected(writeMisp(reportContent(parts)))).toString()));
}

describe('a MISP event', () => {
  test('holds a file object for each row, its digests for detection only when they are bad', async () => {
    const { md5, sha1, sha256 } = digestsOf(1);
    const { Event } = await written({
      head: { columns: ['path', 'size'] },
      rows: [
        reportRow(1, {
          digests: { md5, sha1, sha256 },
          digestLink: 'computed',
          verdict: answered('malicious', { flags: ['stale'] }),
          carried: ['C:\\mal.exe', '2048'],
          note: 'seen on host 7',
          tags: ['dropper'],
        }),
        reportRow(2, { verdict: answered('non-malicious') }),
      ],
    });
    expect(Event.Object.map(({ comment }) => comment)).toEqual(['seen on host 7', '']);
    expect(Event.Object[0]?.Attribute.map(({ type, value, to_ids: ids }) => [type, value, ids])).toEqual([
      ['sha256', sha256, true],
      ['sha1', sha1, true],
      ['md5', md5, true],
      ['filename', 'C:\\mal.exe', false],
      ['size-in-bytes', '2048', false],
    ]);
    expect(Event.Object[0]?.Attribute[0]?.Tag?.map(({ name }) => name)).toEqual([
      'assay:verdict="malicious"',
      'assay:flag="stale"',
      'dropper',
    ]);
    expect(Event.Object[1]?.Attribute.map(({ to_ids: ids }) => ids)).toEqual([false]);
  });

  test('tells verdicts, sources, sets and origin in the comment of the strongest digest', async () => {
    const row = reportRow(1, {
      verdict: answered('malicious'),
      answers: [
        answer(),
        answer({ source: 'wildfire', noAnswer: 'could-not-ask', status: 'unknown' }),
        answer({ source: 'recorded-future', noAnswer: 'not-known', status: 'unknown' }),
      ],
      sets: [{ set: 0, matchedBy: 'sha256' }],
      listEntries: [{ side: 'malicious', reason: 'case 3' }],
      carried: ['5f1a2b3c-0000-4000-8000-000000000007', 'tlp:red'],
    });
    const sets = [{ name: 'NSRL', edition: '2025.09.1', mark: 'known' as const, datedAt: MADE_AT, errorRate: null }];
    const { Event } = await written({ head: { sets, columns: ['uuid', 'tags'] }, rows: [row] });
    expect(Event.Object[0]?.Attribute[0]?.comment).toBe(
      'malicious: VirusTotal says malicious, 24 hours ago. When triaged, 2025-11-10T18:56:40Z: unknown. ' +
        'VirusTotal: malicious (score 58, Trojan.Generic, 24 hours ago). WildFire could not be asked. ' +
        'Recorded Future does not know it. NSRL 2025.09.1 (known) holds it. Hash list: malicious, case 3. ' +
        'Read from 5f1a2b3c-0000-4000-8000-000000000007.',
    );
    expect(Event.Tag).toEqual([{ name: 'assay:report' }, { name: 'tlp:red' }]);
  });

  test('holds a name with a line end as a path, because MISP takes none as a file name', async () => {
    const rows = ['a\nb.exe', 'a.exe'].map((name, seed) => reportRow(seed, { carried: [name] }));
    const { Event } = await written({ head: { columns: ['name'] }, rows });
    expect(Event.Object.map(({ Attribute }) => Attribute[1])).toMatchObject([
      { type: 'text', object_relation: 'fullpath', category: 'Other', value: 'a\nb.exe', to_ids: false },
      { type: 'filename', object_relation: 'filename', category: 'Payload delivery', value: 'a.exe' },
    ]);
  });

  test('cuts a tag that MISP could not keep', async () => {
    const { Event } = await written({
      head: { columns: ['tags'] },
      rows: [reportRow(1, { carried: ['t'.repeat(300)] })],
    });
    expect(Event.Object[0]?.Attribute[0]?.Tag?.at(-1)?.name).toBe(`${'t'.repeat(254)}…`);
  });

  test('keeps apart what only the list ties together', async () => {
    const { md5, sha256 } = digestsOf(1);
    const row = reportRow(1, {
      digests: { md5, sha256 },
      digestLink: 'asserted',
      verdict: answered('malicious', { flags: ['asserted'] }),
      answers: [answer({ matchedBy: 'md5', link: 'asserted' })],
    });
    const { Event } = await written({ rows: [row] });
    const [main, tied] = Event.Object;
    expect(Event.Object.map(({ Attribute }) => Attribute.map(({ value, to_ids: ids }) => [value, ids]))).toEqual([
      [[sha256, false]],
      [[md5, true]],
    ]);
    expect(main?.ObjectReference?.map(({ referenced_uuid: id }) => id)).toEqual([tied?.uuid]);
    expect(main?.Attribute[0]?.comment).not.toContain('VirusTotal: ');
    expect(tied?.Attribute[0]?.comment).toContain('VirusTotal: malicious');
  });

  test('states what the report states, for people and for programs', async () => {
    const parts: ContentParts = {
      head: {
        problems: ['NSRL could not be read.'],
        simulated: true,
        intake: { ...reportHead().intake, embargo: true },
      },
      rows: [reportRow(1)],
    };
    const text = (await collected(writeMisp(reportContent(parts)))).toString();
    expect(readManifest(text)).toMatchObject({ title: 'Host 7', rows: 1, simulated: true });
    expect(text.split(SEAL_BLANK)).toHaveLength(2);
    const { Event, assay_report: report } = await written(parts);
    expect(Event).toMatchObject({ info: 'Simulated: Case 12: Host 7', date: '2025-11-13', analysis: '2' });
    expect(Event.Tag).toEqual([{ name: 'assay:report' }, { name: 'assay:simulated' }, { name: 'assay:embargo' }]);
    const [statement] = Event.EventReport;
    for (const line of ['Examiner: J. Doe', 'list.csv: 1234 bytes', 'rejected: 1', 'NSRL could not be read.']) {
      expect(statement?.content).toContain(line);
    }
    expect(report).toMatchObject({ accounting: { rejected: 1 }, selection: 'all rows' });
  });

  test('shows hostile texts in its statement and runs none', async () => {
    const title = '[x](javascript:alert(1))\n# head <img src=x onerror=alert(1)> @[attribute](1)';
    const { Event } = await written({ head: { statement: { title, examiner: '', caseName: '', note: '' } } });
    expect(Event.EventReport[0]?.content.split('\n')[0]).toBe(
      '# \\[x\\]\\(javascript:alert\\(1\\)\\) \\# head &lt;img src=x onerror=alert\\(1\\)\\> \\@\\[attribute\\]\\(1\\)',
    );
  });

  test('read again gives the digests, names and notes of its rows, and nothing else', async () => {
    await fc.assert(
      fc.asyncProperty(hostileRows, async (rows) => {
        const bytes = await collected(writeMisp(reportContent({ head: { columns: COLUMNS }, rows, batch: 2 })));
        mispFile.parse(JSON.parse(bytes.toString()));
        const found = readAll(bytes, { format: 'misp' });
        expect(found.counted).toBe(found.reported);
        expect([...found.rejected, ...found.without, ...found.faults]).toEqual([]);
        expect(found.hashes.map(({ digests, carried }) => [digests, carried[0], carried[5]])).toEqual(
          rows.flatMap(readBack),
        );
      }),
      { numRuns: 150 },
    );
  });

  test('is recognised as one, and the same when it is written again', async () => {
    const bytes = await collected(writeMisp(reportContent({ rows: [reportRow(1)] })));
    expect(readAll(bytes).recognition.format).toBe('misp');
    expect(await collected(writeMisp(reportContent({ rows: [reportRow(1)] })))).toEqual(bytes);
    expect((await written({})).Event.Object).toEqual([]);
  });

  test('needs no more memory for more rows', async () => {
    const row = reportRow(1, { verdict: answered('malicious'), answers: [answer()], note: 'n' });
    const content = { ...reportContent({}), rows: generatedRows(20_000, () => row) };
    const { bytes, longest, grown } = await heldWhile(writeMisp(content));
    expect(bytes).toBeGreaterThan(10_000_000);
    expect(longest).toBeLessThan(4_000_000);
    expect(grown).toBeLessThan(12_000_000);
  });
});
