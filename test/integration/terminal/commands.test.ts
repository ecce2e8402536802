import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assay, ended, startAssay, type Ended, type RunOptions } from './assay.ts';

const bad = 'ba'.repeat(32);
const shady = '5d'.repeat(32);
const good = '90'.repeat(32);
const listed = '11'.repeat(32);
const nobody = 'ff'.repeat(32);
const item = (sha256: string, status: string): string =>
  JSON.stringify({ sha256, source: 'virustotal', status, scannedAt: '2026-11-01T08:00:00Z' });

let folder = '';
let data = '';
let seeded: Ended;
const file = (name: string): string => join(folder, name);
const put = (name: string, text: string | Uint8Array): string => {
  writeFileSync(file(name), text);
  return file(name);
};
const run = (args: readonly string[], options: RunOptions = {}) => assay(['--data', data, ...args], options);
const lines = (text: string): string[] => text.split('\n').filter((line) => line !== '');
const objects = (text: string): Record<string, unknown>[] =>
  lines(text).map((line) => JSON.parse(line) as Record<string, unknown>);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assay-terminal-'));
  data = join(folder, 'data');
  const items = [item(bad, 'malicious'), item(shady, 'suspicious'), item(good, 'non-malicious')].join('\n');
  seeded = await run(['cache', 'import', '-'], { stdin: `${items}\n{"sha256":"short"}\n` });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('triage', () => {
  const list = [bad, shady, good, nobody, bad, '# a comment', 'not a hash'].join('\n');

  it('answers a list as a table, worst first, every row accounted for', async () => {
    const { code, out } = await run(['triage', put('list.txt', list)]);
    expect(code).toBe(0);
    expect(out).toContain('6 rows in = 4 hashes + 1 duplicate + 1 without a hash + 0 rejected');
    expect(out).toContain('■ 1 malicious  ▲ 1 suspicious  ● 1 non-malicious  ◌ 0 pending  ○ 1 unknown');
    const rows = lines(out).filter((line) => /^[■▲●○◌≠] .*[0-9a-f]{64}/.test(line));
    expect(rows.map((row) => /[0-9a-f]{64}/.exec(row)?.[0])).toEqual([bad, shady, good, nobody]);
    expect(rows[0]).toMatch(/^■ malicious +(ba){32} +VirusTotal +\d+ \w+ .*list\.txt:1 and 1 more$/);
  });

  it.each(['jsonl', 'csv', 'json'])('writes %s, data apart from messages', async (format) => {
    const { code, out, err } = await run(['triage', put('list.txt', list), '--format', format]);
    expect(code).toBe(0);
    expect(err).toContain('6 rows in = 4 hashes');
    expect(out).not.toContain('rows in');
    expect(out).toContain(nobody);
  });

  it('reads standard input, and JSON Lines hold what scripts rely on', async () => {
    const { code, out } = await run(['triage', '-', '--format', 'jsonl', '--only', 'malicious'], { stdin: list });
    expect(code).toBe(0);
    expect(objects(out)).toEqual([
      expect.objectContaining({
        hash: bad,
        kind: 'sha256',
        verdict: 'malicious',
        basis: expect.objectContaining({ rule: 'source', source: 'virustotal', ageSeconds: expect.any(Number) }),
        conflict: false,
        where: [
          { file: 'standard input', line: 1 },
          { file: 'standard input', line: 5 },
        ],
        digests: { sha256: bad },
        carried: expect.any(Object),
      }),
    ]);
  });

  it('carries the columns of a CSV', async () => {
    const csv = put('hosts.csv', `host,SHA256\nsrv1,${bad}\nsrv2,${good}\n`);
    const { out } = await run(['triage', csv, '--format', 'jsonl']);
    expect(objects(out).map((row) => row['carried'])).toEqual([{ host: 'srv1' }, { host: 'srv2' }]);
  });

  it('writes --out whole or not at all', async () => {
    const path = file('answer.csv');
    const ok = await run(['triage', put('list.txt', list), '--format', 'csv', '--out', path]);
    expect({ code: ok.code, out: ok.out }).toEqual({ code: 0, out: '' });
    expect(lines(readFileSync(path, 'utf8'))).toHaveLength(5);
    const nowhere = await run(['triage', put('list.txt', list), '--out', join(folder, 'none', 'x.csv')]);
    expect(nowhere.code).toBe(1);
    expect(nowhere.err).toMatch(/could not be written/);
    expect(readdirSync(folder).filter((name) => name.includes('.part'))).toEqual([]);
  });

  it.each([
    [['--fail-on', 'malicious'], 3],
    [['--fail-on', 'suspicious'], 3],
    [['--only', 'unknown', '--fail-on', 'malicious'], 3],
    [[], 0],
  ] as const)('ends %j with %i', async (argv, code) => {
    expect((await run(['triage', put('list.txt', list), ...argv])).code).toBe(code);
  });

  it('says what was rejected and goes on; --strict makes it 4', async () => {
    const csv = put('cut.csv', `SHA256,x\n${bad},1\n${bad.slice(1)},2\n${good},3\n`);
    const lenient = await run(['triage', csv, '--format', 'jsonl']);
    expect(lenient.code).toBe(0);
    expect(objects(lenient.out)).toHaveLength(2);
    expect(lenient.err).toMatch(/cut\.csv:3.*rejected/);
    expect((await run(['triage', csv, '--strict'])).code).toBe(4);
    expect((await run(['triage', put('clean.txt', `${bad}\n`), '--strict'])).code).toBe(0);
  });

  it('names what cannot be read and answers the rest; --strict makes it 4', async () => {
    const paths = [put('list.txt', list), file('none.txt')];
    const lenient = await run(['triage', ...paths]);
    expect(lenient.code).toBe(0);
    expect(lenient.err).toContain('none.txt');
    expect((await run(['triage', ...paths, '--strict'])).code).toBe(4);
  });

  it('is exit 1 when nothing can be read, in one line', async () => {
    const { code, out, err } = await run(['triage', file('none.txt')]);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain('none.txt');
    expect(err).not.toMatch(/\n\s+at /);
  });

  it('hashes a file that is no list, and the files of a folder', async () => {
    mkdirSync(file('dropped'), { recursive: true });
    writeFileSync(join(folder, 'dropped', 'a.bin'), 'abc');
    const { code, out } = await run(['triage', file('dropped'), '--format', 'jsonl']);
    expect(code).toBe(0);
    expect(objects(out)[0]).toMatchObject({
      digests: {
        md5: '900150983cd24fb0d6963f7d28e17f72',
        sha1: 'a9993e364706816aba3e25717850c26c9cd0d89d',
        sha256: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
      },
    });
  });

  it('ends quietly when the reader goes away', async () => {
    const many = Array.from({ length: 30_000 }, (_, index) => index.toString(16).padStart(64, '0')).join('\n');
    const child = startAssay(['--data', data, '--quiet', 'triage', put('many.txt', many), '--format', 'jsonl']);
    child.stdin.end();
    const end = ended(child);
    child.stdout.once('data', () => child.stdout.destroy());
    expect(await end).toMatchObject({ code: 0, signal: null, err: '' });
  });

  it.skipIf(process.platform === 'win32')('keeps what was read on Ctrl-C and says so', async () => {
    const child = startAssay(['--data', data, 'triage', '-']);
    const end = ended(child);
    const hashes = Array.from({ length: 20_000 }, (_, index) => index.toString(16).padStart(64, 'a'));
    // Called back when all but what fits a pipe was taken. Standard input stays open: the command waits for more.
    await new Promise((resolve) => child.stdin.write(`${hashes.join('\n')}\n`, resolve));
    child.kill('SIGINT');
    const { code, out, err } = await end;
    expect({ code, out }).toEqual({ code: 130, out: '' });
    expect(err).toMatch(/Cancelled\. [\d,]+ rows read so far: [\d,]+ hashes kept and answered as intake \d+\./);
    const shown = await run(['intakes', 'list', '--format', 'jsonl']);
    expect(objects(shown.out)[0]).toMatchObject({ state: 'cancelled' });
  });
});

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
    const stored = join(data, 'known-sets');
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
    expect(seeded).toMatchObject({ code: 0, out: '' });
    expect(seeded.err).toContain('standard input:4: rejected, ');
    expect(seeded.err).toContain('4 lines in = 3 imported + 0 updated + 0 unchanged + 1 rejected.');
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
    expect(JSON.parse(out)).toMatchObject({ directory: data, items: 3 });
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
