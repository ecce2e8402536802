import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { programFolder } from '#main/platform/resources.ts';
import { isSupportedNode, pinnedNode } from '#main/shells/launch/node-runtime.mjs';
import { assay, bin } from './assay.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assay-start-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A Node on the PATH that is too old, where this machine has one. */
function oldNode(): string | null {
  const places = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/bin', '/usr/local/bin'];
  const found = places
    .map((place) => join(place, process.platform === 'win32' ? 'node.exe' : 'node'))
    .filter((path) => existsSync(path));
  return (
    found.find((path) => !isSupportedNode(execFileSync(path, ['-p', 'process.versions.node'], { encoding: 'utf8' }))) ??
    null
  );
}

/** The command's own files alone, in a folder without the pinned Node. */
function copyWithoutNode(): string {
  for (const part of ['terminal/assay.mjs', 'launch/node-runtime.mjs']) {
    const to = join(folder, 'src-main', 'shells', part);
    mkdirSync(dirname(to), { recursive: true });
    cpSync(join(programFolder(), 'src-main', 'shells', part), to);
  }
  return join(folder, 'src-main', 'shells', 'terminal', 'assay.mjs');
}

const old = oldNode();

describe('starting', () => {
  it.skipIf(process.platform === 'win32')('works through a link, from any folder', async () => {
    const link = join(folder, 'assay');
    symlinkSync(bin, link);
    const { code, out } = await assay(['--version'], { script: link, cwd: folder });
    expect({ code, version: /^\d+\.\d+\.\d+\n$/.test(out) }).toEqual({ code: 0, version: true });
  });

  it('takes paths from where the person stands when npm runs it', async () => {
    const env = {
      npm_lifecycle_event: 'assay',
      npm_package_json: join(programFolder(), 'package.json'),
      INIT_CWD: folder,
      ASSAY_DATA: join(folder, 'data'),
    };
    writeFileSync(join(folder, 'hashes.txt'), `${'ab'.repeat(32)}\n`);
    const here = await assay(['hash-list', 'import', 'none.csv'], { env });
    expect(here.err).toBe('assay: none.csv cannot be read: there is no such file.\n');
    const { code, out } = await assay(['triage', 'hashes.txt', '--format', 'jsonl'], { env });
    expect({ code, hash: out.includes('ab'.repeat(32)) }).toEqual({ code: 0, hash: true });
  });

  it.skipIf(old === null)(
    'runs itself again with the Node that came along (needs a Node that is too old)',
    async () => {
      expect(pinnedNode(programFolder(), process.platform, process.arch)).not.toBeNull();
      const good = await assay(['--version'], { node: old ?? '' });
      expect(good).toMatchObject({ code: 0, err: '' });
      const wrong = await assay(['--bogus'], { node: old ?? '' });
      expect(wrong.code).toBe(2);
    },
  );

  it.skipIf(old === null)('says one line on a Node that is too old, and never crashes (needs one)', async () => {
    const { code, out, err, signal } = await assay(['triage', 'x'], { node: old ?? '', script: copyWithoutNode() });
    expect({ code, out, signal }).toEqual({ code: 1, out: '', signal: null });
    expect(err).toMatch(/^assay: Node \d+\.\d+\.\d+ is too old: 22\.18 or newer is needed\. "npm ci" .*\n$/);
  });

  it('says what is wrong when the program is incomplete', async () => {
    const { code, out, err } = await assay(['--version'], { script: copyWithoutNode() });
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(/^assay: could not start: [^\n]+\n$/);
  });

  it('leaves nothing in the shared temporary folder', async () => {
    await assay(['--help'], { env: { TMPDIR: folder, TEMP: folder } });
    expect(readdirSync(folder)).toEqual([]);
  });
});
