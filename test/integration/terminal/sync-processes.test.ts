import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { expect, it, onTestFinished, vi } from 'vitest';
import { SIMULATED_TANIUM } from '#main/simulators/tanium/port.ts';
import type { SyncJobChange } from '#shared/settings/sync-job.ts';
import { syncWorld, TC, termsOf, type SyncWorld } from '../sync/world.ts';
import { assay, ended, startAssay, type Ended } from './assay.ts';

const soon = { timeout: 60_000, interval: 50 };
const env = {
  ASSAY_SYNC_1_THREATCONNECT_KEY: TC.secretKey,
  ASSAY_SYNC_1_TANIUM_KEY: SIMULATED_TANIUM.password,
};

/** A directory with one job and a hundred hosts to send, left for other processes. */
async function directoryWithJob(
  change: SyncJobChange = {},
  settings: { readonly offline?: boolean } = {},
): Promise<SyncWorld> {
  const world = await syncWorld({ isIdle: true, threatConnect: { indicators: 0 } });
  for (let n = 0; n < 100; n += 1) {
    world.threatConnect.control.put({ type: 'Host', summary: `h${n}.attacker.net`, owner: 'Example Corp', rating: 4 });
  }
  await world.job({ labels: 0, ...change });
  await world.engine.handlers['settings.set'](settings);
  await world.engine.dispose();
  return world;
}

const sync = ({ directory }: SyncWorld, ...words: readonly string[]): Promise<Ended> =>
  assay(['--data', directory, 'sync', ...words], { env });

function start({ directory }: SyncWorld, words: readonly string[]): ChildProcessWithoutNullStreams {
  const child = startAssay(['--data', directory, ...words], { env });
  onTestFinished(() => void child.kill('SIGKILL'));
  child.stdin.end();
  return child;
}

it('has the process do the run that does outbound work, and follows it; neither says a secret', async () => {
  const world = await directoryWithJob();
  const owner = start(world, ['run']);
  let text = '';
  owner.stderr.on('data', (part: Buffer) => (text += part.toString('utf8')));
  await vi.waitFor(() => expect(text).toContain('This process asks sources'), soon);
  const run = await sync(world, 'run', '1', '--format', 'csv');
  expect([run.code, run.out.split('\n').length]).toEqual([0, 102]);
  expect(run.out).toMatch(/^action,id,type,summary,/);
  expect([run.code, run.err]).toEqual([0, expect.stringMatching(/Run 1: done\. 100 new, .*; 1 package, /)]);
  expect(termsOf(world.tanium)).toHaveLength(100);
  const end = ended(owner);
  owner.kill('SIGINT');
  expect(await end).toMatchObject({ code: 0 });
  for (const secret of Object.values(env)) {
    expect(run.out + run.err + text).not.toContain(secret);
  }
});

it('ends a run on Ctrl-C between two requests, and the next one sends the rest', async () => {
  const world = await directoryWithJob({ packageSize: 10 });
  let child: ChildProcessWithoutNullStreams | null = null;
  let written = 0;
  world.tanium.control.onWrite((step) => {
    if (step.when === 'after' && (written += 1) === 3) {
      // Eleven more would take three seconds from here: time enough for the signal.
      world.tanium.control.slow(300);
      child?.kill('SIGINT');
    }
  });
  child = start(world, ['sync', 'run', '1', '--rows', '1']);
  const stopped = await ended(child);
  expect([stopped.code, stopped.err]).toEqual([130, expect.stringContaining('Run 1: cancelled.')]);
  expect(termsOf(world.tanium).length).toBeLessThan(100);
  world.tanium.control.slow(0);
  expect((await sync(world, 'run', '1')).code).toBe(0);
  expect(termsOf(world.tanium)).toHaveLength(100);
});

it('sends nothing while offline, and ends quietly when nobody reads on', async () => {
  const world = await directoryWithJob({}, { offline: true });
  const run = await sync(world, 'run', '1');
  expect([run.code, run.out]).toEqual([1, '']);
  expect(run.err).toMatch(/Run 1: failed\. Assay is offline/);
  expect([world.threatConnect.log, world.tanium.log]).toEqual([[], []]);
  const child = start(world, ['sync', 'history', '1', '--format', 'jsonl']);
  child.stdout.destroy();
  const { code, err } = await ended(child);
  expect([code, err]).toEqual([0, expect.not.stringContaining('EPIPE')]);
});
