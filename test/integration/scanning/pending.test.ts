import { describe, expect, it } from 'vitest';
import { NO_ANSWER_CODE } from '#main/db/codes.ts';
import { spendingOf } from '#main/jobs/outbound/spending.ts';
import { item, hashesOf, claimArgs } from '../../db/queue/world.ts';
import { digest } from '../outbound/world.ts';
import { NEVER_ABORTED, scanWorld, type ScanWorld } from './scan-world.ts';

const NOW = Date.UTC(2026, 10, 22, 9);
const SECONDS = NOW / 1000;
const DAY = 86_400;

async function world(recheckMinutes: number): Promise<ScanWorld> {
  return scanWorld({
    clock: { now: () => NOW },
    configs: { wildfire: { recheckMinutes }, virustotal: { enabled: false } },
  });
}

async function claimed(of: ScanWorld, recheckMinutes: number): Promise<readonly string[]> {
  const { freshSeconds, notKnownSeconds } = spendingOf(await of.settings.get());
  const { claim } = await of.database.write(
    'claimRequest',
    claimArgs(NOW, 0, { freshSeconds, notKnownSeconds, recheckSeconds: recheckMinutes * 60 }),
  );
  return claim.kind === 'request' ? hashesOf(claim) : [];
}

describe('a list with pending answers', () => {
  it.each([
    ['shorter', 15],
    ['longer than the stale age', 10_080],
  ])('is asked about what the plan says, with a recheck that is %s', async (_what, minutes) => {
    const of = await world(minutes);
    await of.settings.set({ staleAfterDays: 1 });
    const ages = [minutes * 60 - 1, minutes * 60, minutes * 60 + 1, DAY - 1, DAY + 1];
    await of.database.write('importItems', {
      items: [
        ...ages.map((age, n) => item({ sha256: digest(n) }, 'pending', SECONDS - age)),
        ...ages.map((age, n) => item({ sha256: digest(10 + n) }, 'non-malicious', SECONDS - age)),
      ],
      at: SECONDS,
    });
    const intakeId = await of.dropped([...ages.keys()].flatMap((n) => [digest(n), digest(10 + n)]));
    const plan = await of.scanning.plan(of.scan(intakeId), NEVER_ABORTED);
    const started = await of.scanning.start(of.scan(intakeId), () => undefined, NEVER_ABORTED);
    const due = ages.flatMap((age, n) => [
      ...(age > minutes * 60 ? [digest(n)] : []),
      ...(age > DAY ? [digest(10 + n)] : []),
    ]);
    expect([plan.ask, started.queued]).toEqual([due.length, due.length]);
    expect((await claimed(of, minutes)).toSorted()).toEqual(due.toSorted());
  });

  it('costs no call for one that was answered while it waited', async () => {
    const of = await world(15);
    await of.database.write('importItems', {
      items: [item({ sha256: digest(1) }, 'pending', SECONDS - 1000)],
      at: SECONDS,
    });
    const intakeId = await of.dropped([digest(1), digest(2)]);
    await of.scanning.start(of.scan(intakeId), () => undefined, NEVER_ABORTED);
    expect(of.queued()).toEqual([`wildfire ${digest(1)}`, `wildfire ${digest(2)}`].toSorted());
    await of.database.write('importItems', {
      items: [item({ sha256: digest(1) }, 'malicious', SECONDS)],
      at: SECONDS,
    });
    expect(await claimed(of, 15)).toEqual([digest(2)]);
  });
});

describe('a list that a source does not know', () => {
  it.each([
    ['shorter than the stale age', 7, 30, 7],
    ['longer', 60, 30, 30],
    ['never', null, 30, 30],
  ])(
    'is asked about what the plan says, with an interval that is %s',
    async (_what, notKnownDays, staleAfterDays, days) => {
      const of = await world(15);
      await of.settings.set({ notKnownDays, staleAfterDays });
      const ages = [7 * DAY, 7 * DAY + 1, 30 * DAY, 30 * DAY + 1];
      const noAnswer = NO_ANSWER_CODE['not-known'];
      await of.database.write('importItems', {
        items: ages.map((age, n) => item({ sha256: digest(n) }, 'unknown', SECONDS - age, { noAnswer })),
        at: SECONDS,
      });
      const intakeId = await of.dropped([...ages.keys()].map((n) => digest(n)));
      const plan = await of.scanning.plan(of.scan(intakeId), NEVER_ABORTED);
      await of.scanning.start(of.scan(intakeId), () => undefined, NEVER_ABORTED);
      const due = ages.flatMap((age, n) => (age > days * DAY ? [digest(n)] : []));
      expect([plan.ask, plan.without.fresh]).toEqual([due.length, ages.length - due.length]);
      expect((await claimed(of, 15)).toSorted()).toEqual(due.toSorted());
      // What the plan left out as fresh would be dropped if it were queued all the same.
      const fresh = [...ages.keys()].map((n) => digest(n)).filter((hash) => !due.includes(hash));
      await of.database.write('enqueue', {
        source: 1,
        kind: 'sha256',
        digests: Buffer.from(fresh.join(''), 'hex'),
        purpose: 'new',
        intakeId: null,
        stage: 0,
        stopOnMalicious: false,
        force: false,
        at: NOW,
      });
      expect(await claimed(of, 15)).toEqual([]);
    },
  );
});
