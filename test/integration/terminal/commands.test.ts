import { chmodSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { assay } from './assay.ts';
import { bad, commandWorld, good, item, nobody, objects } from './command-world.ts';

const listed = '11'.repeat(32);
const { data, file, put, run, seeded } = commandWorld();

describe('hash-list', () => {
  it('adds, decides over everything, undoes', async () => {
    const added = await run(['hash-list', 'add', listed, '--malicious', '--note', 'case 12']);
    expect(added.code).toBe(0);
    const change = /undo (\d+)/.exec(added.err)?.[1] ?? '';
    const triaged = await run(['triage', '-', '--fail-on', 'malicious'], { stdin: listed });
    expect(triaged.code).toBe(3);
    expect(triaged.out).toMatch(/■ malicious .*Hash list/);
    expect((await run(['hash-list', 'undo', change])).code).toBe(0);
    expect((await run(['triage', '-', '--fail-on', 'malicious'], { stdin: listed })).code).toBe(0);
  });

  it('refuses a hash on both sides, and writes nothing', async () => {
    await run(['hash-list', 'add', listed, '--malicious']);
    const other = await run(['hash-list', 'add', listed, nobody, '--non-malicious']);
    expect(other.code).toBe(1);
    expect(other.err).toContain('Nothing was written');
    const { out } = await run(['hash-list', 'list', '--format', 'jsonl']);
    expect(objects(out)).toHaveLength(1);
    expect((await run(['hash-list', 'remove', listed])).code).toBe(0);
    expect((await run(['hash-list', 'remove', listed])).code).toBe(1);
  });

  it('takes hashes from standard input', async () => {
    const added = await run(['hash-list', 'add', '--non-malicious', '-'], { stdin: `a ${listed}\nb ${nobody}\n` });
    expect(added.err).toContain('2 added');
    await run(['hash-list', 'remove', '-'], { stdin: `${listed} ${nobody}` });
    expect((await run(['hash-list', 'list'])).err).toBe('No entries.\n');
  });

  it('imports what it exports, and names conflicts', async () => {
    const csv = put('team.csv', `hash,list,notes\n${listed},malicious,one\n${nobody},whitelist,two\n`);
    const dry = await run(['hash-list', 'import', '--dry-run', csv]);
    expect(dry).toMatchObject({ code: 0 });
    expect(dry.out).toContain('2 to add');
    expect((await run(['hash-list', 'import', csv])).code).toBe(0);
    const exported = await run(['hash-list', 'export']);
    expect(exported.out).toContain(listed);
    const again = await run(['hash-list', 'import', '-'], { stdin: exported.out });
    expect(again).toMatchObject({ code: 0, err: 'Nothing to change.\n' });
    const turned = put('turned.csv', `hash,list\n${listed},non-malicious\n`);
    const refused = await run(['hash-list', 'import', turned]);
    expect(refused.code).toBe(1);
    expect(refused.err).toMatch(/^turned\.csv: Line 2: 1{8}.*malicious/);
    expect((await run(['hash-list', 'import', '--take-file', turned])).code).toBe(0);
    const broken = put('broken.csv', `hash,list\n${listed.slice(2)},malicious\n${good},non-malicious\n`);
    expect((await run(['hash-list', 'import', broken])).code).toBe(1);
    expect((await run(['hash-list', 'import', '--skip-malformed', broken])).code).toBe(0);
    expect((await run(['hash-list', 'import', '--replace', put('empty.csv', 'hash,list\n')])).code).toBe(0);
    expect((await run(['hash-list', 'list'])).err).toBe('No entries.\n');
  });
});

describe('known-sets', () => {
  it('names a set whose file is gone with every answer it is missing from', async () => {
    await run(['known-sets', 'import', put('lost.txt', listed), '--name', 'Lost', '--mark', 'known-good']);
    const stored = join(data(), 'known-sets');
    for (const name of readdirSync(stored)) {
      rmSync(join(stored, name));
    }
    const { code, out, err } = await run(['triage', '-', '--format', 'json'], { stdin: listed });
    expect(code).toBe(0);
    expect(err).toMatch(/^Some answers are missing\. The known set Lost was left out: /m);
    const { intake, problems } = JSON.parse(out) as { intake: number; problems: string[] };
    expect(problems).toHaveLength(1);
    const shown = await run(['intakes', 'show', String(intake)]);
    expect(shown.err).toContain(problems[0]);
    // Taken away, it is missing from nothing.
    expect((await run(['known-sets', 'remove', 'Lost'])).code).toBe(0);
    expect((await run(['intakes', 'show', String(intake)])).err).not.toContain('Some answers are missing');
  });

  it('imports, replaces, lists and removes', async () => {
    const set = put('image.txt', `${nobody}\n${nobody}\n`);
    const argv = ['known-sets', 'import', set, '--name', 'Gold', '--edition', '1', '--mark', 'known-good'];
    const first = await run(argv);
    expect(first).toMatchObject({ code: 0, out: '' });
    expect(first.err).toContain('2 rows in = 1 digests + 1 duplicate');
    expect((await run(argv)).code).toBe(1);
    const answered = await run(['triage', '-', '--format', 'jsonl'], { stdin: nobody });
    expect(objects(answered.out)[0]).toMatchObject({ verdict: 'non-malicious', basis: { rule: 'known-good' } });
    const stdin = `${good}\n`;
    const second = await run(['known-sets', 'import', '-', '--name', 'Gold', '--edition', '2', '--replace'], { stdin });
    expect(second.code).toBe(0);
    const { out } = await run(['known-sets', 'list', '--format', 'json']);
    expect(JSON.parse(out)).toEqual([
      expect.objectContaining({ name: 'Gold', edition: '2', mark: 'known', sha256: 1 }),
    ]);
    expect((await run(['known-sets', 'remove', 'Gold'])).code).toBe(0);
    const gone = await run(['known-sets', 'remove', 'Gold']);
    expect(gone).toMatchObject({
      code: 1,
      err: 'assay: There is no known set "Gold". "assay known-sets list" names them.\n',
    });
  });
});

describe('intakes', () => {
  it('shows an intake again, with verdicts as of now, and removes it', async () => {
    const { out } = await run(['triage', '-', '--title', 'Case 9', '--embargo', '--format', 'json'], { stdin: nobody });
    const { intake } = JSON.parse(out) as { readonly intake: number };
    await run(['hash-list', 'add', nobody, '--malicious']);
    const shown = await run(['intakes', 'show', String(intake), '--format', 'json']);
    expect(JSON.parse(shown.out)).toMatchObject({ title: 'Case 9', embargo: true, counts: { malicious: 1 } });
    await run(['hash-list', 'remove', nobody]);
    expect((await run(['intakes', 'remove', String(intake)])).code).toBe(0);
    const gone = await run(['intakes', 'show', String(intake)]);
    expect(gone.code).toBe(1);
    expect(gone.err).toMatch(/^assay: [^\n]+\n$/);
  });

  it('shows what was rejected', async () => {
    const csv = `SHA256,x\n${bad},1\n${bad.slice(1)},2\n`;
    const { out } = await run(['triage', '-', '--format', 'json', '--quiet'], { stdin: csv });
    const { intake } = JSON.parse(out) as { readonly intake: number };
    const rejected = await run(['intakes', 'show', String(intake), '--rejected']);
    expect(rejected.out).toMatch(/^standard input:3.*rejected.*\n$/);
  });
});

describe('cache', () => {
  it('imports what fits and names the rest', () => {
    expect(seeded()).toMatchObject({ code: 0, out: '' });
    expect(seeded()?.err).toContain('standard input:4: rejected, ');
    expect(seeded()?.err).toContain('4 lines in = 3 imported + 0 updated + 0 unchanged + 1 rejected.');
  });

  it('exports what it imported', async () => {
    const { code, out } = await run(['cache', 'export']);
    expect(code).toBe(0);
    expect(objects(out)).toHaveLength(3);
    const again = await run(['cache', 'import', '-', '--strict'], { stdin: out });
    expect(again).toMatchObject({ code: 0 });
    expect(again.err).toContain('3 unchanged');
  });

  it('says how much there is and that it is sound', async () => {
    const { out } = await run(['cache', 'stats', '--format', 'json']);
    expect(JSON.parse(out)).toMatchObject({ directory: data(), items: 3 });
    expect(await run(['cache', 'verify'])).toMatchObject({ code: 0 });
  });

  it('backs up and restores', async () => {
    const target = file('backup');
    expect((await run(['cache', 'backup', target])).code).toBe(0);
    expect((await run(['cache', 'backup', target])).code).toBe(1);
    await run(['cache', 'import', '-'], { stdin: `${item(nobody, 'malicious')}\n` });
    const restored = await run(['cache', 'restore', target]);
    expect(restored).toMatchObject({ code: 0, out: '' });
    const { out } = await run(['cache', 'stats', '--format', 'json']);
    expect(JSON.parse(out)).toMatchObject({ items: 3 });
    expect((await run(['cache', 'restore', file('no-backup')])).code).toBe(1);
  });

  it('is exit 1 for a file that is not there, or holds nothing usable', async () => {
    expect((await run(['cache', 'import', file('none.jsonl')])).code).toBe(1);
    expect((await run(['cache', 'import', '-'], { stdin: 'not json\n' })).code).toBe(1);
    expect((await run(['cache', 'import', '-', '--strict'], { stdin: `x\n${item(bad, 'malicious')}\n` })).code).toBe(4);
  });
});

describe('settings', () => {
  it('are read, changed, and refused when they make no sense', async () => {
    expect((await run(['settings', 'get', 'staleAfterDays'])).out).toBe('30\n');
    expect((await run(['settings', 'set', 'staleAfterDays', '7'])).code).toBe(0);
    expect((await run(['settings', 'set', 'analyst', 'ana'])).code).toBe(0);
    expect((await run(['settings', 'get'])).out).toContain('staleAfterDays=7\nvirustotalThreshold.malicious=null\n');
    expect((await run(['settings', 'set', 'staleAfterDays', '0'])).code).toBe(2);
    await run(['hash-list', 'add', listed, '--malicious']);
    expect((await run(['hash-list', 'list', '--format', 'json'])).out).toContain('"addedBy": "ana"');
    await run(['hash-list', 'remove', listed]);
    await run(['settings', 'set', 'staleAfterDays', '30']);
  });
});

describe('a data directory that cannot be used', () => {
  it.skipIf(process.platform === 'win32' || process.getuid?.() === 0)(
    'is one sentence and exit 1 (needs a user other than root)',
    async () => {
      const closed = file('closed');
      mkdirSync(closed);
      chmodSync(closed, 0o500);
      const { code, out, err } = await assay(['--data', join(closed, 'data'), 'intakes', 'list']);
      chmodSync(closed, 0o700);
      expect({ code, out }).toEqual({ code: 1, out: '' });
      expect(err).toMatch(/^assay: [^\n]+\n$/);
    },
  );

  it('is one sentence when it is a file', async () => {
    const { code, err } = await assay(['--data', put('a-file', 'x'), 'intakes', 'list']);
    expect(code).toBe(1);
    expect(err).toMatch(/^assay: [^\n]+\n$/);
  });
});
