import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import type { OutboundState } from '#shared/contract/outbound.ts';
import {
  openAsking,
  queueNew,
  setUpDirectory,
  SIMULATED_KEYS,
  soakDigest,
  startSimulated,
} from '../../soak/simulated.ts';
import { temporaryDirectory } from '../../db/temporary-directory.ts';
import { assay, ended, startAssay } from './assay.ts';

const soon = { timeout: 60_000, interval: 50 };

function running(directory: string): { readonly child: ChildProcessWithoutNullStreams; said(): string } {
  const child = startAssay(['run', '--data', directory]);
  let text = '';
  child.stderr.on('data', (part: Buffer) => (text += part.toString('utf8')));
  onTestFinished(() => void child.kill('SIGKILL'));
  return { child, said: () => text };
}

it('one process asks, the next stands by, says who asks, and takes over when that one is killed', async () => {
  const directory = join(temporaryDirectory(), 'data');
  const first = running(directory);
  await vi.waitFor(() => expect(first.said()).toContain(`This process asks sources (${first.child.pid})`), soon);
  const second = running(directory);
  await vi.waitFor(() => expect(second.said()).toContain(`Process ${first.child.pid} (terminal) asks sources`), soon);
  const { out } = await assay(['queue', '--json', '--data', directory]);
  const state = JSON.parse(out) as OutboundState;
  expect(state).toMatchObject({ owner: { pid: first.child.pid, isThis: false }, depth: 0 });
  first.child.kill('SIGKILL');
  await vi.waitFor(() => expect(second.said()).toContain(`This process asks sources (${second.child.pid})`), soon);
  const end = ended(second.child);
  second.child.kill('SIGINT');
  expect(await end).toMatchObject({ code: 0, signal: null });
});

it('asks about what is queued and ends when nothing waits; the record holds no key', async () => {
  const directory = join(temporaryDirectory(), 'data');
  const simulator = await startSimulated('wildfire', {});
  onTestFinished(() => simulator.close());
  await setUpDirectory(directory, { wildfire: { url: simulator.url, change: { hashesPerRequest: 4 } } });
  const engine = await openAsking(directory, 60_000);
  await queueNew(
    engine,
    'wildfire',
    Array.from({ length: 10 }, (_, n) => soakDigest(2, n)),
  );
  await engine.dispose();
  const before = await assay(['queue', '--data', directory]);
  expect(before.out).toContain('10 hashes wait, and no process asks sources now. An open window or "assay run" does.');
  const { code, err } = await assay(['run', '--until-empty', '--data', directory], { env: SIMULATED_KEYS });
  expect([code, simulator.log.length]).toEqual([0, 3]);
  const log = await assay(['queue', 'log', '--json', '--data', directory]);
  const rows = log.out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { outcome: string; asked: unknown[] });
  expect(rows.map((row) => [row.outcome, row.asked.length])).toEqual([
    ['answer', 2],
    ['answer', 4],
    ['answer', 4],
  ]);
  const table = await assay(['queue', 'log', '--data', directory]);
  expect(table.out.split('\n').length).toBe(5);
  expect(err + log.out + table.out).not.toContain(SIMULATED_KEYS.ASSAY_WILDFIRE_KEY);
});
