import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ended, startAssay } from './assay.ts';
import { bad, commandWorld, good, lines, nobody, objects, shady } from './command-world.ts';

const { data, file, put, run } = commandWorld();

describe('triage', () => {
  const list = [bad, shady, good, nobody, bad, '# a comment', 'not a hash'].join('\n');

  it('answers a list as a table, worst first, every row accounted for', async () => {
    const { code, out } = await run(['triage', put('list.txt', list)]);
    expect(code).toBe(0);
    expect(out).toContain('6 records = 4 hashes + 1 duplicate + 1 without a hash + 0 rejected');
    expect(out).toContain('■ 1 malicious  ▲ 1 suspicious  ● 1 non-malicious  ◌ 0 pending  ○ 1 unknown');
    const rows = lines(out).filter((line) => /^[■▲●○◌≠] .*[0-9a-f]{64}/.test(line));
    expect(rows.map((row) => /[0-9a-f]{64}/.exec(row)?.[0])).toEqual([bad, shady, good, nobody]);
    expect(rows[0]).toMatch(/^■ malicious +(ba){32} +VirusTotal +\d+ \w+ .*list\.txt:1 and 1 more$/);
  });

  it.each(['jsonl', 'csv', 'json'])('writes %s, data apart from messages', async (format) => {
    const { code, out, err } = await run(['triage', put('list.txt', list), '--format', format]);
    expect(code).toBe(0);
    expect(err).toContain('6 records = 4 hashes');
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

  it('replaces no file unless --force is said, and says so before it reads', async () => {
    put('there.csv', 'what stood there');
    put('lone.csv.manifest.json', 'a manifest');
    mkdirSync(file('folder.csv'));
    const of = (...args: string[]) => run(['triage', put('list.txt', list), ...args]);
    for (const option of ['--out', '--report']) {
      const refused = await of(option, file('there.csv'));
      expect([refused.code, refused.err]).toEqual([
        1,
        `assay: ${file('there.csv')} is there already. Choose another name, or add --force to replace it.\n`,
      ]);
      expect((await of(option, file('lone.csv'))).err).toContain('lone.csv.manifest.json is there already');
      expect((await of('--force', option, file('folder.csv'))).err).toContain('(it is no file)');
    }
    expect(readFileSync(file('there.csv'), 'utf8')).toBe('what stood there');
    for (const out of ['both.csv', 'both.csv.manifest.json']) {
      const both = await of('--format', 'csv', '--out', file(out), '--report', file('both.csv'));
      expect([both.code, both.err]).toEqual([2, expect.stringContaining(`would both write ${file(out)}`)]);
    }
    expect((await of('--force', '--format', 'csv', '--out', file('there.csv'))).code).toBe(0);
    expect(lines(readFileSync(file('there.csv'), 'utf8'))).toHaveLength(5);
    expect((await of('--force', '--report', file('lone.csv'))).code).toBe(0);
    expect(readFileSync(file('lone.csv.manifest.json'), 'utf8')).toContain('assay_manifest');
  });

  it('writes --out whole or not at all', async () => {
    const path = file('answer.csv');
    const ok = await run(['triage', put('list.txt', list), '--format', 'csv', '--out', path]);
    expect({ code: ok.code, out: ok.out }).toEqual({ code: 0, out: '' });
    expect(lines(readFileSync(path, 'utf8'))).toHaveLength(5);
    const nowhere = await run(['triage', put('list.txt', list), '--out', file(join('none', 'x.csv'))]);
    expect(nowhere.code).toBe(1);
    expect(nowhere.err).toMatch(/could not be written/);
    expect(readdirSync(file('.')).filter((name) => name.includes('.part'))).toEqual([]);
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
    writeFileSync(file(join('dropped', 'a.bin')), 'abc');
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
    const child = startAssay(['--data', data(), '--quiet', 'triage', put('many.txt', many), '--format', 'jsonl']);
    child.stdin.end();
    const end = ended(child);
    child.stdout.once('data', () => child.stdout.destroy());
    expect(await end).toMatchObject({ code: 0, signal: null, err: '' });
  });

  it.skipIf(process.platform === 'win32')('keeps what was read on Ctrl-C and says so', async () => {
    const child = startAssay(['--data', data(), 'triage', '-']);
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
