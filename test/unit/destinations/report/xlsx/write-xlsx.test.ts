import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ReportRow } from '#main/destinations/report/port.ts';
import { readManifest } from '#main/destinations/report/manifest.ts';
import { writeXlsx } from '#main/destinations/report/xlsx/write-xlsx.ts';
import {
  type ContentParts,
  MADE_AT,
  answer,
  answered,
  collected,
  digestsOf,
  generatedRows,
  noAnswer,
  reportContent,
  reportRow,
} from '../content.ts';
import { COLUMNS, hostileRows } from '../hostile.ts';
import { heldWhile } from '../memory.ts';
import { type ReadCell, partsOf, sheetsOf } from './workbook-reader.ts';

const nobody = (): void => undefined;
const written = (parts: ContentParts): Promise<Buffer> => collected(writeXlsx(reportContent(parts), nobody));

/** The rows of a table by the names in its first row. */
async function table(parts: ContentParts, name: string): Promise<Record<string, ReadCell>[]> {
  const [head, ...rows] = (await sheetsOf(await written(parts))).get(name)?.rows ?? [];
  return rows.map((row) =>
    Object.fromEntries(Object.entries(row).map(([column, cell]) => [String(head?.[column]?.value), cell])),
  );
}

const values = (row: Record<string, ReadCell> | undefined): Record<string, string | number> =>
  Object.fromEntries(Object.entries(row ?? {}).map(([name, { value }]) => [name, value]));

describe('a workbook', () => {
  test('has its sheets, each table with a head that stays and a filter', async () => {
    const bytes = await written({ rows: [reportRow(1), reportRow(2)] });
    const sheets = await sheetsOf(bytes);
    expect([...sheets.keys()]).toEqual(['Report', 'Rows', 'Sources', 'Inputs', 'Known sets', 'Not read']);
    for (const [name, { xml }] of sheets) {
      expect(xml.includes('state="frozen"') && xml.includes('<autoFilter'), name).toBe(name !== 'Report');
    }
    expect(sheets.get('Rows')?.xml).toMatch(/<autoFilter ref="A1:[A-Z]+3"\/>/);
    expect((await partsOf(bytes)).get('xl/workbook.xml')).toMatch(
      /localSheetId="1" hidden="1">'Rows'!\$A\$1:\$[A-Z]+\$3</,
    );
    expect([...(await partsOf(bytes)).keys()][0]).toBe('[Content_Types].xml');
  });

  test('tells of a row what is known, numbers and times as such', async () => {
    const { md5, sha256 } = digestsOf(1);
    const row = reportRow(1, {
      digests: { md5, sha256 },
      digestLink: 'asserted',
      verdict: answered('malicious', { flags: ['stale'] }),
      occurrences: 3,
      where: [
        { file: 'list.csv', line: 3 },
        { file: 'b.csv', line: 9 },
      ],
      carried: ['C:\\mal.exe', '007'],
      answers: [
        answer({ stale: true }),
        noAnswer('wildfire'),
        answer({ source: 'recorded-future', score: 5 }),
        answer({ source: 'recorded-future', score: 9, matchedBy: 'md5', link: 'asserted' }),
      ],
      sets: [{ set: 0, matchedBy: 'sha256' }],
      listEntries: [{ side: 'malicious', reason: 'case 3' }],
      note: 'seen',
      tags: ['dropper', 'x'],
    });
    const sets = [{ name: 'Filter', edition: '7', mark: 'known' as const, datedAt: MADE_AT, errorRate: 0.001 }];
    const [found] = await table({ head: { columns: ['path', 'Line'], sets }, rows: [row] }, 'Rows');
    expect(values(found)).toMatchObject({
      Verdict: '■ malicious',
      Hash: sha256,
      Kind: 'SHA-256',
      'Age in days': 1,
      Marks: 'stale',
      'Verdict as triaged': '○ unknown',
      MD5: md5,
      'Hashes are tied by': 'the list alone',
      Line: 3,
      Occurrences: 3,
      Places: 'list.csv:3 | b.csv:9 | 1 more',
      Tags: 'dropper, x',
      Note: 'seen',
      'Hash list': 'malicious: case 3',
      'Known sets': 'Filter 7 (known, possibly), by SHA-256',
      VirusTotal: 'malicious (stale)',
      'VirusTotal score': 58,
      WildFire: 'could not be asked',
      'Recorded Future': 'malicious | malicious (by MD5, tied by the list alone)',
      'Recorded Future score': '5 | 9',
      path: 'C:\\mal.exe',
      'Line (2)': '007',
    });
    // 2025-11-12 02:13:20 UTC, as days since 1899-12-30.
    expect(found?.['Answered (UTC)']?.value).toBeCloseTo(45_973.0925926, 6);
  });

  test('marks each status by shape, word and a format of its own', async () => {
    const statuses = ['malicious', 'suspicious', 'non-malicious', 'pending', 'unknown'] as const;
    const rows = await table(
      { rows: statuses.map((status, seed) => reportRow(seed, { verdict: answered(status) })) },
      'Rows',
    );
    expect(rows.map((row) => row['Verdict']?.value)).toEqual([
      '■ malicious',
      '▲ suspicious',
      '● non-malicious',
      '◌ pending',
      '○ unknown',
    ]);
    expect(new Set(rows.map((row) => row['Verdict']?.style)).size).toBe(5);
  });

  test('counts what each source said, and never takes a fault for an answer', async () => {
    const rows = [
      reportRow(1, {
        answers: [answer(), answer({ source: 'wildfire', status: 'unknown', noAnswer: 'could-not-ask' })],
      }),
      reportRow(2, { answers: [answer({ status: 'unknown', noAnswer: 'not-known', stale: true })] }),
    ];
    const totals = await table({ rows }, 'Sources');
    expect(totals.map(values)).toContainEqual({
      Source: 'VirusTotal',
      Malicious: 1,
      Suspicious: 0,
      'Non-malicious': 0,
      Pending: 0,
      'Does not know': 1,
      'Could not be asked': 0,
      'Stale answers': 1,
    });
    expect(values(totals[0])).toMatchObject({ Source: 'WildFire', 'Does not know': 0, 'Could not be asked': 1 });
  });

  test('states who made it of what, what was not read, and its manifest', async () => {
    const parts: ContentParts = {
      head: { simulated: true, problems: ['NSRL could not be read.'] },
      rows: [reportRow(1)],
      troubles: [{ file: 'list.csv', line: 4, column: null, kind: 'rejected', reason: '31 digits', excerpt: '=cmd' }],
    };
    const bytes = await written(parts);
    const facts = Object.fromEntries(
      [...((await sheetsOf(bytes)).get('Report')?.rows ?? [])].map(({ A, B }) => [A?.value, B?.value]),
    );
    expect(facts).toMatchObject({
      'Host 7': undefined,
      Simulated: 'The answers in this report are made up by simulated sources.',
      Examiner: 'J. Doe',
      Case: 'Case 12',
      'Made by': 'Assay 1.2.3',
      'Read by': 'Assay 1.2.0',
      'SHA-256 of the inputs': digestsOf(-1).sha256,
      'Accounting: rejected': 1,
      'No hash of a file: uuid': 2,
      'What the verdicts lack': 'NSRL could not be read.',
    });
    expect((await table(parts, 'Not read')).map(values)).toEqual([
      { Input: 'list.csv', Line: 4, What: 'rejected', Why: '31 digits', Excerpt: '=cmd' },
    ]);
    expect((await table(parts, 'Inputs')).map(values)).toMatchObject([{ Input: 'list.csv', Bytes: 1234, Records: 4 }]);
    expect((await table(parts, 'Rows')).map(values)).toMatchObject([{ Simulated: 'answers are made up' }]);
    expect(readManifest((await partsOf(bytes)).get('assay/manifest.json') ?? '')).toMatchObject({
      title: 'Host 7',
      rows: 1,
    });
  });

  test('says on every sheet, and beside every total, that answers are made up', async () => {
    const rows = [reportRow(1, { answers: [answer()] })];
    const parts: ContentParts = { head: { simulated: true }, rows };
    const sheets = await sheetsOf(await written(parts));
    expect([...sheets.keys()]).toEqual(['Report', 'Rows', 'Sources', 'Inputs', 'Known sets', 'Not read']);
    for (const [name, { xml }] of sheets) {
      expect([name, xml.includes('<oddHeader>&amp;CSimulated sources')]).toEqual([name, true]);
    }
    const totals = await table(parts, 'Sources');
    expect(new Set(totals.map((row) => row['Simulated']?.value))).toEqual(new Set(['answers are made up']));
    const [real] = await table({ rows }, 'Sources');
    expect(Object.keys(real ?? {})).not.toContain('Simulated');
  });

  test('gives back every text, and none as a formula', async () => {
    await fc.assert(
      fc.asyncProperty(hostileRows, async (rows) => {
        const found = await table({ head: { columns: COLUMNS }, rows, batch: 2 }, 'Rows');
        expect(
          found.map((row) => ['name', 'size', COLUMNS[2], 'Note', 'Input'].map((name) => row[name]?.value ?? '')),
        ).toEqual(rows.map(({ carried, note, file }) => [...carried, note, file].map(visible)));
      }),
      { numRuns: 25 },
    );
  });

  test('keeps texts of formulas from becoming any when a cell is edited', async () => {
    const rows = await table(
      {
        head: { columns: ['a', 'b'] },
        rows: ['=1+1', '+1', '-1', '@x', '\t=1', '\r=1'].map((text, seed) =>
          reportRow(seed, { carried: [text, 'plain'] }),
        ),
      },
      'Rows',
    );
    const styles = new Set(rows.map((row) => row['a']?.style));
    expect(styles.size).toBe(1);
    const xml = (await partsOf(await written({}))).get('xl/styles.xml') ?? '';
    const formats = [...(/<cellXfs.*<\/cellXfs>/.exec(xml)?.[0] ?? '').matchAll(/<xf [^>]+>/g)].map(([tag]) => tag);
    expect(formats[[...styles][0] ?? -1]).toMatch(/numFmtId="49".*quotePrefix="1"/);
    expect(formats[rows[0]?.['b']?.style ?? -1]).toMatch(/numFmtId="49"/);
  });

  test('holds no more in a cell than fits once what is not seen is shown by its number', async () => {
    const turned = '\u202e';
    const notes = [`${turned.repeat(5_000)}end`, `${turned.repeat(5_000)}${'a'.repeat(60_000)}`, '😀'.repeat(20_000)];
    const rows = await table({ rows: notes.map((note, seed) => reportRow(seed, { note })) }, 'Rows');
    const shown = rows.map((row) => String(row['Note']?.value));
    expect(shown.map((note) => note.length <= 32_767)).toEqual([true, true, true]);
    expect(shown[0]).toMatch(/^(?:\[U\+202E\])+ … \(cut: 5003 characters\)$/);
    expect(shown[1]).toMatch(/^(?:\[U\+202E\])+ … \(cut: 65000 characters\)$/);
    expect(shown[2]).toMatch(/^(?:😀)+ … \(cut: 40000 characters\)$/u);
    // As much of it as fits.
    expect(shown.map((note) => note.length > 32_767 - 8)).toEqual([true, true, true]);
  });

  test('cuts what no cell can hold, and says so', async () => {
    const [row] = await table(
      { rows: [reportRow(1, { note: '\uffff'.repeat(1_000_000), tags: ['x'.repeat(32_767)] })] },
      'Rows',
    );
    const note = String(row?.['Note']?.value);
    expect(note.length).toBeLessThanOrEqual(32_767);
    expect(note).toMatch(/… \(cut: 1000000 characters\)$/);
    expect(String(row?.['Tags']?.value)).toHaveLength(32_767);
  });

  test('with more columns than a sheet can have says how many are left out', async () => {
    const columns = Array.from({ length: 16_400 }, (_, place) => `c${place}`);
    const sheet = (
      await sheetsOf(await written({ head: { columns }, rows: [reportRow(1, { carried: columns })] }))
    ).get('Rows');
    expect(sheet?.rows[0]?.['XFD']?.value).toMatch(/^\d+ more columns have no room in a sheet$/);
    expect(Object.keys(sheet?.rows[0] ?? {})).toHaveLength(16_384);
  });

  test('goes on in further sheets where one is full', async () => {
    const rows = Array.from({ length: 9 }, (_, seed) => reportRow(seed));
    const bytes = await collected(writeXlsx(reportContent({ rows, batch: 2 }), nobody, 4));
    const sheets = [...(await sheetsOf(bytes))].slice(1, 4);
    expect(sheets.map(([name]) => name)).toEqual(['Rows', 'Rows 2', 'Rows 3']);
    expect(sheets.flatMap(([, sheet]) => sheet.rows.slice(1).map(({ B }) => B?.value))).toEqual(
      rows.map(({ hash }) => hash),
    );
  });

  test('is the same when it is written again', async () => {
    expect(await written({ rows: [reportRow(1)] })).toEqual(await written({ rows: [reportRow(1)] }));
  });

  test('ends with the error of the rows', async () => {
    const content = { ...reportContent({}), rows: failing() };
    await expect(collected(writeXlsx(content, nobody))).rejects.toThrow('The list is damaged.');
  });

  test('left early ends the rows it was reading', async () => {
    let hasEnded = false;
    const endless = async function* (): AsyncGenerator<readonly ReportRow[]> {
      try {
        for (let seed = 0; ; seed += 1) {
          yield await Promise.resolve([reportRow(seed, { note: digestsOf(seed).sha256.repeat(20) })]);
        }
      } finally {
        hasEnded = true;
      }
    };
    let bytes = 0;
    for await (const chunk of writeXlsx({ ...reportContent({}), rows: endless() }, nobody)) {
      bytes += chunk.length;
      if (bytes > 100_000) {
        break;
      }
    }
    await expect.poll(() => hasEnded).toBe(true);
  });

  test('needs no more memory for more rows', async () => {
    const row = reportRow(1, { verdict: answered('malicious'), answers: [answer()], note: 'n' });
    const content = { ...reportContent({}), rows: generatedRows(6000, () => row) };
    const { longest, grown } = await heldWhile(writeXlsx(content, nobody));
    expect(longest).toBeLessThan(4_000_000);
    expect(grown).toBeLessThan(12_000_000);
  });
});

/** A text as a cell shows it. */
function visible(text: string): string {
  return text.toWellFormed().replaceAll(/[\ufffe\uffff\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, (char) => {
    return `[U+${char.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}]`;
  });
}

async function* failing(): AsyncGenerator<readonly ReportRow[]> {
  yield await Promise.resolve([reportRow(1)]);
  throw new Error('The list is damaged.');
}
