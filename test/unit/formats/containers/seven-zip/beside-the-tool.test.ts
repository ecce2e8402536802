import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fileSource } from '#main/formats/containers/byte-source.ts';
import { sevenZip } from '#main/formats/containers/seven-zip/seven-zip.ts';

const hasTool = spawnSync('7z', ['i'], { stdio: 'ignore' }).status === 0;
const WAYS: readonly (readonly string[])[] = [
  ['-mx1'],
  ['-mx9', '-ms=on'],
  ['-mx5', '-ms=off', '-pinfected'],
  ['-mx0', '-pinfected', '-mhe=on'],
  ['-m0=PPMd', '-ms=4f'],
];

describe.skipIf(!hasTool)('7z archives beside the 7z tool, which has to be installed', () => {
  const folder = mkdtempSync(join(tmpdir(), 'assay-7z-'));
  beforeAll(() => makeTree(join(folder, 'tree')));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each(WAYS.map((way) => ({ way })))('gives the same digests as unpacking with the tool: $way', async ({ way }) => {
    const archive = join(folder, `${way.join('')}.7z`);
    const out = join(folder, `out${way.join('')}`);
    run('7z', ['a', '-bd', ...way, archive, '.'], join(folder, 'tree'));
    run('7z', ['x', '-y', '-pinfected', `-o${out}`, archive], folder);
    expect(await digestsInside(archive)).toEqual(digestsBelow(out));
  });
});

function makeTree(folder: string): void {
  for (let index = 0; index < 40; index += 1) {
    const inside = join(folder, `folder ${index % 5}`, 'ü');
    mkdirSync(inside, { recursive: true });
    const text = createHash('sha512')
      .update(String(index))
      .digest('base64')
      .repeat(index * index);
    writeFileSync(join(inside, `file ${index}.bin`), text);
  }
  // More than any buffer on the way.
  writeFileSync(join(folder, 'large.bin'), Buffer.alloc(6 * 1024 * 1024 + 7, 'not the same all the time, 0123456789'));
}

function run(tool: string, parameters: readonly string[], cwd: string): void {
  const { status, stderr } = spawnSync(tool, parameters, { cwd, encoding: 'utf8' });
  expect(status, stderr).toBe(0);
}

async function digestsInside(archive: string): Promise<Record<string, string>> {
  const digests: Record<string, string> = {};
  const source = await fileSource(archive);
  const options = { passwords: ['infected'], signal: new AbortController().signal };
  for await (const finding of sevenZip.open(source, options)) {
    const hash = createHash('sha256');
    for await (const chunk of finding.kind === 'member' ? finding.content : []) {
      hash.update(chunk);
    }
    digests[finding.name] = hash.digest('hex');
  }
  await source.close();
  return digests;
}

function digestsBelow(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    files.map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return [path.slice(folder.length + 1), createHash('sha256').update(readFileSync(path)).digest('hex')];
    }),
  );
}
