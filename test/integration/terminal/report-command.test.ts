import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEngine } from '#main/engine.ts';
import { run as runWith, type Ran } from '#test/unit/terminal/stage.ts';
import { bad, good, lines, nobody, shady } from './command-world.ts';

let folder = '';
let triaged: Ran | null = null;
const file = (name: string): string => join(folder, name);
const put = (name: string, text: string): string => {
  writeFileSync(file(name), text);
  return file(name);
};
/** The real command on a real engine, in this process. */
const run = (args: readonly string[]): Promise<Ran> =>
  runWith(args, {
    openEngine: () => createEngine({ directory: file('data'), threads: 'inline', shell: 'terminal' }),
  });

describe('assay report', () => {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'assay-report-'));
    put(
      'items.jsonl',
      [bad, shady]
        .map((sha256) =>
          JSON.stringify({
            sha256,
            source: 'virustotal',
            status: sha256 === bad ? 'malicious' : 'suspicious',
            scannedAt: '2026-11-01T08:00:00Z',
          }),
        )
        .join('\n'),
    );
    await run(['cache', 'import', file('items.jsonl')]);
    put('list.txt', `${bad}\n${shady}\n${good}\n${nobody}\n`);
    triaged = await run(['triage', file('list.txt'), '--title', 'Case 7', '--report', file('at-once.csv')]);
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('goes with a triage', () => {
    expect(triaged?.err).toContain(`Report written to ${file('at-once.csv')}: 4 rows`);
    expect(existsSync(file('at-once.csv.manifest.json'))).toBe(true);
  });

  it('writes a report of some rows, which verifies until it is changed', async () => {
    const out = file('some.jsonl');
    const wrote = await run([
      'report',
      '1',
      '--only',
      'malicious,suspicious',
      '--examiner',
      ' E. Doe\n',
      '--case',
      '7 ',
      '--title',
      '  ',
      '--out',
      out,
    ]);
    expect(wrote).toMatchObject({ code: 0, out: '' });
    expect(lines(readFileSync(out, 'utf8'))).toHaveLength(4);
    expect(readFileSync(out, 'utf8')).toContain(
      '"statement":{"title":"","examiner":"E. Doe","caseName":"7","note":""}',
    );
    const verified = await run(['report', 'verify', out, file('at-once.csv')]);
    expect(verified.code).toBe(0);
    expect(verified.out).toContain('some.jsonl: matches.');
    expect(verified.out).toMatch(/made .* UTC by Assay [\d.]+, examiner E\. Doe, case 7, 2 rows\./);
    expect(verified.out).toContain('This data directory made a report with that seal at');
    appendFileSync(out, ' ');
    const changed = await run(['report', 'verify', '--json', out, file('list.txt')]);
    expect(changed.code).toBe(5);
    expect(JSON.parse(changed.out)).toMatchObject([
      { file: out, outcome: 'changed', manifest: { caseName: '7', madeAt: expect.stringMatching(/Z$/) } },
      { outcome: 'unsealed', manifest: null },
    ]);
  });

  it('takes the rows of the hashes in a file, and says which are not there', async () => {
    const hashes = put('chosen.txt', `${good}\n${'ab'.repeat(16)}\n`);
    const { code, err } = await run(['report', 'write', '1', '--hashes', hashes, '--out', file('chosen.csv')]);
    expect(code).toBe(0);
    expect(err).toContain(`Not in intake 1, and so not in the report: 1 hash of ${hashes}.`);
    expect(lines(readFileSync(file('chosen.csv'), 'utf8')).slice(1)).toEqual([expect.stringMatching(`^${good},`)]);
  });

  it('lists what was made, newest first', async () => {
    const { out } = await run(['report', 'list', '1', '--format', 'jsonl']);
    const paths = lines(out).map((line) => (JSON.parse(line) as { readonly path: string }).path);
    expect(paths).toEqual([file('chosen.csv'), file('some.jsonl'), file('at-once.csv')]);
    expect((await run(['report', 'list', '99'])).err).toContain('No report of intake 99');
  });

  it.each([
    [['report', '99', '--out', 'x.csv'], 1, 'There is no intake 99'],
    [['report', '1', '--out', '-'], 2, 'A report is a file'],
    [['report', '1', '--title', 'x'.repeat(201), '--out', 'x.csv'], 2, 'at most 200 characters'],
    [['report', '1', '--format', 'docx'], 2, 'Allowed choices are'],
    [['report', '1', '--hashes', 'a', '--only', 'malicious'], 2, 'cannot be used with'],
    [['report', 'verify', 'not-there.csv'], 1, 'there is no such file'],
    [['triage', 'x', '--report', 'findings'], 2, 'Its name ends in one of'],
  ] as const)('%j says what is wrong', async (args, code, sentence) => {
    const ended = await run(args);
    expect([ended.code, ended.out.trim()]).toEqual([code, '']);
    expect(ended.err).toContain(sentence);
    expect(existsSync('/work/x.csv')).toBe(false);
  });
});
