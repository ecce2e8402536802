import { afterEach, expect, it, vi } from 'vitest';
import type { SourceState } from '#main/db/repositories/queue-types.ts';
import { createSecrets } from '#main/platform/secrets/secrets.ts';
import { sourceCode } from '#shared/domain/source.ts';
import { memoryKeychain } from '#test/integration/secrets/secrets-fixture.ts';
import { cleanUp, openWorld, type World } from './sources-fixture.ts';

afterEach(cleanUp);

const VIRUSTOTAL = sourceCode('virustotal');
const STOP = { state: 'stopped', reason: 'The key was refused.', until: null } as const;

/** The next program on the same data, with that key in its environment. */
async function startWith(key: string | null, first?: World): Promise<World> {
  const world = await openWorld(first === undefined ? {} : { folder: first.folder });
  const secrets = createSecrets({
    directory: world.folder,
    env: key === null ? {} : { ASSAY_VIRUSTOTAL_KEY: key },
    chosen: () => Promise.resolve('keychain'),
    choose: () => Promise.resolve(),
    keychain: memoryKeychain(),
  });
  const given = await openWorld({ folder: world.folder, secrets: { ...secrets, break: () => undefined } });
  await given.sources.list();
  return given;
}

const stateOf = async ({ database }: World): Promise<SourceState['state'] | undefined> =>
  (await database.read('sourceStates', {})).find((state) => state.source === VIRUSTOTAL)?.state;
const markOf = async ({ database }: World): Promise<unknown> => {
  const row = (await database.read('sourceConfigs', {})).find((one) => one.source === VIRUSTOTAL);
  return (row?.config as { environmentMark?: unknown } | undefined)?.environmentMark;
};
const stop = ({ database }: World) =>
  database.write('setSourceState', { source: VIRUSTOTAL, change: STOP, at: Date.now() });

it('another key in the environment ends a stop, the same one does not', async () => {
  const first = await startWith('refused-key');
  await vi.waitUntil(async () => typeof (await markOf(first)) === 'number', { timeout: 60_000 });
  await stop(first);
  const again = await startWith('refused-key', first);
  // Settles when what is done once per program is over.
  await again.sources.dispose();
  expect(await stateOf(again)).toBe('stopped');
  const corrected = await startWith('right-key', first);
  await vi.waitUntil(async () => (await stateOf(corrected)) === 'ready', { timeout: 60_000 });
  await stop(corrected);
  const without = await startWith(null, first);
  await vi.waitUntil(async () => (await stateOf(without)) === 'ready', { timeout: 60_000 });
  expect(await markOf(without)).toBeNull();
});

it('its mark tells nothing about the key', async () => {
  const world = await startWith('refused-key');
  await vi.waitUntil(async () => typeof (await markOf(world)) === 'number', { timeout: 60_000 });
  const mark = Number(await markOf(world));
  expect(mark >= 0 && mark <= 0xffff).toBe(true);
});
