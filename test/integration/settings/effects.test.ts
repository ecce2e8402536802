import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { lifeEffectsSchema, type LifeEffects } from '#shared/contract/life.ts';
import { sourceCode, type SourceId } from '#shared/domain/source.ts';
import { STATUS_CODE, type Status } from '#shared/domain/status.ts';
import { createEngine } from '#main/engine.ts';
import type { Engine } from '#main/services/engine-port.ts';
import { temporaryDirectory } from '../../db/temporary-directory.ts';
import { memorySecrets } from '../asking/memory-secrets.ts';
import { digest } from '../outbound/world.ts';

const DAY = 86_400;
const NOW = 20_000 * DAY + 3_600;
const NEVER = new AbortController().signal;

async function engineAt(): Promise<Engine> {
  const engine = await createEngine({
    directory: join(temporaryDirectory(), 'data'),
    threads: 'inline',
    shell: 'terminal',
    clock: { now: () => NOW * 1000 },
    secrets: memorySecrets({}),
  });
  onTestFinished(() => engine.dispose());
  return engine;
}

/** Answers of a source, so many days old each. */
async function answers(
  engine: Engine,
  source: SourceId,
  ages: readonly number[],
  more: { readonly status?: Status; readonly firstSeenAge?: number; readonly at?: number } = {},
): Promise<void> {
  const { status = 'non-malicious' } = more;
  await engine.database.write('importItems', {
    at: more.at ?? NOW - 300 * DAY,
    items: ages.map((age, place) => ({
      digests: { sha256: digest(place + sourceCode(source) * 10_000 + STATUS_CODE[status] * 100_000) },
      source: sourceCode(source),
      status: STATUS_CODE[status],
      noAnswer: status === 'unknown' ? 1 : null,
      score: null,
      threat: null,
      rawCode: null,
      firstSeen: NOW - (more.firstSeenAge ?? 1_000) * DAY,
      scannedAt: NOW - age * DAY,
    })),
  });
}

const effects = async (
  engine: Engine,
  draft: Parameters<Engine['life']['effects']>[0] = { settings: {}, sources: {} },
) => {
  const found = await engine.life.effects(draft, NEVER);
  expect(lifeEffectsSchema.parse(found)).toEqual(found);
  return found;
};
const of = (found: LifeEffects, source: SourceId) => found.sources.find((one) => one.source === source);

describe('what settings come to', () => {
  it('counts what is due by the values of a draft, malicious items by themselves', async () => {
    const engine = await engineAt();
    await engine.sources.set('wildfire', { enabled: true });
    await answers(engine, 'wildfire', [1, 6, 7, 29.5, 31, 40]);
    await answers(engine, 'wildfire', [31, 2], { status: 'malicious' });
    await answers(engine, 'wildfire', [6.5, 8], { status: 'unknown' });
    expect(of(await effects(engine), 'wildfire')).toMatchObject({
      rescans: true,
      why: '',
      items: 10,
      overdue: 4,
      overdueMalicious: 1,
      dueNextDay: 2,
      warning: '',
    });
    const weekly = { settings: { rescanItemDays: 7, notKnownDays: null }, sources: {} };
    expect(of(await effects(engine, weekly), 'wildfire')).toMatchObject({
      overdue: 5,
      overdueMalicious: 1,
      dueNextDay: 1,
    });
    expect(await engine.handlers['app.bootstrap']({})).toMatchObject({ settings: { rescanItemDays: 30 } });
  });

  it('takes new items for new by First Seen, where the source has any', async () => {
    const engine = await engineAt();
    await engine.sources.set('recorded-future', { enabled: true, newItemDays: 14, newItemHours: 24 });
    await engine.sources.set('wildfire', { enabled: true });
    for (const source of ['recorded-future', 'wildfire'] as const) {
      await answers(engine, source, [2, 3], { firstSeenAge: 5 });
    }
    const found = await effects(engine);
    expect([of(found, 'recorded-future')?.overdue, of(found, 'wildfire')?.overdue]).toEqual([2, 0]);
    expect(
      of(
        await effects(engine, { settings: {}, sources: { 'recorded-future': { newItemDays: 4 } } }),
        'recorded-future',
      ),
      // Two items in 30 days, of which 500 are one call.
    ).toMatchObject({ overdue: 2, callsPerDay: 0.00013 });
    expect(
      of(
        await effects(engine, { settings: {}, sources: { 'recorded-future': { newItemDays: null } } }),
        'recorded-future',
      ),
    ).toMatchObject({ overdue: 0 });
  });

  it('says where the quotas do not suffice, in calls as the source bills them', async () => {
    const engine = await engineAt();
    const limits = { callsPerMinute: null, callsPerDay: 10, callsPerMonth: null };
    await engine.sources.set('virustotal', { enabled: true, plan: 'paid', newItemDays: null, ...limits });
    await answers(
      engine,
      'virustotal',
      Array.from({ length: 300 }, () => 1),
    );
    expect(of(await effects(engine), 'virustotal')).toMatchObject({
      callsPerDay: 10,
      allowedPerDay: 5,
      fullCycleDays: 60,
      warning:
        'These intervals take about 10 calls a day, rescans may use 5. Malicious items go first; asking for all once takes 60 days.',
    });
    const roomy = { settings: { rescanShare: 100 }, sources: {} };
    expect(of(await effects(engine, roomy), 'virustotal')).toMatchObject({ allowedPerDay: 10, warning: '' });
    const none = { settings: { rescanShare: 0 }, sources: {} };
    expect(of(await effects(engine, none), 'virustotal')).toMatchObject({
      allowedPerDay: 0,
      fullCycleDays: null,
      warning: expect.stringContaining('Only some malicious items'),
    });
    // Batches of 500 take a five-hundredth of it.
    await engine.sources.set('wildfire', { enabled: true, ...limits });
    await answers(
      engine,
      'wildfire',
      Array.from({ length: 500 }, () => 1),
    );
    expect(of(await effects(engine, { settings: { rescanItemDays: 1 }, sources: {} }), 'wildfire')).toMatchObject({
      callsPerDay: 1,
      warning: '',
    });
  });

  it('counts the single calls of a source that is told to look elsewhere, by an option of the draft', async () => {
    const engine = await engineAt();
    const url = 'https://a1000.example';
    await engine.sources.set('reversinglabs-a1000', { enabled: true, url, callsPerDay: null, newItemDays: null });
    await answers(
      engine,
      'reversinglabs-a1000',
      Array.from({ length: 70 }, () => 1),
      { status: 'unknown' },
    );
    expect(of(await effects(engine), 'reversinglabs-a1000')?.callsPerDay).toBe(0.1);
    const draft = { settings: {}, sources: { 'reversinglabs-a1000': { options: { reach: 'appliance-and-cloud' } } } };
    expect(of(await effects(engine, draft), 'reversinglabs-a1000')?.callsPerDay).toBe(10.1);
  });

  it('says why a source is not asked again', async () => {
    const engine = await engineAt();
    await answers(engine, 'virustotal', [50]);
    await engine.sources.set('wildfire', { enabled: true, rescans: false });
    const found = await effects(engine);
    expect([of(found, 'recorded-future')?.why, of(found, 'wildfire')?.why]).toEqual([
      'It is switched off.',
      'Rescans are off for it.',
    ]);
    const draft = { settings: {}, sources: { virustotal: { enabled: true, licenceAccepted: true } } } as const;
    expect(of(await effects(engine, draft), 'virustotal')).toMatchObject({
      rescans: false,
      why: 'A public key asks for nothing by itself.',
      items: 1,
      overdue: 0,
      callsPerDay: 0,
    });
  });

  it('counts exactly what a purge by these values would remove', async () => {
    const engine = await engineAt();
    await answers(engine, 'wildfire', [1, 2, 3], { at: NOW - 100 * DAY });
    await answers(engine, 'wildfire', [1], { at: NOW - 100 * DAY, status: 'malicious' });
    expect((await effects(engine)).purge).toEqual({ items: 0, files: 0 });
    const draft = { settings: { removeItemDays: 90 }, sources: {} };
    expect((await effects(engine, draft)).purge).toEqual({ items: 3, files: 3 });
    await engine.handlers['settings.set']({ removeItemDays: 90 });
    expect(await engine.life.purge(() => undefined, NEVER)).toMatchObject({ items: 3, files: 3 });
    expect((await effects(engine)).purge).toEqual({ items: 0, files: 0 });
  });

  it('tells the size by the drafted cap, and when it is full at the growth that was recorded', async () => {
    const engine = await engineAt();
    const { bytes } = (await effects(engine)).size;
    await engine.database.write('recordMetric', { kind: 'databaseBytes', at: NOW - 10 * DAY, amount: bytes / 2 });
    const found = await effects(engine, { settings: { maxDatabaseMiB: 64 }, sources: {} });
    expect(found.size.cap).toBe(64 * 1_048_576);
    const days = (64 * 1_048_576 - found.size.bytes) / ((found.size.bytes - bytes / 2) / 10);
    expect(found.size.fullInDays).toBe(Math.round(days));
  });

  it('gives up an older question for a newer one, and ends when it is cancelled', async () => {
    const engine = await engineAt();
    const older = engine.life.effects({ settings: {}, sources: {} }, NEVER);
    const newer = engine.life.effects({ settings: { rescanItemDays: 3 }, sources: {} }, NEVER);
    await expect(older).rejects.toMatchObject({ code: 'CANCELLED' });
    expect((await newer).sources.length).toBeGreaterThan(0);
    const cancelled = engine.life.effects({ settings: {}, sources: {} }, AbortSignal.abort(new Error('enough')));
    await expect(cancelled).rejects.toThrow('enough');
  });
});

it.each([
  ['wildfire', { options: { nope: '3' } }, /^WildFire: nope is no setting of it; there are enabled, /],
  ['wildfire', { newItemDays: 5 }, /^WildFire: newItemDays must be none/],
  ['virustotal', { hashesPerRequest: 9 }, /^VirusTotal: hashesPerRequest must be 1/],
] as const)('a draft that %s would refuse is refused: %j', async (source, change, message) => {
  const engine = await engineAt();
  await expect(engine.life.effects({ settings: {}, sources: { [source]: change } }, NEVER)).rejects.toThrow(message);
});
