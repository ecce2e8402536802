import { afterEach, describe, expect, it } from 'vitest';
import { SIMULATED_USER } from '#main/simulators/reversinglabs-titaniumcloud/api.ts';
import { createTitaniumCloudSimulator } from '#main/simulators/reversinglabs-titaniumcloud/simulator.ts';
import { memorySecrets } from '#test/integration/asking/memory-secrets.ts';
import { cleanUp, NEVER, openWorld, START } from './sources-fixture.ts';

afterEach(cleanUp);

const SOURCE = 'reversinglabs-titaniumcloud';
const KEY = 'a-password-of-the-test';

describe('a source whose key is a password', () => {
  it('is not asked without a user name, says that it lacks one, and is ready with it', async () => {
    const simulator = await createTitaniumCloudSimulator({
      port: 0,
      key: KEY,
      limits: { perMinute: null, perDay: 700, perMonth: null },
      latencyMs: { least: 0, most: 0 },
      faultShare: 0,
      seed: 1,
      now: () => START,
      minuteMs: 60_000,
      tls: null,
    });
    try {
      const { sources } = await openWorld({ secrets: memorySecrets({ [SOURCE]: KEY }) });
      const view = await sources.set(SOURCE, { url: simulator.url, enabled: true, proxy: { kind: 'none' } });
      const lacking = expect.stringContaining('ReversingLabs TitaniumCloud needs a user name');
      expect([view.state, view.reason]).toEqual(['no-key', lacking]);
      expect(await sources.ready(SOURCE)).toMatchObject({ ok: false, sentence: lacking });
      expect(await sources.test(SOURCE, NEVER)).toMatchObject({ ok: false, message: lacking, billed: 0 });
      expect(simulator.log).toEqual([]);

      const named = await sources.set(SOURCE, { options: { username: SIMULATED_USER } });
      expect([named.state, named.reason]).toEqual(['idle', '']);
      expect(await sources.test(SOURCE, NEVER)).toMatchObject({ ok: true, at: null, billed: 0 });
      const day = (await sources.view(SOURCE)).quota.find(({ window }) => window === 'day');
      expect(day).toMatchObject({ limit: 700, learned: 700 });

      const other = await sources.set(SOURCE, { options: { username: 'u/simulated/other' } });
      expect(other.quota.find(({ window }) => window === 'day')).toMatchObject({ learned: null, limit: 10_000 });
    } finally {
      await simulator.close();
    }
  });
});
