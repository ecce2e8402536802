import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { appendFileSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { buildSet, type BuiltSet } from '#main/services/known-sets/build-set.ts';
import type { Begun } from '#main/services/known-sets/list-work.ts';

const child = fileURLToPath(new URL('./list-child.ts', import.meta.url));
let directory: string;
let sets: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'assay-resume-'));
  sets = await mkdtemp(join(directory, 'sets-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

/** Digests that repeat now and then. */
const hex = (kind: 'md5' | 'sha1' | 'sha256', n: number): string =>
  createHash(kind)
    .update(`r${n % 30_000}`)
    .digest('hex');
const lines = (count: number, of: (n: number) => string): string =>
  Array.from({ length: count }, (_, n) => `${of(n)}\n`).join('');
const plain = (count = 33_000): string =>
  lines(count, (n) => (n % 5000 === 7 ? `no hash ${n}` : `${hex('sha256', n)} in a note ${n} of a long list`));

const FORMS: Readonly<Record<string, () => string | Uint8Array>> = {
  'one hash a line': plain,
  'one hash a line, gzip': () => gzipSync(plain(), { level: 0 }),
  'one hash a line, UTF-16': () => Buffer.from(`\ufeff${plain(16_500)}`, 'utf16le'),
  sha256sum: () => lines(34_500, (n) => `${hex('sha256', n)}  /usr/share/doc/file-${n}`),
  hashdeep: () =>
    `%%%% HASHDEEP-1.0\n%%%% size,md5,sha256,filename\n## Invoked from: /\n${lines(26_500, (n) => `${n},${hex('md5', n)},${hex('sha256', n)},/tmp/file, ${n}`)}`,
  'NSRLFile.txt': () =>
    `"SHA-1","MD5","CRC32","FileName","FileSize","ProductCode","OpSystemCode","SpecialCode"\r\n${lines(27_000, (n) => `"${hex('sha1', n).toUpperCase()}","${hex('md5', n).toUpperCase()}","0A1B2C3D","file ${n % 999 === 0 ? '\n over two lines' : n}.dll",${n},4711,"362",""\r`)}`,
};

interface Run {
  readonly built: BuiltSet | null;
  readonly begun: Begun | null;
  readonly message: string;
}

/** Imports up to the piece that is not read any more. */
async function run(source: string, target: string, pieces = Number.POSITIVE_INFINITY, once = false): Promise<Run> {
  let begun: Begun | null = null;
  let looks = 0;
  const request = { source, target, name: 'List', edition: '', mark: 'known', datedAt: null, importedAt: 5 } as const;
  try {
    const built = await buildSet(
      { ...request, form: 'list', runRecords: 20_000, keptFrom: 1 << 20, once },
      {
        onProgress: (_done, _total, _digests, _phase, how = null) => {
          begun ??= how;
        },
        isCancelled: () => (looks += 1) > pieces,
      },
    );
    return { built, begun, message: '' };
  } catch (error) {
    return { built: null, begun, message: (error as Error).message };
  }
}

const write = (content: string | Uint8Array): string => {
  const source = join(directory, 'list.txt');
  writeFileSync(source, content);
  return source;
};
const left = (): string[] => readdirSync(sets).filter((name) => name !== 'whole.acol');
const isSame = (name: string): boolean => readFileSync(join(sets, name)).equals(readFileSync(join(sets, 'whole.acol')));

describe('the import of a list that was cancelled', () => {
  it.each(Object.keys(FORMS))('goes on and comes to the same set, wherever it was: %s', async (form) => {
    const source = write(FORMS[form]?.() ?? '');
    const whole = await run(source, join(sets, 'whole.acol'));
    expect(whole.begun).toBeNull();
    const total = statSync(source).size;
    const reached: number[] = [];
    for (const pieces of [2, 3]) {
      const cut = await run(source, join(sets, '1.acol'), pieces);
      expect(cut.message).toMatch(/^Cancelled\. No set was made\. What was read is kept for a week/);
      reached.push(cut.begun?.kind === 'resumed' ? cut.begun.at : 0);
    }
    const rest = await run(source, join(sets, '1.acol'));
    expect(rest.begun).toMatchObject({ kind: 'resumed', total });
    expect(rest.begun?.kind === 'resumed' ? rest.begun.at : 0).toBeGreaterThan(reached[1] ?? 0);
    expect(reached[0]).toBe(0);
    expect(reached[1]).toBeGreaterThan(0);
    expect(rest.built).toEqual(whole.built);
    expect(isSame('1.acol')).toBe(true);
    expect(left()).toEqual(['1.acol']);
  });

  it('goes on while sorting, too', async () => {
    const source = write(plain());
    await run(source, join(sets, 'whole.acol'));
    let isSorting = false;
    const request = { source, target: join(sets, '1.acol'), name: 'List', edition: '', mark: 'known' } as const;
    const cancelled = buildSet(
      { ...request, datedAt: null, importedAt: 5, form: 'list', runRecords: 20_000, keptFrom: 1 << 20 },
      {
        onProgress: (_done, _total, _digests, phase) => {
          isSorting = phase === 'sorting';
        },
        isCancelled: () => isSorting,
      },
    );
    await expect(cancelled).rejects.toMatchObject({ code: 'CANCELLED' });
    expect((await run(source, join(sets, '1.acol'))).begun).toMatchObject({ kind: 'resumed' });
    expect(isSame('1.acol')).toBe(true);
  });

  it.each([
    ['grew', (source: string) => appendFileSync(source, `${hex('sha256', 1)}\n`)],
    ['was touched', (source: string) => utimesSync(source, 1, 1)],
    [
      'was changed with its size and time kept',
      (source: string) => {
        const { atime, mtime } = statSync(source);
        const bytes = readFileSync(source);
        bytes.write(hex('sha256', 29_999), 0, 'latin1');
        writeFileSync(source, bytes);
        utimesSync(source, atime, mtime);
      },
    ],
  ])('begins anew and says so when the file %s', async (_how, change) => {
    const source = write(plain());
    await run(source, join(sets, '1.acol'), 3);
    change(source);
    const again = await run(source, join(sets, '1.acol'));
    await run(source, join(sets, 'whole.acol'));
    expect(again.begun?.kind).toBe('changed');
    expect(isSame('1.acol')).toBe(true);
    expect(left()).toEqual(['1.acol']);
  });

  it('begins anew when what was kept is not whole', async () => {
    const source = write(plain());
    const whole = await run(source, join(sets, 'whole.acol'));
    await run(source, join(sets, '1.acol'), 3);
    const [work = ''] = left();
    rmSync(join(sets, work, 'keys.sha256.tmp'));
    const again = await run(source, join(sets, '1.acol'));
    expect([again.begun, again.built]).toEqual([null, whole.built]);
    expect(isSame('1.acol')).toBe(true);
  });

  it.each([
    ['small files', plain(2000), false],
    ['files that are gone afterwards', plain(), true],
  ])('keeps nothing of %s', async (_what, text, once) => {
    const cut = await run(write(text), join(sets, '1.acol'), once ? 3 : 1, once);
    expect(cut.message).toBe('Cancelled. Nothing of the set was kept.');
    expect(left()).toEqual([]);
  });
});

describe('the import of a list whose process was killed', () => {
  it('goes on where it was and comes to the same set', async () => {
    const source = write(plain());
    const whole = await run(source, join(sets, 'whole.acol'));
    let before = 0;
    for (const moment of ['2', 'sorting']) {
      const killed = spawn(process.execPath, [child, source, join(sets, '1.acol'), moment], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      await once(killed.stdout, 'data');
      killed.kill('SIGKILL');
      await once(killed, 'exit');
      const rest = await run(source, join(sets, '1.acol'), 1);
      const at = rest.begun?.kind === 'resumed' ? rest.begun.at : 0;
      expect(at).toBeGreaterThanOrEqual(before);
      before = at;
    }
    const rest = await run(source, join(sets, '1.acol'));
    expect(rest.begun?.kind).toBe('resumed');
    expect(rest.built).toEqual(whole.built);
    expect(isSame('1.acol')).toBe(true);
    expect(left().filter((name) => name.startsWith('work-'))).toEqual([]);
  });
});
