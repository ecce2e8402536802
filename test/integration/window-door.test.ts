import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { tryLockExclusive } from '#main/db/process-lock.ts';
import { openWindowDoor, type DoorOutcome } from '#main/shells/page/window-door.ts';

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'assay-door-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const open = (files: readonly string[], onMessage: (files: readonly string[]) => void = () => undefined) =>
  openWindowDoor({ directory, tryLock: tryLockExclusive, files, onMessage, patienceMs: 4_000 });

async function close(outcome: DoorOutcome): Promise<void> {
  if (outcome.kind === 'first') {
    await outcome.door.close();
  }
}

it('the first start has the window, the next hands over its files', async () => {
  const heard: (readonly string[])[] = [];
  const first = await open([], (files) => heard.push(files));
  expect(first.kind).toBe('first');
  expect((await open(['/a/list.txt'])).kind).toBe('told');
  expect((await open([])).kind).toBe('told');
  await vi.waitFor(() => expect(heard).toEqual([['/a/list.txt'], []]), { timeout: 60_000 });
  expect(readdirSync(join(directory, 'window'))).toEqual([]);
  await close(first);
  const next = await open([]);
  expect(next.kind).toBe('first');
  await close(next);
});

it('a window that does not answer is told apart, and leaves no message behind', async () => {
  const lock = tryLockExclusive(join(directory, 'window.lock'));
  const outcome = await openWindowDoor({
    directory,
    tryLock: tryLockExclusive,
    files: ['/a'],
    onMessage: () => undefined,
    patienceMs: 120,
  });
  expect([outcome.kind, readdirSync(join(directory, 'window'))]).toEqual(['silent', []]);
  lock?.release();
});

it('what an earlier start left, and what is no message, is removed and not acted on', async () => {
  const box = join(directory, 'window');
  mkdirSync(box);
  writeFileSync(join(box, 'old.json'), JSON.stringify({ files: ['/stale'] }));
  const hourAgo = Date.now() / 1000 - 3600;
  utimesSync(join(box, 'old.json'), hourAgo, hourAgo);
  writeFileSync(join(box, 'bad.json'), '{"files":[1],"run":"x"}');
  writeFileSync(join(box, 'worse.json'), '{');
  const heard: unknown[] = [];
  const first = await open([], (files) => heard.push(files));
  await vi.waitFor(() => expect(readdirSync(box)).toEqual([]), { timeout: 60_000 });
  expect(heard).toEqual([]);
  await close(first);
});
