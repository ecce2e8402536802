import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Counts } from '#shared/contract/common.ts';
import type { AssayBridge } from '#shared/contract/index.ts';
import { digestOf } from '#test/bench/data.ts';
import { assay } from '#test/integration/terminal/assay.ts';
import { seed, writeCase, type Case } from './case-data.ts';
import { browser, temporaryFolder, type App } from './launch.ts';
import { openRealApp } from './real-engine.ts';
import { blankPage } from './shell/blank-page.ts';

interface Blank {
  readonly assay: AssayBridge;
  readonly pushed: (readonly [string, { readonly kinds?: readonly string[] }])[];
}
declare const blank: Blank;

const EACH = 40;

describe.skipIf(browser === null)('a window and two terminals on one data directory', () => {
  let app: App;
  let folder: string;
  let known: Case;
  let intakeId = 0;

  beforeAll(async () => {
    folder = temporaryFolder();
    known = writeCase(folder);
    app = await openRealApp({ folder, pageRoot: blankPage(folder), prepare: (engine) => seed(engine, known.items) });
    await app.page.waitForFunction(() => document.title === 'Ready');
    const { handle } = app.engine.registerPaths([known.list]);
    intakeId = await app.page.evaluate(async (given) => {
      const reply = await blank.assay.call('intake.start', { handle: given, reading: {} });
      return (reply as { value: { intakeId: number } }).value.intakeId;
    }, handle);
    await vi.waitUntil(async () => (await app.engine.intakes.get(intakeId)).intake.state === 'ready', {
      timeout: 60_000,
    });
  });
  afterAll(() => app.close());

  const terminal = (...args: readonly string[]) => assay([...args, '--data', join(folder, 'data')]);
  const counts = async (): Promise<Counts> => (await app.engine.intakes.get(intakeId)).intake.counts;

  it('the window hears of a hash listed in a terminal and judges its open list again', async () => {
    const before = await counts();
    const added = await terminal('hash-list', 'add', known.hashOf.unknown, '--malicious', '--note', 'seen elsewhere');
    expect([added.code, added.err]).toEqual([0, expect.any(String)]);
    await app.page.waitForFunction(() =>
      blank.pushed.some(([name, { kinds }]) => name === 'changed' && kinds?.includes('verdicts')),
    );
    await expect.poll(() => counts()).toMatchObject({ malicious: before.malicious + 1, unknown: before.unknown - 1 });
  });

  it('a terminal sees what the window keeps', async () => {
    const listed = await terminal('intakes', 'list');
    expect([listed.code, listed.out]).toEqual([0, expect.stringContaining('autoruns-host12.csv')]);
  });

  it('three processes write at once and nothing is lost', async () => {
    const hashes = (writer: string): string[] => Array.from({ length: EACH }, (_, n) => digestOf(writer, n));
    const inWindow = app.page.evaluate(async (mine) => {
      const replies = [];
      for (const hash of mine) {
        replies.push(await blank.assay.call('hashList.addText', { text: hash, side: 'non-malicious' }));
      }
      return replies.filter((reply) => !reply.ok);
    }, hashes('window'));
    const inTerminals = ['first', 'second'].map(async (writer) => {
      const all = hashes(writer);
      const half = EACH / 2;
      const ends = [
        await terminal('hash-list', 'add', ...all.slice(0, half), '--malicious'),
        await terminal('hash-list', 'add', ...all.slice(half), '--malicious'),
      ];
      return ends.filter(({ code }) => code !== 0);
    });
    const outcomes = await Promise.all([inWindow, ...inTerminals]);
    expect(outcomes).toEqual([[], [], []]);
    const listed = await app.engine.hashList.page(
      { side: null, expiring: false, text: '', sort: 'addedAt', descending: true },
      { offset: 0, limit: 1 },
    );
    expect(listed.counts).toMatchObject({ all: 3 * EACH + 1, malicious: 2 * EACH + 1, 'non-malicious': EACH });
  });
});
