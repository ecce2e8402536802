import {
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createEngine } from '#main/engine.ts';
import { run, type Ran, type StageOptions } from '#test/unit/terminal/stage.ts';

const LIST = `${'ab'.repeat(32)}\n`;
let folder = '';
const file = (name: string): string => join(folder, name);
const put = (name: string, text: string): string => {
  writeFileSync(file(name), text);
  return file(name);
};
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'assay-outputs-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const assay = (args: readonly string[], options: StageOptions = {}): Promise<Ran> =>
  run(['--data', file('data'), ...args], {
    openEngine: () => createEngine({ directory: file('data'), threads: 'inline', shell: 'terminal' }),
    ...options,
  });

describe('an output', () => {
  it.each([
    ['the input', () => file('in.csv')],
    ['a link to it', () => (symlinkSync(file('in.csv'), file('link.csv')), file('link.csv'))],
    ['another name of it', () => (linkSync(file('in.csv'), file('other.csv')), file('other.csv'))],
    ['a table whose manifest it is', () => (linkSync(file('in.csv'), file('t.csv.manifest.json')), file('t.csv'))],
  ])('is never %s', async (_, name) => {
    put('in.csv', LIST);
    const path = name();
    for (const option of ['--out', '--report']) {
      const refused = await assay(['triage', '--force', option, path, file('in.csv')]);
      expect([refused.code, refused.err]).toEqual([
        2,
        expect.stringMatching(/ is read by this command .* would be replaced/),
      ]);
    }
    expect(readFileSync(file('in.csv'), 'utf8')).toBe(LIST);
  });

  it('is no file of a folder that is read, of passwords or of hashes that are chosen', async () => {
    mkdirSync(file('tree'));
    const inside = put(join('tree', 'old.csv'), 'old');
    const words = put('words.txt', 'infected\n');
    const cases = [
      ['triage', file('tree'), '--out', inside],
      ['triage', put('in.csv', LIST), '--password-file', words, '--out', words],
      ['report', '1', '--hashes', words, '--out', words],
    ];
    for (const args of cases) {
      const { code, err } = await assay([...args, '--force']);
      expect([args, code, err]).toEqual([args, 2, expect.stringContaining('is read by this command')]);
    }
    expect([readFileSync(inside, 'utf8'), readFileSync(words, 'utf8')]).toEqual(['old', 'infected\n']);
  });

  it('lies outside the data directory', async () => {
    await assay(['triage', put('in.csv', LIST)]);
    symlinkSync(file('data'), file('way'));
    for (const place of ['data', 'way', join('data', 'intakes')]) {
      for (const name of readdirSync(file('data'))
        .filter((each) => each.includes('.sqlite') || each.endsWith('.db'))
        .concat('new.csv')) {
        const { code, err } = await assay(['triage', '--force', '--out', join(file(place), name), file('in.csv')]);
        expect([name, code, err]).toEqual([name, 2, expect.stringContaining('lies in the data directory')]);
      }
    }
    expect((await assay(['intakes', 'list'])).code).toBe(0);
  });

  it('made by another program while rows were read stays, and the rows are kept under another name', async () => {
    const cases = [
      ['out.csv', ['triage', '-', '--format', 'csv', '--out']],
      ['report.csv', ['triage', '-', '--report']],
      ['report.html', ['triage', '-', '--report']],
    ] as const;
    for (const [name, args] of cases) {
      const stdinStream = Readable.from(
        (async function* () {
          yield Buffer.from(LIST);
          put(name, 'theirs');
        })(),
      );
      const { code, err } = await assay([...args, file(name)], { stdinStream });
      const kept = file(name.replace('.', ' (2).'));
      expect([name, code, err]).toEqual([name, 1, expect.stringContaining(`What was written is kept as ${kept}.`)]);
      expect([readFileSync(file(name), 'utf8'), readFileSync(kept, 'utf8').includes('ab'.repeat(32))]).toEqual([
        'theirs',
        true,
      ]);
    }
    const verified = await assay(['report', 'verify', file('report (2).csv')]);
    expect([verified.code, verified.out]).toEqual([0, expect.stringContaining('matches')]);
  });
});

describe('a write that was cut off', () => {
  const OLDER = '.older-1073741823-1';
  const pair = async (): Promise<void> => {
    expect((await assay(['triage', put('in.csv', LIST), '--report', file('r.csv')])).code).toBe(0);
  };
  const aside = (name: string): void => {
    linkSync(file(name), file(`${name}${OLDER}`));
    rmSync(file(name));
  };

  it('is told of by verifying, and put right by the next write', async () => {
    await pair();
    const older = readFileSync(file('r.csv'), 'utf8');
    aside('r.csv.manifest.json');
    const one = await assay(['report', 'verify', file('r.csv')]);
    expect([one.code, one.out]).toEqual([5, expect.stringContaining(file(`r.csv.manifest.json${OLDER}`))]);
    aside('r.csv');
    const none = await assay(['report', 'verify', file('r.csv')]);
    expect([none.code, none.err]).toEqual([1, expect.stringContaining(file(`r.csv${OLDER}`))]);

    const refused = await assay(['triage', file('in.csv'), '--report', file('r.csv')]);
    expect([refused.code, refused.err]).toEqual([1, expect.stringContaining('has its name again')]);
    expect(readFileSync(file('r.csv'), 'utf8')).toBe(older);
    expect((await assay(['report', 'verify', file('r.csv')])).code).toBe(0);
  });

  it('after its table was in place loses neither, and says where the older ones lie', async () => {
    await pair();
    aside('r.csv.manifest.json');
    aside('r.csv');
    put('r.csv', 'new table');
    const verified = await assay(['report', 'verify', file('r.csv')]);
    expect([verified.code, verified.out]).toEqual([5, expect.stringContaining(file(`r.csv${OLDER}`))]);
    const written = await assay(['triage', '--force', file('in.csv'), '--report', file('r.csv')]);
    expect([written.code, written.err]).toEqual([0, expect.stringContaining(file(`r.csv.manifest.json${OLDER}`))]);
    expect(readdirSync(folder).filter((name) => name.includes('.older-'))).toHaveLength(2);
  });
});
