import { expect, it } from 'vitest';
import { CHANGE } from '#main/db/change-kinds.ts';
import { startLifeKeeping } from '#main/services/life/keep-life.ts';
import { DEFAULT_SETTINGS } from '#shared/settings/plain.ts';
import { fakeTime } from '../outbound/fake-time.ts';

const DAY = 86_400_000;

function keeping() {
  const time = fakeTime(Date.UTC(2026, 10, 22, 9, 30));
  const done: string[] = [];
  const faults: unknown[] = [];
  const pruned: unknown[] = [];
  const meta: { keptDay: number | null; listener: ((change: { kinds: readonly number[] }) => void) | null } = {
    keptDay: null,
    listener: null,
  };
  let fault: Error | null = null;
  const day = (): string => new Date(time.now()).toISOString().slice(0, 10);
  const start = () =>
    startLifeKeeping({
      timer: time,
      settings: { get: async () => ({ ...DEFAULT_SETTINGS }) },
      database: {
        read: async () => meta.keptDay,
        write: async (name: string, args: { readonly day: number }) => {
          if (name === 'pruneMetrics') {
            pruned.push(args);
          }
          if (name === 'setLifeKeptDay') {
            meta.keptDay = args.day;
          }
          return 0;
        },
        onChange: (listener: typeof meta.listener) => {
          meta.listener = listener;
          return () => {
            meta.listener = null;
          };
        },
      } as never,
      purge: {
        purge: async () => {
          if (fault !== null) {
            throw fault;
          }
          done.push(day());
          return { items: 0, files: 0, reports: 0, askedBefore: 0 };
        },
      } as never,
      room: {
        size: async () => ({ bytes: 7, cap: 9, isFull: false }),
        keep: async () => void done.push('size'),
      } as never,
      onFault: (error) => faults.push(error),
    });
  return {
    time,
    done,
    pruned,
    faults,
    meta,
    start,
    fail: (error: Error | null) => {
      fault = error;
    },
  };
}

it('takes roll-ups out once a UTC day, each level when its own time is over', async () => {
  const { time, pruned, start } = keeping();
  const stop = start();
  await time.pass(1);
  const now = Date.UTC(2026, 10, 22, 9, 30) / 1000;
  const { usageMinuteDays, usageHourDays, usageDays } = DEFAULT_SETTINGS;
  const [minutes, hours, days] = [usageMinuteDays, usageHourDays, usageDays].map((kept) => now - kept * 86_400);
  expect(pruned).toEqual([{ minutes, hours, days }]);
  await time.pass(DAY);
  expect(pruned).toHaveLength(2);
  await stop();
});

it('purges once a UTC day, also across restarts of the process that does it', async () => {
  const { time, done, start } = keeping();
  const stop = start();
  await time.pass(1);
  await stop();
  const again = start();
  await time.pass(2 * DAY);
  await again();
  await time.pass(3 * DAY);
  expect(done).toEqual(['2026-11-22', '2026-11-23', '2026-11-24']);
  expect(time.armed).toBe(0);
});

it('begins a day again that failed, with the next hour', async () => {
  const { time, done, faults, start, fail } = keeping();
  fail(new Error('the disk is full'));
  const stop = start();
  await time.pass(2 * 3_600_000);
  const before = [done.length, faults.length];
  fail(null);
  await time.pass(3_600_000);
  await stop();
  expect([before, done]).toEqual([[0, 3], ['2026-11-22']]);
});

it('looks at the size when answers came in, and not for anything else', async () => {
  const { time, done, meta, start } = keeping();
  const stop = start();
  await time.pass(1);
  meta.listener?.({ kinds: [CHANGE.queue] });
  meta.listener?.({ kinds: [CHANGE.item] });
  meta.listener?.({ kinds: [CHANGE.item] });
  await time.pass(1);
  await stop();
  expect(done).toEqual(['2026-11-22', 'size']);
});

it('removes nothing by a clock that leapt ahead and was set right within the hour', async () => {
  const { time, done, meta, start } = keeping();
  const stop = start();
  await time.pass(1);
  const before = Date.UTC(2100, 0, 1) - time.now();
  time.jump(before);
  await time.pass(3_600_000);
  time.jump(-before);
  await time.pass(DAY);
  await stop();
  expect(done).toEqual(['2026-11-22', '2026-11-23']);
  expect(meta.keptDay).toBe(Math.floor(Date.UTC(2026, 10, 23) / DAY));
});

it('looks an hour later again after months without it, and removes then', async () => {
  const { time, done, start } = keeping();
  const stop = start();
  await time.pass(1);
  await stop();
  time.jump(100 * DAY);
  const again = start();
  await time.pass(1);
  expect(done).toEqual(['2026-11-22']);
  await time.pass(3_600_000);
  await again();
  expect(done).toEqual(['2026-11-22', '2027-03-02']);
});
