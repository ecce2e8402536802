import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sourceCode } from '#shared/domain/source.ts';
import { policyOf } from '#shared/settings/verdict-policy.ts';
import { digestOf } from '#test/bench/data.ts';
import { changingWorld, DAY, START, type ChangingWorld } from '../history/changing-world.ts';

const FIRST = digestOf('file', 1);
const MD5 = digestOf('md5', 1).slice(0, 32);
const SECOND = digestOf('file', 2);
const AGREED = digestOf('file', 3);
const { signal } = new AbortController();

let world: ChangingWorld;
beforeEach(async () => {
  world = await changingWorld();
});
afterEach(() => world.dispose());

const page = () => world.engine.review.page({ offset: 0, limit: 100 });
const counts = async (intakeId: number) => (await world.engine.intakes.get(intakeId)).intake.counts;

/** Two files that sources disagree about, one that they agree about. */
async function dispute(): Promise<void> {
  await world.says('virustotal', 'malicious', [FIRST, MD5], 41);
  await world.says('wildfire', 'non-malicious', [FIRST]);
  world.later(DAY);
  await world.says('virustotal', 'non-malicious', [SECOND], 0);
  await world.says('wildfire', 'malicious', [SECOND]);
  await world.says('virustotal', 'malicious', [AGREED], 30);
  await world.says('wildfire', 'malicious', [AGREED]);
}

async function idsOf(...hashes: readonly string[]): Promise<number[]> {
  const { rows } = await page();
  return hashes.map((hash) => rows.find(({ digests }) => digests.sha256 === hash)?.fileId ?? -1);
}

describe('the review queue', () => {
  it('lists who says what, newest first', async () => {
    await dispute();
    await world.keep('host 12', [MD5, AGREED]);
    const { rows, total, atLeast } = await page();
    expect([total, atLeast]).toEqual([2, false]);
    expect(rows.map(({ digests, since, says, intakeCount }) => [digests.sha256, since, says, intakeCount])).toEqual([
      [
        SECOND,
        START + DAY,
        [
          { source: 'wildfire', status: 'malicious', score: '', threat: null },
          { source: 'virustotal', status: 'non-malicious', score: '0 engines', threat: null },
        ],
        0,
      ],
      [
        FIRST,
        START,
        [
          { source: 'virustotal', status: 'malicious', score: '41 engines', threat: null },
          { source: 'wildfire', status: 'non-malicious', score: '', threat: null },
        ],
        1,
      ],
    ]);
    expect(rows[1]?.verdict).toMatchObject({ status: 'malicious', flags: ['conflict'] });
  });

  it('finds the disagreement about one hash, under any of its digests, and says why there is none', async () => {
    await dispute();
    expect((await world.engine.review.find(MD5)).map(({ digests }) => digests.sha256)).toEqual([FIRST]);
    await expect(world.engine.review.find(AGREED)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(world.engine.review.find('nonsense')).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });

  it('shows the effect on past verdicts before it is written, and is right about it', async () => {
    await dispute();
    const one = await world.keep('host 12', [MD5, AGREED, SECOND]);
    const two = await world.keep('host 13', [FIRST]);
    await world.keep('host 14', [AGREED]);
    const before = await counts(one);
    const fileIds = await idsOf(FIRST, SECOND);
    const effect = await world.engine.review.preview({ fileIds, side: 'non-malicious' }, signal);
    expect(effect).toMatchObject({
      files: 2,
      problems: [],
      intakes: [
        { intakeId: one, title: 'host 12', rows: 2, moved: 2, before: { malicious: 2 }, after: { 'non-malicious': 2 } },
        { intakeId: two, title: 'host 13', rows: 1, moved: 1, before: { malicious: 1 }, after: { 'non-malicious': 1 } },
      ],
    });
    expect(await counts(one)).toEqual(before);

    const change = await world.engine.review.decide({
      fileIds,
      side: 'non-malicious',
      reason: 'built in house',
      note: '',
      expiresAt: null,
    });
    expect(change).toMatchObject({ added: 2, problems: [] });
    await world.engine.intakes.rejudgeOpen();
    const after = await counts(one);
    expect([after.malicious, after['non-malicious']]).toEqual([
      before.malicious - (effect.intakes[0]?.before.malicious ?? 0),
      before['non-malicious'] + (effect.intakes[0]?.after['non-malicious'] ?? 0),
    ]);
    expect((await page()).total).toBe(0);

    await world.engine.hashList.undo(change.changeId ?? 0);
    expect((await page()).total).toBe(2);
    await world.engine.intakes.rejudgeOpen();
    expect(await counts(one)).toEqual(before);
  });

  it('counts what would no longer be asked', async () => {
    await dispute();
    await world.engine.sources.set('virustotal', { enabled: true, plan: 'paid' });
    const [fileId = 0] = await idsOf(FIRST);
    const asked = await world.engine.review.preview({ fileIds: [fileId], side: 'malicious' }, signal);
    await world.engine.database.write('enqueue', {
      source: sourceCode('virustotal'),
      kind: 'md5',
      digests: Buffer.from(MD5, 'hex'),
      purpose: 'new',
      intakeId: null,
      stage: 0,
      stopOnMalicious: false,
      force: true,
      at: world.now() * 1000,
    });
    const { queued, rescans } = await world.engine.review.preview({ fileIds: [fileId], side: 'malicious' }, signal);
    expect([asked.queued, queued, rescans]).toEqual([0, 1, 1]);
  });

  it('tells what stands in the way instead of an effect', async () => {
    await dispute();
    const fileIds = await idsOf(FIRST);
    const entry = { groups: [{ md5: MD5 }], side: 'malicious' as const, note: '', reason: '' };
    await world.engine.hashList.add({ ...entry, expiresAt: world.now() - 1 });
    const effect = await world.engine.review.preview({ fileIds, side: 'non-malicious' }, signal);
    expect(effect.problems).toMatchObject([{ problem: 'other-side', hash: MD5 }]);
    expect([effect.intakes, effect.queued, effect.rescans]).toEqual([[], 0, 0]);
  });

  it('refuses files that are gone, and stops when nobody wants to know', async () => {
    await dispute();
    await world.keep('host 12', [FIRST]);
    const decision = { fileIds: [999], side: 'malicious' as const };
    await expect(world.engine.review.preview(decision, signal)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const fileIds = await idsOf(FIRST);
    await expect(
      world.engine.review.preview({ fileIds, side: 'malicious' }, AbortSignal.abort()),
    ).rejects.toMatchObject({ code: 'CANCELLED' });
  });
});

describe('after thresholds change', () => {
  it('the list of disagreements is made true again', async () => {
    await dispute();
    await world.engine.review.settle(signal);
    await world.engine.handlers['settings.set']({ virustotalThreshold: { malicious: 50, suspicious: 45 } });
    expect((await page()).total).toBe(2);
    await world.engine.review.settle(signal);
    const { rows } = await page();
    expect(rows.map(({ digests }) => digests.sha256)).toEqual([AGREED, SECOND]);
  });

  it('a window does it by itself', async () => {
    await world.dispose();
    world = await changingWorld({ shell: 'chromium' });
    await dispute();
    await world.engine.handlers['settings.set']({ virustotalThreshold: { malicious: 50, suspicious: 45 } });
    await world.pushed('changed', ({ kinds }) => kinds.includes('settings'));
    await expect.poll(async () => (await page()).rows.map(({ digests }) => digests.sha256)).toEqual([AGREED, SECOND]);
  });

  it('goes on where it was interrupted', async () => {
    await dispute();
    const { database, review, handlers } = world.engine;
    await review.settle(signal);
    const [first = 0] = await idsOf(FIRST);
    await handlers['settings.set']({ virustotalThreshold: { malicious: 50, suspicious: 45 } });
    await expect(review.settle(AbortSignal.abort())).rejects.toThrow(/abort/);
    // As an end of the process right behind the first file leaves it.
    const thresholds = JSON.stringify(policyOf(await database.read('allSettings', undefined)).thresholds);
    await database.write('setMetaValue', {
      key: 'disagreements_settled',
      value: JSON.stringify({ thresholds, after: first }),
    });
    await review.settle(signal);
    // The first file is passed over: it was looked at before. The others are not.
    const { rows } = await page();
    expect(rows.map(({ digests }) => digests.sha256)).toEqual([AGREED, SECOND, FIRST]);
  });
});
