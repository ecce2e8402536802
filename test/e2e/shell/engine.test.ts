import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AssayBridge, CallName, CallOutput } from '#shared/contract/index.ts';
import { seed, writeCase, type Case } from '../case-data.ts';
import { browser, dropFiles, temporaryFolder, type App } from '../launch.ts';
import { openRealApp } from '../real-engine.ts';
import { blankPage } from './blank-page.ts';

interface Blank {
  readonly assay: AssayBridge;
  readonly registered?: { readonly ok: boolean; readonly value: { readonly handle: string } };
}
declare const blank: Blank;

describe.skipIf(browser === null)('a drop on a page in Chromium, answered by the engine', () => {
  let app: App;
  let folder: string;
  let known: Case;

  beforeAll(async () => {
    folder = temporaryFolder();
    known = writeCase(folder);
    app = await openRealApp({
      folder,
      pageRoot: blankPage(folder),
      prepare: (engine) => seed(engine, known.items),
    });
  });
  afterAll(() => app.close());

  const call = async <N extends CallName>(name: N, input: unknown): Promise<CallOutput<N>> => {
    const reply = await app.page.evaluate(([callName, callInput]) => blank.assay.call(callName, callInput), [
      name,
      input,
    ] as const);
    if (!reply.ok) {
      throw new Error(`${name}: ${reply.error.message}`);
    }
    return reply.value as CallOutput<N>;
  };

  it('accounts for every record and judges from the cache', async () => {
    await app.page.waitForFunction(() => document.title === 'Ready');
    await dropFiles(app, [known.list]);
    await app.page.waitForFunction(() => blank.registered !== undefined);
    const handle = await app.page.evaluate(() => blank.registered?.value.handle ?? '');
    const { intakeId } = await call('intake.start', { handle, reading: {} });
    await expect.poll(async () => (await call('intake.get', { intakeId })).intake.state).toBe('ready');
    const { intake, inputs } = await call('intake.get', { intakeId });
    const { expected } = known;
    expect(intake.accounting).toMatchObject({
      records: expected.records,
      hashes: expected.hashes,
      duplicates: expected.duplicates,
      withoutHash: expected.withoutHash,
      rejected: expected.rejected,
      balanced: true,
    });
    expect(intake.counts).toMatchObject({
      malicious: expected.malicious,
      suspicious: expected.suspicious,
      'non-malicious': expected.nonMalicious,
      unknown: expected.unknown,
      conflict: expected.conflict,
    });
    expect(inputs.map(({ name }) => name)).toEqual(['autoruns-host12.csv']);
    const everything = JSON.stringify([intake, inputs, await call('intake.detail', { intakeId, entry: 0 })]);
    expect(everything).not.toContain(folder);
  });

  it('first paint has all it needs', async () => {
    const bootstrap = await call('app.bootstrap', {});
    expect(bootstrap).toMatchObject({ shell: 'chromium', dataDirectory: join(folder, 'data') });
    expect(bootstrap.stats.items).toBe(623);
  });
});
