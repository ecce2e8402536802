import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEngine } from '#main/engine.ts';
import { run as runWith, type Ran } from '#test/unit/terminal/stage.ts';
import { bad, nobody, objects } from './command-world.ts';

let folder = '';
/** The real command on a real engine, in this process. */
const run = (args: readonly string[]): Promise<Ran> =>
  runWith(args, {
    openEngine: () => createEngine({ directory: join(folder, 'data'), threads: 'inline', shell: 'terminal' }),
  });
const put = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

describe('rows with notes and tags', () => {
  const note = `=HYPERLINK("x") dropped by ${'cd'.repeat(32)}\nsecond line${' and so on'.repeat(30)}`;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'assay-written-'));
    await run(['note', bad, '--text', note, '--tag', 'APT29', '--tag=-loader']);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const table = `name,sha256,note\na.exe,${bad},carried\nb.exe,${nobody},\n`;

  it('writes them in whole where the list has any, in CSV, JSON Lines and JSON', async () => {
    const csv = await run(['triage', put('list.csv', table), '--format', 'csv']);
    const [header, first = '', , last = ''] = csv.out.split('\n');
    expect(header).toMatch(
      /,occurrences,tags,note,name,sha256 \(2\),note \(2\)$|,occurrences,tags,note,name,note \(2\)$/,
    );
    expect(first).toContain(`,"'-loader, APT29","'=HYPERLINK(""x"") dropped by ${'cd'.repeat(32)}`);
    expect(last).toMatch(new RegExp(`^${nobody},.*,1,,,b\\.exe,`));
    const jsonl = await run(['triage', put('list.csv', table), '--format', 'jsonl']);
    expect(objects(jsonl.out).map((row) => row['assay_note'])).toEqual([
      { tags: ['-loader', 'APT29'], note },
      undefined,
    ]);
    const json = await run(['triage', put('list.csv', table), '--format', 'json']);
    const { rows } = JSON.parse(json.out) as { rows: Record<string, unknown>[] };
    expect(rows[0]?.['assay_note']).toEqual({ tags: ['-loader', 'APT29'], note });
  });

  it('leaves them out of lists nobody wrote on', async () => {
    const csv = await run(['triage', put('list.txt', `${nobody}\n`), '--format', 'csv']);
    expect(csv.out.split('\n')[0]).toMatch(/,line,occurrences(,context)?$/);
    expect((await run(['triage', put('list.txt', `${nobody}\n`), '--format', 'jsonl'])).out).not.toContain(
      'assay_note',
    );
  });

  it.each(['csv', 'jsonl'])('read again as %s, it gives the same hashes and none from a note', async (format) => {
    const { out } = await run(['triage', put('list.csv', table), '--format', format]);
    const again = await run(['triage', put(`out.${format}`, out), '--format', 'jsonl']);
    expect(objects(again.out).map(({ hash }) => hash)).toEqual([bad, nobody]);
  });
});
