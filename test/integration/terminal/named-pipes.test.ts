import { execFileSync } from 'node:child_process';
import {
  closeSync,
  createWriteStream,
  mkdtempSync,
  openSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { assay, bin, ended, type Ended, startAssay } from './assay.ts';

const digest = (seed: number): string => seed.toString(16).padStart(64, '0');
const LIST = `${Array.from({ length: 400 }, (_, seed) => digest(seed)).join('\n')}\n`;
let root: string;
let pipe: string;
let data: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'assay-pipe-'));
  pipe = join(root, 'pipe');
  data = join(root, 'data');
  if (process.platform !== 'win32') {
    execFileSync('mkfifo', [pipe]);
  }
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

/** Stops the command once it waits for the pipe. Null when it did not end. `meanwhile` happens before it is stopped. */
async function stopped(args: readonly string[], meanwhile: () => void = () => undefined): Promise<Ended | null> {
  const child = startAssay(['--data', data, ...args]);
  const end = ended(child);
  for (let looks = 0; looks < 100 && !holdsPipe(child.pid ?? 0); looks += 1) {
    await wait(50);
  }
  meanwhile();
  child.kill('SIGINT');
  const first = await Promise.race([end, wait(5_000, null)]);
  child.kill('SIGKILL');
  await end;
  return first;
}

/** Linux tells what a process has open. */
function holdsPipe(process: number): boolean {
  const folder = `/proc/${process}/fd`;
  return readdirSync(folder).some((name) => {
    try {
      return readlinkSync(join(folder, name)) === pipe;
    } catch {
      // Closed meanwhile.
      return false;
    }
  });
}

describe.skipIf(process.platform === 'win32')('a pipe with a name', () => {
  describe.skipIf(process.platform !== 'linux').each([
    ['triage', ['triage']],
    ['the import of a known set', ['known-sets', 'import', '--name', 'Set']],
  ])('lets %s stop', (_, command) => {
    const cancelled = [130, expect.stringMatching(/^Cancelled\./)];

    it('while nobody writes to it', async () => {
      const end = await stopped([...command, pipe]);
      expect([end?.code, end?.err]).toEqual(cancelled);
    });

    it.each([
      ['removed', () => rmSync(pipe)],
      ['replaced by a file', () => (rmSync(pipe), writeFileSync(pipe, LIST))],
    ])('after it was %s', async (_how, change) => {
      const end = await stopped([...command, pipe], change);
      expect([end?.code, end?.err]).toEqual(cancelled);
    });

    it('while whoever holds it says nothing', async () => {
      const holder = openSync(pipe, 'r+');
      try {
        const end = await stopped([...command, pipe]);
        expect([end?.code, end?.err]).toEqual(cancelled);
      } finally {
        closeSync(holder);
      }
    });
  });

  describe.skipIf(process.platform !== 'linux')('named for something that is short', () => {
    const kept = async (): Promise<void> => {
      const list = join(root, 'list.txt');
      writeFileSync(list, LIST);
      expect((await assay(['--data', data, 'triage', list])).code).toBe(0);
    };

    it.each([
      ['passwords', ['triage', bin, '--password-file']],
      ['the hashes of a report', ['report', 'write', '1', '--hashes']],
      ['the settings of a job', ['sync', 'create', 'Job', '--file']],
    ])('lets the wait for %s stop', async (_, command) => {
      await kept();
      const end = await stopped([...command, pipe]);
      expect([end?.code, end?.err]).toEqual([130, expect.stringMatching(/^Cancelled\./)]);
    });

    it('gives the hashes of a report', async () => {
      await kept();
      const written = join(root, 'report.csv');
      createWriteStream(pipe).end(digest(7));
      const report = ['report', 'write', '1', '--out', written, '--hashes', pipe];
      expect((await assay(['--data', data, ...report])).code).toBe(0);
      expect(new Set(readFileSync(written, 'utf8').match(/\b0{50}[0-9a-f]{14}\b/g))).toEqual(new Set([digest(7)]));
    });

    it('gives no more than passwords are long', async () => {
      createWriteStream(pipe)
        .on('error', () => undefined)
        .end('x'.repeat(1 << 20));
      const { code, err } = await assay(['--data', data, 'triage', bin, '--password-file', pipe]);
      expect([code, err]).toEqual([2, `assay: ${pipe} is longer than 64 KiB: it is no file of passwords.\n`]);
    });
  });

  it('that a hash list comes from replaces nothing when it is cut short', async () => {
    const entry = (seed: number): string => `${digest(seed)},malicious,,\n`;
    const team = join(root, 'team.csv');
    writeFileSync(team, `sha256,list,notes,reason\n${entry(1)}${entry(2)}`);
    expect((await assay(['--data', data, 'hash-list', 'import', team])).code).toBe(0);
    const holder = openSync(pipe, 'r+');
    try {
      writeSync(holder, `sha256,list,notes,reason\n${entry(1)}`);
      const end = await stopped(['hash-list', 'import', '--replace', pipe]);
      expect([end?.code, end?.err]).toEqual([130, expect.stringMatching(/^Cancelled\./)]);
    } finally {
      closeSync(holder);
    }
    const { out } = await assay(['--data', data, 'hash-list', 'export']);
    expect(out).toContain(digest(2));
  });

  it('is a known set as a whole', async () => {
    const writer = createWriteStream(pipe);
    writer.end(LIST);
    const imported = await assay(['--data', data, 'known-sets', 'import', pipe, '--name', 'Set']);
    expect([imported.code, imported.err]).toEqual([
      0,
      'Set: 400 records = 400 digests + 0 duplicates + 0 without a hash + 0 rejected.\n',
    ]);
  });

  it('of a shell needs a name for its set', async () => {
    const written = join(root, 'nothing');
    const { code, err } = await assay(['--data', written, 'known-sets', 'import', pipe]);
    expect([code, err]).toEqual([2, 'assay: A set from a pipe needs a name: add --name NAME.\n']);
  });
});
