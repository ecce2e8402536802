import { describe, expect, it } from 'vitest';
import { intakesWith, NOW, row, run, summary } from './stage.ts';

const carried = row(
  0,
  { carried: ['=cmd()', 'a "quoted", cell'], digests: { sha256: '00'.repeat(32), md5: 'ab'.repeat(16) } },
  {
    status: 'suspicious',
    rule: 'source',
    source: 'virustotal',
    answeredAt: NOW - 90,
    flags: ['conflict'],
  },
);
const rows = [carried, row(1, { carried: ['', ''] }), row(2, { carried: ['', ''] })];
const intake = summary({ columns: ['entry', 'publisher'] });

const format = (name: string, ...more: string[]) =>
  run(['triage', 'x', '--format', name, ...more], { engine: { intakes: intakesWith(rows, intake) } });

describe('rows as data', () => {
  it('writes one JSON object a line, with at least what scripts rely on', async () => {
    const { out, err, code } = await format('jsonl');
    const parsed = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(code).toBe(0);
    expect(parsed).toHaveLength(3);
    expect(parsed[0]).toMatchObject({
      hash: '00'.repeat(32),
      kind: 'sha256',
      verdict: 'suspicious',
      basis: { rule: 'source', source: 'virustotal', ageSeconds: 90 },
      conflict: true,
      where: [{ file: 'list.txt', line: 1 }],
      digests: { sha256: '00'.repeat(32), md5: 'ab'.repeat(16) },
      carried: { entry: '=cmd()', publisher: 'a "quoted", cell' },
    });
    expect(err).toContain('3 rows in = 3 hashes');
  });

  it('writes one JSON document with summary and rows', async () => {
    const { out } = await format('json');
    const document = JSON.parse(out) as Record<string, unknown>;
    expect(document).toMatchObject({
      intake: 7,
      title: 'list.txt',
      createdAt: '2026-11-22T03:59:00Z',
      accounting: { records: 3, balanced: true },
      counts: { malicious: 1 },
      inputs: [{ name: 'list.txt', format: 'list' }],
    });
    expect(document['rows']).toHaveLength(3);
  });

  it('writes a document without rows when none is left', async () => {
    const { out } = await run(['triage', 'x', '--format', 'json'], { engine: { intakes: intakesWith([]) } });
    expect((JSON.parse(out) as Record<string, unknown>)['rows']).toEqual([]);
  });

  it('writes CSV with the carried columns, safe to open in a spreadsheet', async () => {
    const { out } = await format('csv');
    const lines = out.trimEnd().split('\n');
    expect(lines).toHaveLength(4);
    expect(lines[0]).toMatch(/^hash,kind,verdict,.*,entry,publisher$/);
    expect(lines[1]).toContain("'=cmd()");
    expect(lines[1]).toContain('"a ""quoted"", cell"');
  });

  it('shows escape sequences of a list on a terminal, and passes them to a pipe as they are', async () => {
    const named = [row(0, { carried: ['\u001b]0;own\u0007\u202egpj', '\u001b[2J'] })];
    const to = (columns: number | undefined) =>
      run(['triage', 'x', '--format', 'csv'], {
        engine: { intakes: intakesWith(named, intake) },
        ...(columns === undefined ? {} : { columns }),
      });
    expect((await to(undefined)).out).toContain('\u001b]0;own\u0007\u202egpj,\u001b[2J\n');
    expect((await to(200)).out).toContain('\\x1b]0;own\\x07\\u202egpj,\\x1b[2J\n');
  });

  it('asks for every row in the order of the source', async () => {
    const intakes = intakesWith(rows, intake);
    await run(['triage', 'x', '--format', 'csv', '--only', 'unknown'], { engine: { intakes } });
    expect(intakes.calls.at(-1)).toEqual([
      'batches',
      {
        kind: 'query',
        query: { statuses: ['unknown'], flags: [], text: '', sort: 'position', descending: false, asOf: 0 },
      },
    ]);
  });

  it('keeps notes off with --quiet', async () => {
    expect((await format('jsonl', '--quiet')).err).toBe('');
  });
});
