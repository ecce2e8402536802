import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEngine } from '#main/engine.ts';
import { run as runWith, type Ran } from '#test/unit/terminal/stage.ts';
import { bad, good, nobody } from './command-world.ts';

let folder = '';
/** The real command on a real engine, in this process. */
const run = (args: readonly string[], stdin: string | null = null): Promise<Ran> =>
  runWith(args, {
    stdin,
    openEngine: () => createEngine({ directory: join(folder, 'data'), threads: 'inline', shell: 'terminal' }),
  });
const md5 = 'ab'.repeat(16);

describe('assay note', () => {
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'assay-note-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('writes on hashes, and every look-up says so', async () => {
    const wrote = await run(['note', `${bad},${md5}`, '--text', ' first\r\nseen ', '--tag', 'APT29', '--tag', 'a,b']);
    expect([wrote.code, wrote.out, wrote.err]).toEqual([
      0,
      '',
      '1 file written on, 0 unchanged. Undo: assay note undo 1\n',
    ]);
    const looked = await run(['lookup', md5]);
    expect(looked.out).toContain('  tags: a,b, APT29\n  note: first seen\n');
    const [data] = JSON.parse((await run(['lookup', bad, '--json'])).out) as { readonly notes: unknown }[];
    expect(data?.notes).toMatchObject([{ note: 'first\nseen', tags: ['a,b', 'APT29'] }]);
  });

  it('takes hashes or the note from standard input', async () => {
    expect((await run(['note', 'set', '--tag', 'sweep', '-'], `${good}\n"${nobody}";${good}`)).err).toContain(
      '2 files written on',
    );
    expect((await run(['note', '--text', '-', nobody], 'a long\ntext\n')).code).toBe(0);
    const both = await run(['note', '--text', '-', '-'], 'a');
    expect([both.code, both.err]).toEqual([2, expect.stringContaining('Standard input is read once')]);
  });

  it('lists what is written and the tags in use', async () => {
    const csv = await run(['note', 'list', '--tag', 'SWEEP', '--format', 'csv']);
    expect(csv.out.split('\n')[0]).toBe('md5,sha1,sha256,tags,note,changedBy,changedAt');
    expect(csv.out).toContain(`,,${nobody},"[""sweep""]","a long\ntext",`);
    const jsonl = await run(['note', 'list', '--tag', 'SWEEP', '--format', 'jsonl']);
    const listed = jsonl.out.trim().split('\n');
    expect(listed.map((line) => (JSON.parse(line) as { sha256: string }).sha256)).toEqual([good, nobody]);
    const table = await run(['note', 'list', '--rows', '1']);
    expect(table.out).toContain('2 more files of 3: add --rows all');
    expect(JSON.parse((await run(['note', 'list', '--tags', '--format', 'json'])).out)).toEqual([
      { tag: 'sweep', files: 2 },
      { tag: 'a,b', files: 1 },
      { tag: 'APT29', files: 1 },
    ]);
  });

  it('lets a text write nothing to the screen, and no spreadsheet run it', async () => {
    await run(['note', bad, '--text', '=cmd|calc', '--tag', '@x']);
    const csv = await run(['note', 'list', '--tag', '@x', '--format', 'csv']);
    expect(csv.out).toContain(",'=cmd|calc,");
    const refused = await run(['note', bad, '--tag', 'red\u001B[31m']);
    expect([refused.code, refused.err]).toEqual([2, expect.stringContaining('A tag has 1 to 64 characters')]);
    const overridden = await run(['note', bad, '--tag', 'a\u202Eb']);
    expect(overridden.code).toBe(2);
    await run(['note', bad, '--text', 'up\u001B[2Jdate \u202Etxt']);
    expect((await run(['lookup', bad])).out).toContain('  note: up[2Jdate \\u202etxt\n');
  });

  it('takes a step back, and says what it left alone', async () => {
    const cleared = await run(['note', good, nobody, '--clear']);
    const step = /assay note undo (\d+)/.exec(cleared.err)?.[1] ?? '';
    expect((await run(['note', 'list', '--tag', 'sweep', '--format', 'jsonl'])).out).toBe('');
    await run(['note', nobody, '--tag', 'new']);
    const back = await run(['note', 'undo', step]);
    expect([back.code, back.err]).toEqual([
      0,
      expect.stringMatching(/Not taken back, because somebody wrote on it since: 1 file\.\n1 file taken back\./),
    ]);
    const again = await run(['note', 'undo', step]);
    expect([again.code, again.err]).toEqual([1, expect.stringContaining('cannot be taken back')]);
  });

  it('says what is missing and what is too much', async () => {
    expect((await run(['note', bad])).err).toContain('name --text, --tag, --untag or --clear');
    expect((await run(['note', 'nothing', '--tag', 'a'])).err).toContain('"nothing" is not a hash');
    expect((await run(['note', bad, '--text', 'x'.repeat(10_001)])).err).toContain('The note has 10,001 characters');
    expect((await run(['note', bad, '--untag', 'not there'])).err).toContain('Nothing to change.');
  });
});
