import { afterEach, describe, expect, it } from 'vitest';
import type { SourceConfigChange } from '#shared/settings/source-config.ts';
import { sourceCode, sourceLabel } from '#shared/domain/source.ts';
import { providers } from '#main/providers/index.ts';
import { virustotal } from '#main/providers/virustotal/index.ts';
import { cleanUp, failure, openWorld } from './sources-fixture.ts';

afterEach(cleanUp);

describe('settings of a source', () => {
  it('begin as the defaults, labelled by what the source is', async () => {
    const { sources } = await openWorld();
    const { sources: views } = await sources.list();
    expect(views.map(({ source, label, state }) => [source, label, state])).toEqual(
      providers.map(({ facts }) => [facts.source, sourceLabel(facts.source), 'disabled']),
    );
    for (const { config, facts } of views) {
      expect(config).toEqual(facts.defaults);
    }
    expect(views.map(({ facts }) => facts.keyVariable)).toEqual(
      providers.map(({ facts }) => `ASSAY_${facts.source.toUpperCase().replaceAll('-', '_')}_KEY`),
    );
  });

  it('are kept together, and a change of nothing writes nothing', async () => {
    const { sources, database } = await openWorld({ simulated: false });
    const change = { callsPerMinute: 7, hashesPerRequest: 100, caFile: '/etc/own.pem', recheckMinutes: 3 };
    const view = await sources.set('wildfire', change);
    expect(view.config).toMatchObject(change);
    const before = await database.read('sourceConfigs', {});
    await sources.set('wildfire', { callsPerMinute: 7, url: undefined });
    expect(await database.read('sourceConfigs', {})).toEqual(before);
    expect(await sources.config('virustotal')).toEqual((await sources.view('virustotal')).facts.defaults);
  });

  it('lose their trailing slash, and no other part', async () => {
    const { sources } = await openWorld({ simulated: false });
    const url = async (text: string) => (await sources.set('virustotal', { url: text })).config.url;
    expect(await url('https://proxy.example:8443/vt/api/v3//')).toBe('https://proxy.example:8443/vt/api/v3');
    expect(await url('http://[::1]:9000/api')).toBe('http://[::1]:9000/api');
    expect(await url(' https://VT.example ')).toBe('https://vt.example');
  });

  it.each<[string, 'virustotal' | 'wildfire', SourceConfigChange, RegExp]>([
    ['too many hashes', 'wildfire', { hashesPerRequest: 501 }, /^WildFire: hashesPerRequest must be at most 500/],
    ['a batch where there is none', 'virustotal', { hashesPerRequest: 2 }, /hashesPerRequest must be 1/],
    ['plain http', 'virustotal', { url: 'http://www.virustotal.com/api/v3' }, /url must begin with https/],
    ['a file', 'virustotal', { url: 'file:///etc/passwd' }, /url must be an address/],
    ['no address', 'virustotal', { url: 'virustotal' }, /url must be an address/],
    ['a name in the URL', 'virustotal', { url: 'https://geheim@vt.example/' }, /no name or password/],
    ['a query in the URL', 'virustotal', { url: 'https://vt.example/?apikey=geheim' }, /before any \? or #/],
    ['a fragment', 'virustotal', { url: 'https://vt.example/#geheim' }, /before any \? or #/],
    ['a proxy without a scheme', 'virustotal', { proxy: { kind: 'manual', url: 'proxy:3128' } }, /proxy must look/],
    ['a socks proxy', 'virustotal', { proxy: { kind: 'manual', url: 'socks5://proxy:1080' } }, /proxy must look/],
    ['a name in the proxy', 'virustotal', { proxy: { kind: 'manual', url: 'http://a:geheim@p:1' } }, /no name or pass/],
    ['a path in the proxy', 'virustotal', { proxy: { kind: 'manual', url: 'http://p:1/geheim' } }, /without a path/],
    ['a plan it has not', 'wildfire', { plan: 'public' }, /plan must be paid/],
    ['a way it does not know', 'virustotal', { authStyle: 'bearer' }, /authStyle must be key/],
    ['an agent it does not know', 'virustotal', { agent: 'pcc' }, /agent must be empty/],
    ['half a path', 'virustotal', { caFile: 'own.pem' }, /caFile must be the whole path/],
    ['a path on a share', 'virustotal', { caFile: '//files.example/own.pem' }, /caFile must be .* on this machine/],
    ['no calls', 'virustotal', { callsPerDay: 0 }, /callsPerDay/],
    ['automatic asking with a public key', 'virustotal', { automatic: 'new' }, /automatic must be off/],
    ['terms nobody accepted', 'virustotal', { enabled: true }, /licenceAccepted must be true/],
  ])('refuse %s, and keep everything as it was', async (_, source, change, words) => {
    const { sources } = await openWorld({ simulated: false });
    const before = await sources.config(source);
    const fault = await failure(sources.set(source, { timeoutSeconds: 9, ...change }));
    expect(fault).toEqual({ code: 'INVALID_ARGUMENT', message: expect.stringMatching(words) });
    expect(fault.message).not.toContain('geheim');
    expect(await sources.config(source)).toEqual(before);
  });

  it('lead to this machine only in a simulated directory', async () => {
    const { sources } = await openWorld({ simulated: true });
    const refused = { code: 'INVALID_ARGUMENT', message: expect.stringContaining('simulated') };
    expect(await failure(sources.set('wildfire', { url: 'https://eu.wildfire.example/api' }))).toEqual(refused);
    const proxy = { kind: 'manual', url: 'http://proxy.example:3128' } as const;
    expect(await failure(sources.set('wildfire', { proxy }))).toEqual(refused);
    const view = await sources.set('wildfire', { url: 'http://localhost:9000/publicapi', timeoutSeconds: 5 });
    expect(view.config).toMatchObject({ url: 'http://localhost:9000/publicapi', timeoutSeconds: 5 });
  });

  it('take the limits of a plan along, except what the same change sets', async () => {
    const { sources } = await openWorld({ simulated: false });
    const paid = await sources.set('virustotal', { plan: 'paid', callsPerDay: 30_000 });
    const limits = paid.facts.defaults;
    expect(paid.config.callsPerDay).toBe(30_000);
    expect(paid.config.callsPerMinute).not.toBe(limits.callsPerMinute);
    await sources.set('virustotal', { automatic: 'new', enabled: true });
    const back = await sources.set('virustotal', { plan: 'public', licenceAccepted: true });
    expect(back.config).toMatchObject({
      plan: 'public',
      automatic: 'off',
      enabled: true,
      callsPerMinute: 4,
      callsPerDay: 500,
      callsPerMonth: 15_500,
    });
    expect(await failure(sources.set('virustotal', { licenceAccepted: false }))).toMatchObject({
      code: 'INVALID_ARGUMENT',
    });
  });

  it('that do not fit any more fall back to their default, one by one', async () => {
    const { sources, database } = await openWorld();
    await database.write('setSourceConfig', {
      source: sourceCode('wildfire'),
      config: { callsPerDay: 77, concurrency: 'many', unheardOf: 1, proxy: { kind: 'tunnel' }, keyRevision: -4 },
      at: 1,
    });
    const { config, facts } = await sources.view('wildfire');
    expect(config).toEqual({ ...facts.defaults, callsPerDay: 77 });
  });

  it('above what the source told are accepted, and it is said that the smaller number holds', async () => {
    const { sources, database } = await openWorld();
    await sources.set('virustotal', { plan: 'paid' });
    await database.write('setSourceState', {
      source: sourceCode('virustotal'),
      change: { learned: [{ window: 'day', allowed: 50, used: 3, at: 1 }] },
      at: 1,
    });
    const view = await sources.set('virustotal', { callsPerDay: 1_100 });
    expect(view.reason).toMatch(/allows less than is set: 50 a day/);
    expect(view.quota.find(({ window }) => window === 'day')).toMatchObject({ limit: 50, learned: 50 });
    expect(view.config.callsPerDay).toBe(1_100);
  });

  it('of a source this version does not know are refused', async () => {
    const { sources } = await openWorld({ providers: [virustotal] });
    for (const work of [
      sources.view('recorded-future'),
      sources.config('recorded-future'),
      sources.set('recorded-future', { enabled: true }),
      sources.setKey('recorded-future', 'source', 'k'),
    ]) {
      expect(await failure(work)).toMatchObject({ code: 'UNSUPPORTED' });
    }
  });
});

describe('options of one source', () => {
  const config = async (change: SourceConfigChange): Promise<unknown> => {
    const { sources } = await openWorld();
    const { config: kept } = await sources.set('recorded-future', change);
    return [kept.options, kept.hashesPerRequest];
  };

  it('are kept beside those that were not named, and only values there are', async () => {
    expect(await config({ options: { bulkPath: 'soar-v3' } })).toEqual([
      { bulkPath: 'soar-v3', details: 'on', zeroScore: 'unknown' },
      500,
    ]);
    for (const [options, words] of [
      [{ bulkPath: 'soar-v4' }, 'Recorded Future: bulkPath must be soar-v2 or soar-v3 or single. Nothing was changed.'],
      [{ bulk: 'single' }, 'Recorded Future: bulk is no setting of it'],
    ] as const) {
      const fault = await failure(config({ options }));
      expect(fault).toMatchObject({ code: 'INVALID_ARGUMENT', message: expect.stringContaining(words) });
    }
  });

  it('that leave no bulk call are refused with more than one hash per request', async () => {
    expect(await failure(config({ options: { bulkPath: 'single' } }))).toMatchObject({
      code: 'INVALID_ARGUMENT',
      message:
        'Recorded Future: hashesPerRequest must be 1 where bulkPath is single: without the bulk API every hash is a ' +
        'call. Nothing was changed.',
    });
    expect(await config({ options: { bulkPath: 'single' }, hashesPerRequest: 1 })).toEqual([
      { bulkPath: 'single', details: 'on', zeroScore: 'unknown' },
      1,
    ]);
  });
});

describe('a wait for a quota', () => {
  it('ends with the limits it was met under, also while no process asks', async () => {
    const { sources, database } = await openWorld();
    const source = sourceCode('virustotal');
    const state = async () => (await database.read('sourceStates', {})).find((one) => one.source === source)?.state;
    const wait = (until: number) =>
      database.write('setSourceState', {
        source,
        change: {
          state: 'waiting',
          reason: 'Refused.',
          until,
          learned: [{ window: 'minute', allowed: 2, used: null, at: 1 }],
        },
        at: Date.now(),
      });
    await wait(Date.now() + 40 * 86_400_000);
    await sources.set('virustotal', { callsPerMinute: 3 });
    expect(await state()).toBe('waiting');
    await sources.set('virustotal', { callsPerMonth: 3_000 });
    expect([await state(), (await sources.view('virustotal')).quota[0]]).toMatchObject(['ready', { learned: null }]);
    await wait(Date.now() + 40 * 86_400_000);
    await sources.setKey('virustotal', 'source', 'f'.repeat(64));
    expect(await state()).toBe('ready');
  });
});
