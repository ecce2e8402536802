import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { assay } from './assay.ts';

const HASH = '44d88612fea8a8f36de82e1278abb02f';
let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'assay-unreadable-'));
  writeFileSync(join(root, 'list.txt'), `${HASH}\n`);
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

it('an input that cannot even be looked at leaves the others alone', async () => {
  const below = join(root, 'list.txt', 'below');
  const long = join(root, 'x'.repeat(300));
  const inputs = [below, long, join(root, 'list.txt')];
  if (process.platform !== 'win32') {
    symlinkSync('circle', join(root, 'circle'));
    inputs.push(join(root, 'circle'));
  }
  const ended = await assay(['--data', join(root, 'data'), 'triage', '--format', 'jsonl', '--strict', ...inputs]);
  expect(ended.code).toBe(4);
  expect(ended.out.trim().split('\n')).toEqual([expect.stringContaining(HASH)]);
  for (const path of inputs.filter((each) => !each.endsWith('list.txt'))) {
    expect(ended.err).toContain(`${path} could not be read: `);
  }
});
