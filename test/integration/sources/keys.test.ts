import { afterEach, describe, expect, it, vi } from 'vitest';
import { sourceCode } from '#shared/domain/source.ts';
import { memorySecrets } from '#test/integration/asking/memory-secrets.ts';
import { cleanUp, failure, openWorld } from './sources-fixture.ts';
import { SOON } from '#test/patience.ts';

afterEach(cleanUp);

const ENABLED = { enabled: true, plan: 'paid', url: 'http://127.0.0.1:9/api' } as const;

describe('a source', () => {
  it('is ready when it is enabled, its terms are accepted and it has a key', async () => {
    const { sources } = await openWorld({ secrets: memorySecrets() });
    const why = async () => {
      const ready = await sources.ready('virustotal');
      return ready.ok ? 'ready' : [ready.why, ready.sentence];
    };
    expect(await why()).toEqual(['disabled', expect.stringContaining('VirusTotal is disabled')]);
    await sources.set('virustotal', ENABLED);
    expect(await why()).toEqual(['no-key', expect.stringContaining('ASSAY_VIRUSTOTAL_KEY')]);
    const view = await sources.setKey('virustotal', 'source', 'k1\n');
    expect([view.key.place, view.state, await why()]).toEqual(['keychain', 'idle', 'ready']);
    const removed = await sources.removeKey('virustotal', 'source');
    expect([removed.key.place, removed.state]).toEqual([null, 'no-key']);
    expect(removed.reason).toContain('has no key');
  });

  it('is not asked with a key that cannot be sent, wherever it comes from', async () => {
    const { sources } = await openWorld({ secrets: memorySecrets({ virustotal: 'geheim-é' }) });
    await sources.set('virustotal', ENABLED);
    const ready = await sources.ready('virustotal');
    expect(ready).toMatchObject({
      ok: false,
      why: 'no-key',
      sentence: expect.stringContaining('ASSAY_VIRUSTOTAL_KEY'),
    });
    expect(JSON.stringify(ready)).not.toContain('geheim');
  });

  it('does not use a public key whose terms were not accepted, however that came about', async () => {
    const { sources, database } = await openWorld();
    const { facts } = await sources.view('virustotal');
    await database.write('setSourceConfig', {
      source: sourceCode('virustotal'),
      config: { ...facts.defaults, enabled: true },
      at: 1,
    });
    expect(await sources.ready('virustotal')).toMatchObject({ ok: false, why: 'disabled' });
  });

  it('says why its key cannot be looked up, and goes on when it can', async () => {
    const secrets = memorySecrets({ virustotal: 'k1' });
    const { sources } = await openWorld({ secrets });
    await sources.set('virustotal', ENABLED);
    secrets.break('The keys are locked.');
    await sources.unlockSecrets('x').catch(() => undefined);
    await sources.chooseSecretStore('keychain');
    expect(await sources.ready('virustotal')).toMatchObject({
      ok: false,
      why: 'no-key',
      sentence: 'The keys are locked. The key of VirusTotal can also be given as ASSAY_VIRUSTOTAL_KEY.',
    });
    expect(await sources.view('virustotal')).toMatchObject({
      state: 'no-key',
      reason: 'The keys are locked. The key of VirusTotal can also be given as ASSAY_VIRUSTOTAL_KEY.',
      key: { place: null, fault: 'The keys are locked.' },
    });
    secrets.break(null);
    const told: string[] = [];
    sources.onChange((source) => told.push(source));
    await sources.unlockSecrets('passphrase');
    expect(await sources.ready('virustotal')).toMatchObject({ ok: true });
    await vi.waitUntil(() => told.includes('virustotal') && told.includes('wildfire'), { timeout: 60_000 });
  });

  it('has one context for as long as settings and key stay the same', async () => {
    const { sources, clients, settings } = await openWorld();
    await sources.set('virustotal', ENABLED);
    const context = async () => {
      const ready = await sources.ready('virustotal');
      return ready.ok ? ready.source.context : null;
    };
    const first = await context();
    expect(first).toMatchObject({ key: expect.any(String), threshold: { malicious: null, suspicious: null } });
    expect(await context()).toBe(first);
    await sources.setKey('virustotal', 'source', 'another');
    const second = await context();
    expect([second?.key, second === first]).toEqual(['another', false]);
    await sources.set('virustotal', { timeoutSeconds: 7 });
    const third = await context();
    expect(third?.config.timeoutSeconds).toBe(7);
    await settings.set({ virustotalThreshold: { malicious: 9, suspicious: 2 } });
    expect((await context())?.threshold).toEqual({ malicious: 9, suspicious: 2 });
    expect(clients.made).toBe(4);
    await vi.waitUntil(() => clients.closed === 3, { timeout: 60_000 });
  });

  it('takes credentials of its proxy along', async () => {
    const { sources } = await openWorld();
    await sources.set('virustotal', ENABLED);
    expect(await failure(sources.setKey('virustotal', 'proxy', 'geheim'))).toEqual({
      code: 'INVALID_ARGUMENT',
      message: expect.not.stringContaining('geheim'),
    });
    const view = await sources.setKey('virustotal', 'proxy', 'anna:ge:heim');
    expect([view.proxyKey.place, view.key.place]).toEqual(['keychain', 'keychain']);
    expect((await sources.removeKey('virustotal', 'proxy')).proxyKey.place).toBeNull();
  });

  it.each(['with space', 'accent-é', 'tab\tbed'])('takes no key like %j', async (value) => {
    const { sources } = await openWorld();
    expect(await failure(sources.setKey('virustotal', 'source', value))).toEqual({
      code: 'INVALID_ARGUMENT',
      message: expect.not.stringContaining(value),
    });
  });
});

describe('a stop', () => {
  it.each<[string, (sources: Awaited<ReturnType<typeof openWorld>>['sources']) => Promise<unknown>]>([
    ['a new key', (sources) => sources.setKey('virustotal', 'source', 'k2')],
    ['new settings', (sources) => sources.set('virustotal', { timeoutSeconds: 8 })],
  ])('ends with %s', async (_, change) => {
    const { sources, database } = await openWorld();
    await sources.set('virustotal', ENABLED);
    const source = sourceCode('virustotal');
    const stop = { state: 'stopped', reason: 'The key was refused.', until: null, faults: 3 } as const;
    await database.write('setSourceState', { source, change: stop, at: 1 });
    expect(await sources.view('virustotal')).toMatchObject({ state: 'stopped', reason: 'The key was refused.' });
    await change(sources);
    expect(await sources.view('virustotal')).toMatchObject({ state: 'idle', reason: '' });
  });

  it('by a person stays', async () => {
    const { sources, database } = await openWorld();
    await sources.set('virustotal', ENABLED);
    const source = sourceCode('virustotal');
    await database.write('setSourceState', { source, change: { state: 'paused', reason: 'Paused.' }, at: 1 });
    await sources.setKey('virustotal', 'source', 'k2');
    expect(await sources.view('virustotal')).toMatchObject({ state: 'paused' });
  });
});

describe('what a source told of its limits', () => {
  it('is forgotten with another key, address or plan, and kept with any other change', async () => {
    const { sources, database } = await openWorld();
    await sources.set('virustotal', ENABLED);
    const told = { window: 'day', allowed: 50, used: 3, at: 1 } as const;
    const keptAfter = async (change: () => Promise<unknown>): Promise<number | undefined> => {
      const source = sourceCode('virustotal');
      await database.write('setSourceState', { source, change: { learned: [told] }, at: 1 });
      await change();
      return (await database.read('sourceStates', {})).find((state) => state.source === source)?.learned.length;
    };
    expect(await keptAfter(() => sources.set('virustotal', { timeoutSeconds: 9, callsPerDay: 70 }))).toBe(1);
    expect(await keptAfter(() => sources.setKey('virustotal', 'proxy', 'a:b'))).toBe(1);
    expect(await keptAfter(() => sources.setKey('virustotal', 'source', 'k3'))).toBe(0);
    expect(await keptAfter(() => sources.set('virustotal', { url: 'http://127.0.0.1:8/api' }))).toBe(0);
    expect(await keptAfter(() => sources.set('virustotal', { plan: 'public', licenceAccepted: true }))).toBe(0);
  });
});

describe('another process', () => {
  it('sees settings it has looked at before, without having asked to be told', async () => {
    const mine = await openWorld();
    const theirs = await openWorld({ folder: mine.folder });
    expect((await theirs.sources.config('wildfire')).timeoutSeconds).toBe(60);
    await mine.sources.set('wildfire', { timeoutSeconds: 61 });
    await vi.waitUntil(async () => (await theirs.sources.config('wildfire')).timeoutSeconds === 61, SOON);
  });

  it('sees settings and keys at once, and tells', async () => {
    const secrets = memorySecrets();
    const mine = await openWorld({ secrets });
    const theirs = await openWorld({ secrets, folder: mine.folder });
    const told: string[] = [];
    theirs.sources.onChange((source) => told.push(source));
    await mine.sources.set('virustotal', ENABLED);
    expect(await theirs.sources.ready('virustotal')).toMatchObject({ ok: false });
    await vi.waitUntil(() => told.includes('virustotal'), { timeout: 60_000 });
    expect(await theirs.sources.ready('virustotal')).toMatchObject({ ok: false, why: 'no-key' });
    told.length = 0;
    await mine.sources.setKey('virustotal', 'source', 'shared');
    await vi.waitUntil(() => told.includes('virustotal'), { timeout: 60_000 });
    const ready = await theirs.sources.ready('virustotal');
    expect(ready.ok && ready.source.context.key).toBe('shared');
    expect(told).not.toContain('wildfire');
  });
});
