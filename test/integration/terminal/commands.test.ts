import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { assay } from './assay.ts';
import { bad, commandWorld, item, nobody, objects } from './command-world.ts';

const listed = '11'.repeat(32);
const { data, file, put, run, seeded } = commandWorld();

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
