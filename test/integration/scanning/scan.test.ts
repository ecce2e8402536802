import { describe, expect, it, vi } from 'vitest';
import type { DigestKind } from '#shared/domain/hash.ts';
import type { SourceConfig } from '#shared/settings/source-config.ts';
import type { SourceId } from '#shared/domain/source.ts';
import type { Simulator } from '#main/simulators/port.ts';
import { digest, digests } from '../outbound/world.ts';
import { NEVER_ABORTED, rowsOf, scanWorld, simulators, type ScanWorld, type ScanWorldOptions } from './scan-world.ts';

type Simulated = Readonly<Record<'wildfire' | 'virustotal', Simulator>>;

async function simulatedWorld(
  asked: Simulated,
  options: ScanWorldOptions = {},
  change: Partial<Record<SourceId, Partial<SourceConfig>>> = {},
): Promise<ScanWorld> {
  const own = (source: 'wildfire' | 'virustotal'): Partial<SourceConfig> => ({
    url: asked[source].url,
    callsPerMinute: null,
    callsPerDay: null,
    callsPerMonth: null,
    ...change[source],
  });
  return scanWorld({ ...options, configs: { wildfire: own('wildfire'), virustotal: own('virustotal') } });
}

async function drained(of: ScanWorld): Promise<void> {
  const stop = of.outbound.seek();
  await of.outbound.drained({ purpose: 'new' }, NEVER_ABORTED);
  await stop();
}

const start = (of: ScanWorld, intakeId: number, change = {}) =>
  of.scanning.start(of.scan(intakeId, change), () => undefined, NEVER_ABORTED);
const hashesOf = (simulator: Simulator): string[] => simulator.log.flatMap(({ hashes }) => [...hashes]);
const avoided = (of: ScanWorld): Record<string, number> =>
  Object.fromEntries(
    of
      .sql<{ detail: string; n: number }>(
        'SELECT detail, sum(amount) AS n FROM metric_events WHERE kind = 8 GROUP BY detail',
      )
      .map(({ detail, n }) => [detail, n]),
  );
const items = (of: ScanWorld) =>
  of.sql<{ source: number; no_answer: number | null; raw_code: string }>(
    'SELECT source, no_answer, raw_code FROM items',
  );

describe('a scan', () => {
  it('asks what the plan says, once, and nothing when it is started again', async () => {
    const asked = await simulators();
    const it = await simulatedWorld(asked);
    const intakeId = await it.dropped(digests(1, 60));
    const plan = await it.scanning.plan(it.scan(intakeId), NEVER_ABORTED);
    const steps: number[] = [];
    const started = await it.scanning.start(it.scan(intakeId), ({ done }) => void steps.push(done), NEVER_ABORTED);
    expect([started, steps]).toEqual([{ queued: 120, alreadyQueued: 0, without: 0, notMade: 0, cannot: 0 }, [60]]);
    expect(await start(it, intakeId)).toEqual({ queued: 0, alreadyQueued: 120, without: 60, notMade: 0, cannot: 0 });
    await drained(it);
    expect([asked.wildfire.log.length, asked.virustotal.log.length]).toEqual(
      plan.sources.map(({ requests }) => requests),
    );
    expect(hashesOf(asked.virustotal).toSorted()).toEqual(digests(1, 60).toSorted());
    expect(new Set(hashesOf(asked.wildfire))).toEqual(new Set(digests(1, 60)));
    const again = await it.scanning.plan(it.scan(intakeId), NEVER_ABORTED);
    expect([again.requests, again.without.fresh]).toEqual([again.sources.reduce((sum, { ask }) => sum + ask, 0), 60]);
    expect(it.faults).toEqual([]);
  });

  it('of a second list waits for what the first queued, and asks it when the first is cancelled', async () => {
    const asked = await simulators();
    const it = await simulatedWorld(asked);
    const [first, second] = [await it.dropped(digests(1, 20)), await it.dropped(digests(11, 20))];
    expect(await start(it, first)).toMatchObject({ queued: 40, alreadyQueued: 0 });
    expect(await start(it, second)).toMatchObject({ queued: 20, alreadyQueued: 20 });
    await it.outbound.cancel({ intakeId: first });
    await drained(it);
    expect(hashesOf(asked.virustotal).toSorted()).toEqual(digests(11, 20).toSorted());
    expect(avoided(it)).toEqual({ queued: 20 });
  });

  it('queues the first rows of the list first', async () => {
    const it = await simulatedWorld(await simulators());
    const lines = digests(1, 50).toReversed();
    await start(it, await it.dropped(lines), { sources: ['virustotal'] });
    expect(
      it.sql<{ hex: string }>('SELECT lower(hex(digest)) AS hex FROM queue ORDER BY id').map(({ hex }) => hex),
    ).toEqual(lines);
  });

  it('puts down what a source takes no digest of, and never asks it', async () => {
    const asked = await simulators();
    const it = await simulatedWorld(asked);
    const intakeId = await it.dropped(digests(1, 5, 'sha1'));
    expect(await start(it, intakeId, { sources: ['wildfire'] })).toEqual({
      queued: 0,
      alreadyQueued: 0,
      without: 0,
      notMade: 0,
      cannot: 5,
    });
    expect(items(it)).toEqual(
      Array.from({ length: 5 }, () => ({
        source: 1,
        no_answer: 2,
        raw_code: 'WildFire takes no SHA-1, and no other digest of these files is known.',
      })),
    );
    await drained(it);
    expect(asked.wildfire.log).toEqual([]);
    const { intake } = await it.intakes.get(intakeId);
    const page = await it.intakes.rows(intakeId, { ...rowsQuery(), statuses: [] }, { offset: 0, limit: 1 });
    expect([intake.counts.unknown, page.rows[0]?.verdict.rule]).toEqual([5, 'could-not-ask']);
  });

  it('asks by another digest of the file where a source takes none of the list', async () => {
    const asked = await simulators();
    const it = await simulatedWorld(asked);
    await it.database.write('learnComputedLinks', { sets: [{ sha1: digest(1, 'sha1'), sha256: digest(9) }], at: 1 });
    await start(it, await it.dropped(digests(1, 1, 'sha1')), { sources: ['wildfire'] });
    await drained(it);
    expect(hashesOf(asked.wildfire)).toEqual([digest(9)]);
    await it.intakes.get(1);
    const page = await it.intakes.rows(1, rowsQuery(), { offset: 0, limit: 1 });
    expect(page.rows[0]?.verdict.rule).not.toBe('never-asked');
  });

  it('keeps what was queued when it is cancelled', async () => {
    const it = await simulatedWorld(await simulators());
    const intakeId = await it.dropped(digests(1, 12_000));
    const stop = new AbortController();
    const started = await it.scanning.start(
      it.scan(intakeId, { sources: ['virustotal'] }),
      () => stop.abort(),
      stop.signal,
    );
    expect([started.queued, it.queued().length]).toEqual([5_000, 5_000]);
    expect(avoided(it)).toEqual({});
  });

  it('refuses to start when no source is enabled, or the list is not there', async () => {
    const it = await simulatedWorld(await simulators());
    await expect(start(it, 7)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const intakeId = await it.dropped(digests(1, 2));
    it.sources.change('wildfire', { enabled: false });
    await expect(start(it, intakeId, { sources: ['wildfire'] })).rejects.toMatchObject({ code: 'CONFLICT' });
  });

  it('queues while offline, and sends nothing until it is online again', async () => {
    const asked = await simulators();
    const it = await simulatedWorld(asked);
    await it.settings.set({ offline: true });
    expect(await start(it, await it.dropped(digests(1, 3)))).toMatchObject({ queued: 6 });
    const stop = it.outbound.seek();
    await vi.waitUntil(async () => (await it.outbound.state()).owner !== null, { timeout: 60_000 });
    expect([asked.wildfire.log.length, asked.virustotal.log.length]).toEqual([0, 0]);
    await it.settings.set({ offline: false });
    await it.outbound.drained({ purpose: 'new' }, NEVER_ABORTED);
    await stop();
    expect([asked.wildfire.log.length, asked.virustotal.log.length]).toEqual([1, 3]);
  });

  it.each(['fastest', 'cheapest'] as const)('asks no further source once one says malicious: %s', async (strategy) => {
    const asked = await simulators();
    const it = await simulatedWorld(asked, {}, { virustotal: { callsPerDay: 1_000 } });
    for (const simulator of Object.values(asked)) {
      simulator.know({ sha256: digest(1), status: 'malicious' });
      simulator.know({ sha256: digest(2), status: 'non-malicious' });
    }
    const intakeId = await it.dropped([digest(1), digest(2)]);
    await start(it, intakeId, { sources: ['wildfire'] });
    await drained(it);
    const plan = await it.scanning.plan(it.scan(intakeId, { strategy }), NEVER_ABORTED);
    expect(plan.sources.map(({ source, ask, fresh, conclusive }) => [source, ask, fresh, conclusive])).toEqual([
      ['wildfire', 0, 2, 0],
      ['virustotal', 1, 0, 1],
    ]);
    expect(plan.without.fresh).toBe(1);
    await start(it, intakeId, { strategy });
    await drained(it);
    expect(hashesOf(asked.virustotal)).toEqual([digest(2)]);
  });

  it('asks the source whose calls tell most first when that is cheapest', async () => {
    const asked = await simulators();
    const it = await simulatedWorld(asked, {}, { virustotal: { callsPerDay: 10 }, wildfire: { callsPerDay: 1_000 } });
    for (const simulator of Object.values(asked)) {
      simulator.know({ sha256: digest(1), status: 'malicious' });
      simulator.know({ sha256: digest(2), status: 'unknown' });
    }
    await start(it, await it.dropped([digest(1), digest(2)]), { strategy: 'cheapest' });
    await drained(it);
    expect([hashesOf(asked.wildfire).toSorted(), hashesOf(asked.virustotal)]).toEqual([
      [digest(1), digest(2)].toSorted(),
      [digest(2)],
    ]);
  });
});

describe('calls that are avoided', () => {
  it('are what a run without avoidance asks more, by the sources’ own count', async () => {
    const world = async (avoid: boolean) => {
      const asked = await simulators();
      const of = await simulatedWorld(asked, { avoid });
      const asNamed = (kind: DigestKind, from: number, count: number) => digests(from, count, kind);
      // Known before: half by the same digest, half through another digest of the file, some malicious.
      for (const simulator of Object.values(asked)) {
        for (let n = 0; n < 20; n += 1) {
          simulator.know({
            md5: digest(n, 'md5'),
            sha1: digest(n, 'sha1'),
            sha256: digest(n),
            status: n % 5 === 0 ? 'malicious' : 'non-malicious',
          });
        }
      }
      await start(of, await of.dropped(digests(0, 20)), { sources: ['virustotal'] });
      await drained(of);
      const before = { calls: counted(asked), avoided: total(avoided(of)) };
      const mixed = [...digests(0, 10), ...asNamed('md5', 10, 10), ...digests(100, 30)];
      const intakeId = await of.dropped(mixed);
      await start(of, intakeId);
      await drained(of);
      return { pairs: counted(asked) - before.calls, avoided: total(avoided(of)) - before.avoided };
    };
    const [saving, wasting] = [await world(true), await world(false)];
    expect(saving.pairs).toBeLessThan(wasting.pairs);
    expect([wasting.pairs - saving.pairs, wasting.avoided]).toEqual([saving.avoided, 0]);
  });
});

const counted = (asked: Simulated): number =>
  Object.values(asked).reduce((sum, simulator) => sum + hashesOf(simulator).length, 0);
const total = (of: Record<string, number>): number => Object.values(of).reduce((sum, n) => sum + n, 0);
function rowsQuery() {
  const selection = rowsOf();
  return selection.kind === 'query' ? selection.query : (undefined as never);
}
