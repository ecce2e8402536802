import { describe, expect, it } from 'vitest';
import { AppError } from '#shared/errors/app-error.ts';
import { scriptedSource } from '../outbound/scripted-source.ts';
import { digest, digests } from '../outbound/world.ts';
import { NEVER_ABORTED, scanWorld, type ScanWorld } from './scan-world.ts';

async function world(): Promise<ScanWorld> {
  return scanWorld({
    providers: [
      scriptedSource('wildfire', { takes: ['sha256', 'md5'] }),
      scriptedSource('virustotal', { mostHashesPerRequest: 1 }),
    ],
    configs: {
      wildfire: { automatic: 'new', callsPerMinute: null, callsPerDay: null, hashesPerRequest: 500 },
      virustotal: { automatic: 'off', hashesPerRequest: 1 },
    },
  });
}

const wildfire = (hashes: readonly string[]): string[] => hashes.map((hash) => `wildfire ${hash}`).toSorted();

describe('a list that has just arrived', () => {
  it('is queued for the sources that ask by themselves, for what nothing fresh is known about', async () => {
    const it = await world();
    await it.dropped([...digests(1, 5), ...digests(50, 2, 'sha1')]);
    expect(it.queued()).toEqual(wildfire(digests(1, 5)));
    const stop = it.outbound.seek();
    await it.outbound.drained({}, NEVER_ABORTED);
    await stop();
    await it.dropped(digests(4, 4));
    expect(it.queued()).toEqual(wildfire(digests(6, 2)));
    expect(it.sql('SELECT * FROM items WHERE no_answer = 2')).toEqual([]);
  });

  it('is queued by no source that is off, disabled, without a key, or has a public key', async () => {
    const it = await world();
    it.sources.change('virustotal', { automatic: 'new', plan: 'public' });
    it.sources.change('wildfire', { enabled: false });
    await it.dropped(digests(1, 5));
    it.sources.change('wildfire', { enabled: true });
    it.sources.setKeyOf('wildfire', null);
    await it.dropped(digests(11, 5));
    it.sources.setKeyOf('wildfire', 'a key');
    it.sources.change('wildfire', { automatic: 'off' });
    await it.dropped(digests(21, 5));
    expect([it.queued(), it.faults]).toEqual([[], []]);
  });

  it('does not depend on being received: a failure is told, and the list stands', async () => {
    const it = await world();
    it.sources.ready = () => Promise.reject(new AppError('UNREADABLE', 'The keychain is locked.'));
    const intakeId = await it.dropped([digest(1)]);
    expect((await it.intakes.get(intakeId)).intake.state).toBe('ready');
    expect(it.faults).toEqual([new AppError('UNREADABLE', 'The keychain is locked.')]);
  });

  it('is not received when its reading was cancelled', async () => {
    const it = await world();
    const stop = new AbortController();
    async function* chunks() {
      yield Buffer.from(`${digests(1, 50).join('\n')}\n`);
      stop.abort();
      yield Buffer.from(`${digests(51, 50).join('\n')}\n`);
    }
    const { finished } = await it.intakes.start(
      { door: 'terminal', inputs: [{ kind: 'stream', name: 'list', chunks: chunks() }], reading: { as: 'list' } },
      () => undefined,
      stop.signal,
    );
    expect((await finished).state).toBe('cancelled');
    await it.scanning.settled();
    expect(it.queued()).toEqual([]);
  });

  it('is received from threads as well', async () => {
    const it = await scanWorld({
      threads: 'workers',
      providers: [scriptedSource('wildfire', { takes: ['sha256', 'md5'] })],
      configs: { wildfire: { automatic: 'new', hashesPerRequest: 500 } },
    });
    const intakeId = await it.dropped(digests(1, 1_000));
    expect(it.queued().length).toBe(1_000);
    const plan = await it.scanning.plan(it.scan(intakeId), NEVER_ABORTED);
    expect([plan.without.queued, plan.ask]).toEqual([1_000, 0]);
  });
});
