import { afterEach, describe, expect, it } from 'vitest';
import { createA1000Simulator } from '#main/simulators/reversinglabs-a1000/simulator.ts';
import { memorySecrets } from '#test/integration/asking/memory-secrets.ts';
import { cleanUp, failure, NEVER, openWorld, START } from './sources-fixture.ts';

afterEach(cleanUp);

const SOURCE = 'reversinglabs-a1000';
const KEY = 'a-token-of-the-test';

describe('a source that stands nowhere by default', () => {
  it('is not asked until it has an address, and says that it lacks one', async () => {
    const { sources } = await openWorld({ secrets: memorySecrets({ [SOURCE]: KEY }) });
    const view = await sources.set(SOURCE, { enabled: true, callsPerMinute: 5, options: { reach: 'appliance' } });
    const lacking = expect.stringContaining('ReversingLabs A1000 has no address. Set the URL');
    expect([view.config.url, view.config.callsPerMinute, view.state, view.reason]).toEqual(['', 5, 'no-key', lacking]);
    expect(await sources.ready(SOURCE)).toMatchObject({ ok: false, sentence: lacking });
    expect(await sources.test(SOURCE, NEVER)).toMatchObject({ ok: false, at: 'url', message: lacking, billed: 0 });
  });

  it('takes an address and gives none up', async () => {
    const { sources } = await openWorld({ simulated: false, secrets: memorySecrets({ [SOURCE]: KEY }) });
    await sources.set(SOURCE, { url: 'https://A1000.example/', enabled: true });
    expect(await sources.ready(SOURCE)).toMatchObject({
      ok: true,
      source: { config: { url: 'https://a1000.example' } },
    });
    expect(await failure(sources.set(SOURCE, { url: '' }))).toMatchObject({ code: 'INVALID_ARGUMENT' });
    expect((await sources.config(SOURCE)).url).toBe('https://a1000.example');
  });

  it('is tested without a look-up in its cloud', async () => {
    const simulator = await createA1000Simulator({
      port: 0,
      key: KEY,
      limits: { perMinute: 0, perDay: 0, perMonth: 0 },
      latencyMs: { least: 0, most: 0 },
      faultShare: 0,
      seed: 1,
      now: () => START,
      minuteMs: 60_000,
      tls: null,
    });
    try {
      const { sources } = await openWorld({ secrets: memorySecrets({ [SOURCE]: KEY }) });
      const options = { reach: 'appliance-and-cloud' };
      await sources.set(SOURCE, { url: simulator.url, enabled: true, proxy: { kind: 'none' }, options });
      expect(await sources.test(SOURCE, NEVER)).toMatchObject({ ok: true, at: null, billed: 0, httpStatus: 200 });
      expect(simulator.log.map(({ path, billed }) => [path, billed])).toEqual([['/api/samples/status/', 0]]);
    } finally {
      await simulator.close();
    }
  });

  it('looks for files where it is told to, and nowhere else', async () => {
    const { sources } = await openWorld();
    expect((await sources.config(SOURCE)).options).toEqual({ reach: 'appliance' });
    expect(await failure(sources.set(SOURCE, { options: { reach: 'everywhere' } }))).toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: expect.stringContaining('reach must be appliance or appliance-and-cloud'),
    });
  });
});
