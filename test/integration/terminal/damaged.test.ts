import { mkdtempSync, openSync, readdirSync, rmSync, writeSync, closeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createEngine } from '#main/engine.ts';
import { assay } from './assay.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'assay-damaged-'));
});
afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

function damage(): void {
  const file = openSync(join(directory, 'assay.db'), 'r+');
  writeSync(file, 'no database at all');
  closeSync(file);
}

async function withOneEntry(): Promise<void> {
  const added = await assay([
    '--data',
    directory,
    'hash-list',
    'add',
    '44d88612fea8a8f36de82e1278abb02f',
    '--malicious',
  ]);
  expect(added.code).toBe(0);
}

it('says on stderr what was saved and where the damaged file lies, also with --quiet', async () => {
  await withOneEntry();
  damage();
  const listed = await assay(['--data', directory, '--quiet', 'hash-list', 'list', '--format', 'csv']);
  const kept = readdirSync(directory).find((name) => /^assay\.db\.damaged-\d+$/.test(name)) ?? 'nothing';
  expect(listed.out).toContain('44d88612fea8a8f36de82e1278abb02f');
  expect(listed.err).toContain('The database was damaged (');
  expect(listed.err).toContain('Saved: 1 hash-list entry');
  expect(listed.err).toContain('No row is known to be lost.');
  expect(listed.err).toContain(join(directory, kept));
  const again = await assay(['--data', directory, 'hash-list', 'list']);
  expect(again.err).not.toContain('damaged');
});

it('is told to the window with its first paint', async () => {
  await withOneEntry();
  damage();
  const engine = await createEngine({ directory, threads: 'inline', shell: 'chromium' });
  try {
    const { startNotice } = await engine.handlers['app.bootstrap']({});
    expect(startNotice).toMatch(/^The database was damaged .* was replaced\. Saved: 1 hash-list entry/);
  } finally {
    await engine.dispose();
  }
});
