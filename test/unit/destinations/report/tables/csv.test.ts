import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { writeCsv } from '#main/destinations/report/csv/write-csv.ts';
import type { ReportRow, ReportSet } from '#main/destinations/report/port.ts';
import { programFolder } from '#main/platform/resources.ts';
import { unpackCsv } from '#test/integration/report/csv-cells.ts';
import { answer, answered, collected, MADE_AT, noAnswer, reportContent, reportRow } from '../content.ts';
import { COLUMNS, hostileRows } from '../hostile.ts';

const NSRL: ReportSet = { name: 'NSRL', edition: '2026.03', mark: 'known', datedAt: null, errorRate: null };
const MAYBE: ReportSet = { name: 'maybe', edition: '', mark: 'known', datedAt: null, errorRate: 0.00123 };

async function cellsOf(rows: readonly ReportRow[], head = {}): Promise<Record<string, string>[]> {
  const [names = [], ...lines] = unpackCsv((await collected(writeCsv(reportContent({ rows, head })))).toString('utf8'));
  return lines.map((cells) => Object.fromEntries(names.map((name, place) => [name, cells[place] ?? 'no such cell'])));
}

describe('a report as CSV', () => {
  it('has a column for everything a row says', async () => {
    const row = reportRow(1, {
      verdict: answered('malicious'),
      triaged: answered('suspicious', { answeredAt: MADE_AT - 172_800 }),
      digestLink: 'asserted',
      answers: [
        answer(),
        noAnswer('wildfire'),
        answer({
          source: 'virustotal',
          status: 'non-malicious',
          score: 0,
          threat: null,
          stale: true,
          link: 'asserted',
        }),
      ],
      sets: [
        { set: 0, matchedBy: 'sha256' },
        { set: 1, matchedBy: 'md5' },
      ],
      listEntries: [
        { side: 'malicious', reason: 'incident 7' },
        { side: 'non-malicious', reason: '' },
      ],
      note: 'seen on host12,\nagain on host13',
      tags: ['APT', 'case 7'],
    });
    const [cells] = await cellsOf([row], { sets: [NSRL, MAYBE] });
    expect(cells).toMatchObject({
      verdict: 'malicious',
      triagedVerdict: 'suspicious',
      triagedRule: 'source',
      triagedSource: 'virustotal',
      triagedAnsweredAt: '2025-11-11T02:13:20Z',
      digestLink: 'asserted',
      virustotal: 'malicious | non-malicious (stale, asserted by the list)',
      virustotalScore: '58 | 0',
      virustotalThreat: 'Trojan.Generic | ',
      virustotalAnsweredAt: '2025-11-12T02:13:20Z | 2025-11-12T02:13:20Z',
      wildfire: 'could not ask',
      wildfireScore: '',
      'recorded-future': '',
      knownSets: 'NSRL 2026.03 (known), by sha256 | maybe (known, possible, wrong in 0.12 %), by md5',
      hashList: 'malicious: incident 7 | non-malicious',
      tags: 'APT, case 7',
      note: 'seen on host12,\nagain on host13',
    });
  });

  it('numbers carried columns that are called as its own', async () => {
    const rows = [reportRow(1, { carried: ['theirs', 'x'], tags: ['ours'] })];
    const [cells] = await cellsOf(rows, { columns: ['tags', 'virustotal'], simulated: true });
    expect(cells).toMatchObject({
      tags: 'ours',
      'tags (2)': 'theirs',
      virustotal: '',
      'virustotal (2)': 'x',
      simulated: 'true',
    });
  });

  it('has as many cells in every row, and none that runs, whatever the values', async () => {
    await fc.assert(
      fc.asyncProperty(hostileRows, async (rows) => {
        const text = (
          await collected(writeCsv(reportContent({ rows, head: { columns: COLUMNS, sets: [NSRL, MAYBE] } })))
        ).toString('utf8');
        const lines = unpackCsv(text);
        expect(lines).toHaveLength(rows.length + 1);
        expect(new Set(lines.map((cells) => cells.length)).size).toBe(1);
        expect(lines.flat().filter((cell) => /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/.test(cell))).toEqual([]);
      }),
    );
  });

  it.each(['=', '+', '-', '@', '\t', '\r', '\n', '\uff1d', '\uff0b', '\uff0d', '\uff20'])(
    'runs nothing that begins with %j, in a cell or in the name of a column',
    async (begin) => {
      const text = `${begin}cmd|'/c calc'!A0`;
      const [cells] = await cellsOf([reportRow(1, { carried: [text], note: text, tags: [text] })], { columns: [text] });
      expect([cells?.[`'${text}`], cells?.['note'], cells?.['tags']]).toEqual(Array(3).fill(`'${text}`));
    },
  );

  it.each([';', '\t', '\n', '\r\n'])(
    'begins no formula behind %j either, where spreadsheets of other countries end a cell whatever the quotes say',
    async (end) => {
      const text = `x${end}=1+1${end} "-cmd|'/c calc'!A0${end}'@y${end}'kept${end}\uff1d1`;
      const row = reportRow(1, { carried: [text], note: `${text}, more`, tags: [text] });
      const written = (await collected(writeCsv(reportContent({ rows: [row], head: { columns: [text] } })))).toString(
        'utf8',
      );
      const begins = written.split(/[;\t\r\n]/).filter((cell) => /^[" ]*[=+\-@\uff1d]/.test(cell));
      expect(begins).toEqual([]);
      const [cells] = await cellsOf([row], { columns: [text] });
      expect(cells?.['note']).toBe(`x${end}'=1+1${end} "'-cmd|'/c calc'!A0${end}''@y${end}'kept${end}'\uff1d1, more`);
    },
  );

  it('quotes cells with a semicolon or a tab, at which spreadsheets may split others', async () => {
    const row = reportRow(1, { carried: ['a;b'], note: 'c\td', tags: [] });
    const written = (await collected(writeCsv(reportContent({ rows: [row], head: { columns: ['name'] } })))).toString();
    expect(written).toMatch(/,"c\td","a;b"\n$/);
  });

  it('has the columns the README names', async () => {
    const [header] = (await collected(writeCsv(reportContent({ rows: [] })))).toString('utf8').split('\n');
    const readme = readFileSync(join(programFolder(), 'README.md'), 'utf8');
    const table = /<!-- report-columns -->([\s\S]*?)<!-- \/report-columns -->/.exec(readme)?.[1] ?? '';
    const named = [...table.matchAll(/^\| (`[^|]*)\|/gm)].flatMap(([, cell = '']) =>
      [...cell.matchAll(/`(\w+)`/g)].map(([, name]) => name),
    );
    const own = header?.split(',') ?? [];
    expect(named.filter((name) => !own.includes(name ?? ''))).toEqual([]);
    const isOfOtherSource = (name: string): boolean => /^(?:recorded-future|reversinglabs|virustotal)/.test(name);
    const added = own.slice(own.indexOf('occurrences') + 1).filter((name) => !isOfOtherSource(name));
    expect(added.filter((name) => !named.includes(name))).toEqual([]);
  });
});
