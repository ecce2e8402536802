import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import type { HttpOptions } from '#main/net/port.ts';
import type { RequestFault } from '#main/providers/port.ts';
import type { Simulator, SimulatorOptions } from '#main/simulators/port.ts';
import { AUTHORITY, certificate, closedPort, closeServers, serveProxy } from '#test/integration/net/servers.ts';
import type { SourceUnderTest } from './source-under-test.ts';
import { faultOf, file, stage, type StageOptions } from './stage.ts';

const tls = (name: string): Partial<SimulatorOptions> => ({
  tls: {
    key: readFileSync(certificate(`${name}.key`), 'utf8'),
    cert: readFileSync(certificate(`${name}.pem`), 'utf8'),
  },
});

const WORKS = { outcome: 'answer', at: null } as const;

/** Nothing reached the source, and nothing was billed. */
const unsent = (at: RequestFault['at']): unknown => ({
  asked: { outcome: 'transient', at, sent: false },
  tested: { ok: false, at, free: true, answered: false },
  arrived: false,
});
const works = (testBills: number): unknown => ({
  asked: { ...WORKS, sent: true },
  tested: { ok: true, at: null, free: testBills === 0, answered: true },
  arrived: true,
});

/** The way to a source: time, certificates, proxies, the offline switch. Asking and testing name the same fault. */
export function ways<S extends Simulator>(source: SourceUnderTest<S>): void {
  const [kind = 'sha256'] = source.provider.facts.takes;
  const hashes = [file(1)[kind]];

  afterEach(closeServers);

  /** What asking and testing come to, and how many requests arrived. */
  const outcomeOf = async (options: StageOptions): Promise<unknown> => {
    const { ask, test, simulator } = await stage(source, options);
    const asked = await ask(hashes, kind);
    const { ok, at, billed, httpStatus } = await test();
    const { outcome, at: askedAt, sent } = asked.ok ? { ...WORKS, sent: true } : asked.fault;
    return {
      asked: { outcome, at: askedAt, sent },
      tested: { ok, at, free: billed === 0, answered: httpStatus !== null },
      arrived: simulator.log.length > 0,
    };
  };

  it('no answer in time', async () => {
    const { ask, test, simulator } = await stage(source, { config: { timeoutSeconds: 0.15 } });
    simulator.script([{ kind: 'hang' }, { kind: 'hang' }]);
    const found = faultOf(await ask(hashes, kind));
    expect(found).toMatchObject({ outcome: 'transient', at: 'network', sent: true });
    expect(await test()).toMatchObject({ ok: false, at: 'network', httpStatus: null });
  });

  it('ended from this side', async () => {
    const abort = new AbortController();
    const { ask, simulator } = await stage(source, { signal: abort.signal });
    simulator.script([{ kind: 'hang' }]);
    const asking = ask(hashes, kind);
    while (simulator.log.length === 0) {
      await delay(2);
    }
    abort.abort();
    expect(faultOf(await asking)).toMatchObject({ outcome: 'transient', sent: true });
  });

  it('nobody listens there', async () => {
    const url = `http://127.0.0.1:${await closedPort()}`;
    expect(await outcomeOf({ config: { url } })).toEqual(unsent('network'));
  });

  it('offline: nothing is sent', async () => {
    expect(await outcomeOf({ isOffline: true })).toEqual(unsent('offline'));
  });

  describe('a certificate', () => {
    it.each([
      ['that no authority of this machine signed', 'local', {}],
      ['of another name', 'other-name', { caFile: AUTHORITY }],
      ['that is out of date', 'expired', { caFile: AUTHORITY }],
      ['and an authority that cannot be read', 'local', { caFile: '/nowhere/authority.pem' }],
    ])('%s is refused before anything is sent', async (_, name, http: Partial<HttpOptions>) => {
      expect(await outcomeOf({ simulator: tls(name), http })).toEqual(unsent('tls'));
    });

    it.each([
      ['of an authority that was named', 'local', { caFile: AUTHORITY }],
      ['that is not to be verified', 'expired', { verifyTls: false }],
    ])('%s is taken', async (_, name, http: Partial<HttpOptions>) => {
      expect(await outcomeOf({ simulator: tls(name), http })).toEqual(works(source.testBills));
    });
  });

  describe('a proxy', () => {
    const credentials = { name: 'name', password: 'word' };
    const wants = `Basic ${Buffer.from('name:word').toString('base64')}`;

    it('leads to the source', async () => {
      const proxy = await serveProxy({ wants });
      const http: Partial<HttpOptions> = { proxy: { kind: 'manual', url: proxy.url }, proxyCredentials: credentials };
      expect(await outcomeOf({ http })).toEqual(works(source.testBills));
      expect(proxy.heard.length).toBeGreaterThan(0);
    });

    it.each([
      ['wants a name and password', { wants }],
      ['refuses', { answer: 'HTTP/1.1 403 Forbidden' }],
      ['cannot reach the source', { answer: 'HTTP/1.1 502 Bad Gateway' }],
    ])('%s', async (_, options) => {
      const proxy = await serveProxy(options);
      expect(await outcomeOf({ http: { proxy: { kind: 'manual', url: proxy.url } } })).toEqual(unsent('proxy'));
    });

    it('is not there', async () => {
      const url = `http://127.0.0.1:${await closedPort()}`;
      expect(await outcomeOf({ http: { proxy: { kind: 'manual', url } } })).toEqual(unsent('proxy'));
    });
  });
}
