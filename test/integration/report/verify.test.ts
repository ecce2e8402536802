import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statfsSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ReportProgress } from '#main/services/report/port.ts';
import { digests, everything, hex, never, startWorld, type ReportWorld } from './report-world.ts';

let world: ReportWorld;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.dispose());

const LIST = `${hex('sha256', 'a')}\n${digests('b').md5}\nnothing here\n`;
const outcome = async (path: string): Promise<string> =>
  (await world.engine.reports.verify(path, () => undefined, never)).outcome;

/** A disk in memory of 256 KiB, where this account may have one. */
const smallDisk = process.platform === 'linux' ? triedDisk() : null;

function triedDisk(): { mount(folder: string): void; unmount(folder: string): void } | null {
  const disk = {
    mount: (folder: string) =>
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'assay-test', folder], { stdio: 'ignore' }),
    unmount: (folder: string) => execFileSync('umount', [folder]),
  };
  const folder = mkdtempSync(join(tmpdir(), 'assay-disk-'));
  try {
    disk.mount(folder);
    disk.unmount(folder);
    return disk;
  } catch {
    return null;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Changes one byte in the middle of a file. */
function flip(path: string, at: number): void {
  const bytes = readFileSync(path);
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  writeFileSync(path, bytes);
}

describe('a report that carries its seal', () => {
  it('matches, wherever it lies and whatever it is called, and tells when it was made here', async () => {
    const intake = await world.read('list.txt', LIST);
    const statement = { title: 'Case 4711', examiner: 'E. Doe', caseName: '4711', note: '' };
    const { path, seal, manifestPath } = await world.write(intake.id, 'jsonl', { statement });
    copyFileSync(path, world.path('elsewhere.bin'));
    const found = await world.engine.reports.verify(world.path('elsewhere.bin'), () => undefined, never);
    expect(found).toEqual({
      outcome: 'matches',
      sentence: expect.stringContaining('shows change, not authorship'),
      carried: seal,
      computed: seal,
      manifest: expect.objectContaining({ format: 'jsonl', title: 'Case 4711', examiner: 'E. Doe', rows: 2 }),
      madeHereAt: expect.any(Number),
    });
    expect(manifestPath).toBeNull();
    expect(await world.engine.reports.list(intake.id)).toMatchObject([
      { format: 'jsonl', title: 'Case 4711', path, rows: 2, bytes: readFileSync(path).length },
    ]);
  });

  it('is changed after any byte of it changed, the seal included, and after something was added', async () => {
    const intake = await world.read('list.txt', LIST);
    const { path } = await world.write(intake.id, 'jsonl');
    const whole = readFileSync(path);
    const at = whole.length - 20;
    for (const place of [0, Math.floor(whole.length / 2), at]) {
      writeFileSync(path, whole);
      flip(path, place);
      expect([place, await outcome(path)]).not.toEqual([place, 'matches']);
    }
    writeFileSync(path, whole);
    appendFileSync(path, '\n');
    expect(await outcome(path)).toBe('changed');
    writeFileSync(path, whole);
    truncateSync(path, whole.length - 200);
    expect(await outcome(path)).toBe('unsealed');
  });

  it('stays known after its intake was forgotten, and not in another directory', async () => {
    const intake = await world.read('list.txt', LIST);
    const { path } = await world.write(intake.id, 'jsonl');
    await world.engine.intakes.forget(intake.id);
    expect(await world.engine.reports.verify(path, () => undefined, never)).toMatchObject({
      madeHereAt: expect.any(Number),
    });
    const other = await startWorld();
    expect(await other.engine.reports.verify(path, () => undefined, never)).toMatchObject({
      outcome: 'matches',
      madeHereAt: null,
    });
    await other.dispose();
  });
});

describe('a table with its manifest beside it', () => {
  it('matches by either of the two, and says which one was changed', async () => {
    const intake = await world.read('list.txt', LIST);
    const { path, manifestPath } = await world.write(intake.id, 'csv');
    const manifest = manifestPath ?? '';
    expect(readFileSync(path, 'utf8')).not.toContain('assay');
    expect([await outcome(path), await outcome(manifest)]).toEqual(['matches', 'matches']);
    const table = readFileSync(path);
    appendFileSync(path, 'x');
    const changed = await world.engine.reports.verify(path, () => undefined, never);
    expect(changed).toMatchObject({ outcome: 'changed', madeHereAt: expect.any(Number), manifest: { rows: 2 } });
    expect(changed.sentence).toContain('report-1.csv was changed');
    writeFileSync(path, table);
    flip(manifest, 60);
    const sidecar = await world.engine.reports.verify(path, () => undefined, never);
    expect(sidecar.outcome).not.toBe('matches');
    expect(sidecar.sentence).toContain('report-1.csv.manifest.json');
  });

  it.each([
    ['a mark in front of it', (text: string) => `\ufeff${text}`],
    ['other line ends', (text: string) => text.replaceAll('\n', '\r\n')],
  ])('shows that an editor saved either with %s', async (_, saved) => {
    const intake = await world.read('list.txt', LIST);
    const { path, manifestPath } = await world.write(intake.id, 'csv');
    const names = [path, manifestPath ?? ''];
    for (const name of names) {
      const before = readFileSync(name);
      writeFileSync(name, saved(before.toString()));
      const { outcome: is, sentence } = await world.engine.reports.verify(path, () => undefined, never);
      expect([is, sentence]).toEqual(['changed', expect.stringContaining(`${basename(name)} was changed`)]);
      expect(await outcome(name)).toBe('changed');
      writeFileSync(name, before);
    }
    expect(await outcome(path)).toBe('matches');
  });

  it('is looked for beside the manifest alone, and carries no seal without it', async () => {
    const intake = await world.read('list.txt', LIST);
    const { path, manifestPath } = await world.write(intake.id, 'csv');
    mkdirSync(world.path('sub'));
    copyFileSync(manifestPath ?? '', world.path('sub/m.json'));
    expect(await world.engine.reports.verify(world.path('sub/m.json'), () => undefined, never)).toMatchObject({
      outcome: 'unsealed',
      sentence: expect.stringContaining('report-1.csv is not beside it'),
    });
    rmSync(manifestPath ?? '');
    expect(await outcome(path)).toBe('unsealed');
  });

  it.each([
    ['cancelled at the last row', 'CANCELLED', 'matches'],
    ['written where its manifest has no room', 'NOT_WRITABLE', 'unsealed'],
  ])('keeps the report that was there when the next one is %s', async (_, code, is) => {
    const intake = await world.read('list.txt', LIST);
    const { path, manifestPath } = await world.write(intake.id, 'csv');
    const before = readFileSync(path);
    await world.items({
      ...digests('a'),
      source: 'virustotal',
      status: 'malicious',
      scannedAt: '2026-11-02T03:04:05Z',
    });
    const stop = new AbortController();
    if (code === 'NOT_WRITABLE') {
      rmSync(manifestPath ?? '');
      mkdirSync(manifestPath ?? '');
    }
    const statement = { title: '', examiner: '', caseName: '', note: '' };
    const request = { intakeId: intake.id, format: 'csv', selection: everything, statement } as const;
    const onProgress = ({ done, total }: ReportProgress): void => {
      if (code === 'CANCELLED' && done === total) {
        stop.abort();
      }
    };
    await expect(world.engine.reports.write(request, path, onProgress, stop.signal)).rejects.toMatchObject({ code });
    expect(readFileSync(path).equals(before)).toBe(true);
    expect(readdirSync(dirname(path)).filter((name) => name.includes('.part'))).toEqual([]);
    expect(await outcome(path)).toBe(is);
  });

  it.skipIf(smallDisk === null)('keeps the report that was there when the disk is full', async () => {
    const intake = await world.read('list.txt', LIST);
    const disk = world.path('disk');
    mkdirSync(disk);
    smallDisk?.mount(disk);
    try {
      const path = world.path('disk/report.csv');
      const statement = { title: '', examiner: '', caseName: '', note: '' };
      const request = { intakeId: intake.id, format: 'csv', selection: everything, statement } as const;
      await world.engine.reports.write(request, path, () => undefined, never);
      const names = readdirSync(disk);
      const table = readFileSync(path);
      // Room for the table alone, for nothing, and in between.
      for (const room of [8192, 4096, 0]) {
        rmSync(world.path('disk/filler'), { force: true });
        const { bavail, bsize } = statfsSync(disk);
        writeFileSync(world.path('disk/filler'), Buffer.alloc(bavail * bsize - room));
        const note = 'x'.repeat(10_000);
        const again = { ...request, statement: { ...statement, note } };
        const written = world.engine.reports.write(again, path, () => undefined, never);
        await expect(written).rejects.toMatchObject({
          code: 'NOT_WRITABLE',
          message: expect.stringContaining('the disk is full'),
        });
        expect(readdirSync(disk).filter((name) => name !== 'filler')).toEqual(names);
        expect([readFileSync(path).equals(table), await outcome(path)]).toEqual([true, 'matches']);
      }
    } finally {
      smallDisk?.unmount(disk);
    }
  });

  it('is found by its manifest after both were given another name', async () => {
    const intake = await world.read('list.txt', LIST);
    const { path, manifestPath } = await world.write(intake.id, 'csv');
    renameSync(path, world.path('case.csv'));
    renameSync(manifestPath ?? '', world.path('case.csv.manifest.json'));
    expect(await outcome(world.path('case.csv'))).toBe('matches');
    expect(await outcome(world.path('case.csv.manifest.json'))).toBe('matches');
  });

  it('matches whatever its cells hold, and carries no seal of its own because a cell looks like one', async () => {
    const seal = `assay-seal:${'7'.repeat(64)}`;
    const values = [seal, `"seal":"${seal}"`, `{"assayReport":1,"seal":"${seal}"}`];
    const cells = values.map((value) => `"${value.replaceAll('"', '""')}"`).join(',');
    const intake = await world.read('list.csv', `sha256,a,b,c\n${hex('sha256', 'a')},${cells}\n`);
    const { path, manifestPath } = await world.write(intake.id, 'csv');
    expect(await outcome(path)).toBe('matches');
    rmSync(manifestPath ?? '');
    expect(await outcome(path)).toBe('unsealed');
  });

  it('never follows a manifest to another folder', async () => {
    const intake = await world.read('list.txt', LIST);
    const { manifestPath } = await world.write(intake.id, 'csv');
    const text = readFileSync(manifestPath ?? '', 'utf8').replace('"report-1.csv"', '"../../../../etc/passwd"');
    writeFileSync(world.path('far.json'), text);
    const { sentence, computed } = await world.engine.reports.verify(world.path('far.json'), () => undefined, never);
    expect(sentence).not.toContain('etc');
    expect(computed).toMatch(/^[0-9a-f]{64}$/);
  });
});

describe('verifying', () => {
  it.each(['jsonl', 'csv', 'xlsx'] as const)('tells how much of %s is read, up to all of it', async (format) => {
    const intake = await world.read('list.txt', LIST);
    const { path, manifestPath } = await world.write(intake.id, format);
    for (const named of manifestPath === null ? [path] : [path, manifestPath]) {
      const told: [number, number][] = [];
      const { outcome: is } = await world.engine.reports.verify(named, (...each) => told.push(each), never);
      const bytes = [path, ...(manifestPath === null ? [] : [manifestPath])].map((one) => readFileSync(one).length);
      const all = bytes.reduce((sum, one) => sum + one, 0);
      const [done, total] = told.at(-1) ?? [0, 0];
      expect([is, total, told[0]?.[0]]).toEqual(['matches', all, 0]);
      // Of a workbook the parts are read, not the directory behind them.
      expect(done).toBeGreaterThan(format === 'xlsx' ? all / 2 : all - 1);
      expect(done).toBeLessThanOrEqual(all);
      expect(told.map(([each]) => each)).toEqual(told.map(([each]) => each).toSorted((a, b) => a - b));
    }
  });

  it.each(['jsonl', 'csv', 'xlsx'] as const)('of %s can be given up', async (format) => {
    const intake = await world.read('list.txt', LIST);
    const { path } = await world.write(intake.id, format);
    const stop = new AbortController();
    await expect(world.engine.reports.verify(path, () => stop.abort(), stop.signal)).rejects.toMatchObject({
      code: 'CANCELLED',
    });
  });
});

describe('what is no report', () => {
  it.each([
    ['an empty file', ''],
    ['a list', LIST],
    ['words on a seal', `assay-seal:${'0'.repeat(63)}\n`],
    ['the beginning of a manifest', '{"assay_report":{"manifestOf":"x"'],
  ])('%s carries no seal', async (_, text) => {
    writeFileSync(world.path('file'), text);
    expect(await outcome(world.path('file'))).toBe('unsealed');
  });

  it('a report that another program saved again is not said to have lost its manifest', async () => {
    const intake = await world.read('list.txt', LIST);
    const { path } = await world.write(intake.id, 'stix');
    writeFileSync(path, JSON.stringify(JSON.parse(readFileSync(path, 'utf8')), null, 2));
    expect(await world.engine.reports.verify(path, () => undefined, never)).toMatchObject({
      outcome: 'unsealed',
      sentence: expect.stringContaining('another program saved it again'),
    });
  });

  it('a seal somebody wrote by hand does not match', async () => {
    writeFileSync(world.path('file'), `{"assayReport":1,"seal":"assay-seal:${'0'.repeat(64)}"}\n`);
    expect(await world.engine.reports.verify(world.path('file'), () => undefined, never)).toMatchObject({
      outcome: 'changed',
      manifest: null,
      madeHereAt: null,
    });
  });

  it('a seal that fits what is no report makes it none', async () => {
    const text = (digits: string): string => `any text, "seal":"assay-seal:${digits}"\n`;
    writeFileSync(world.path('file'), text(hex('sha256', text('0'.repeat(64)))));
    expect(await world.engine.reports.verify(world.path('file'), () => undefined, never)).toMatchObject({
      outcome: 'unsealed',
      sentence: expect.stringContaining('no manifest'),
    });
  });

  it('a file that is not there, or a folder, says so', async () => {
    await expect(world.engine.reports.verify(world.path('none.csv'), () => undefined, never)).rejects.toMatchObject({
      code: 'UNREADABLE',
      message: expect.stringContaining('there is no such file'),
    });
    await expect(world.engine.reports.verify(world.path('data'), () => undefined, never)).rejects.toMatchObject({
      code: 'UNREADABLE',
      message: expect.stringContaining('it is a folder'),
    });
    expect(existsSync(world.path('none.csv'))).toBe(false);
  });

  it.skipIf(process.platform === 'win32')(
    'links in a circle, names too long and files for folders say so',
    async () => {
      symlinkSync('circle', world.path('circle'));
      writeFileSync(world.path('file'), '');
      for (const [name, why] of [
        ['circle', 'links lead in a circle'],
        ['n'.repeat(300), 'its name is too long'],
        [join('file', 'report.csv'), 'a part of the path is a file'],
      ] as const) {
        await expect(world.engine.reports.verify(world.path(name), () => undefined, never)).rejects.toMatchObject({
          code: 'UNREADABLE',
          message: `${world.path(name)} could not be read (${why}).`,
        });
      }
    },
  );

  it.skipIf(process.platform === 'win32')('a pipe is not waited for', async () => {
    execFileSync('mkfifo', [world.path('pipe')]);
    await expect(world.engine.reports.verify(world.path('pipe'), () => undefined, never)).rejects.toMatchObject({
      code: 'UNREADABLE',
      message: expect.stringContaining('it is no file'),
    });
  });
});
