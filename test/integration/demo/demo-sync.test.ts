import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createEngine } from '#main/engine.ts';
import { programFolder } from '#main/platform/resources.ts';
import type { Engine } from '#main/services/engine-port.ts';
import { DEMO_JOB } from '#main/shells/launch/demo/connect-sync.ts';
import { openDemo } from '#main/shells/launch/demo/open-demo.ts';
import { readDemoSync, readSimulators, writeSimulators } from '#main/shells/launch/demo/simulators-file.ts';
import { memorySecrets } from '../asking/memory-secrets.ts';

const root = programFolder();
const never = new AbortController().signal;
let data = '';
const undo: (() => Promise<void>)[] = [];

beforeEach(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'assay-demo-sync-'));
  data = join(folder, 'demo');
  undo.push(() => rm(folder, { recursive: true, force: true }));
});
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) {
    await step();
  }
});

/** The engine of the directory, with the secrets of an environment. */
async function engineWith(env: Readonly<Record<string, string>>): Promise<Engine> {
  const named = Object.entries(env).map(([variable, key]) => [nameOf(variable), key]);
  const secrets = memorySecrets(Object.fromEntries(named), 'environment');
  const engine = await createEngine({ directory: data, threads: 'inline', shell: 'terminal', secrets });
  undo.push(() => engine.dispose());
  return engine;
}

/** `sync-1-tanium` for ASSAY_SYNC_1_TANIUM_KEY. */
function nameOf(variable: string): string {
  return variable
    .replace(/^ASSAY_|_KEY$/g, '')
    .replaceAll('_', '-')
    .toLowerCase();
}

describe('threat sync in a directory of the demonstration', () => {
  it('has one inactive sync job, with keys, whose services answer', async () => {
    const demo = await openDemo(data, root);
    undo.push(() => demo.leave());
    const { jobId, services } = readDemoSync(data) ?? { jobId: null, services: [] };
    expect([jobId, services.map(({ service }) => service)]).toEqual([1, ['threatconnect', 'tanium']]);
    expect(Object.keys(demo.env)).toEqual(
      expect.arrayContaining(['ASSAY_SYNC_1_THREATCONNECT_KEY', 'ASSAY_SYNC_1_TANIUM_KEY']),
    );
    const { threatSync } = await engineWith(demo.env);
    const { jobs } = await threatSync.jobs();
    expect(jobs).toMatchObject([{ id: 1, name: DEMO_JOB, active: false, missing: [] }]);
    for (const side of ['threatconnect', 'tanium'] as const) {
      expect(await threatSync.test({ jobId: 1, side }, never), side).toMatchObject({ ok: true });
    }
  });

  it('keeps the addresses and the data of its services, and makes no second job', async () => {
    const first = await openDemo(data, root);
    const before = readDemoSync(data);
    await first.leave();
    // As a process leaves it that is killed before it wrote down what it made.
    writeSimulators(data, readSimulators(data) ?? []);
    const second = await openDemo(data, root);
    expect(readDemoSync(data)).toEqual(before);
    const { threatSync } = await engineWith(second.env);
    expect((await threatSync.jobs()).jobs.map(({ id }) => id)).toEqual([1]);
    await threatSync.remove({ jobId: 1, leave: false });
    await second.leave();
    const third = await openDemo(data, root);
    undo.push(() => third.leave());
    expect([(await threatSync.jobs()).jobs, readDemoSync(data)?.jobId]).toEqual([[], null]);
  });
});
