import { describe, expect, it } from 'vitest';
import { DEFAULT_SETTINGS } from '#shared/settings/plain.ts';
import { startLogKeeping } from '#main/services/outbound/log-keeping.ts';
import { fakeTime } from './fake-time.ts';

const DAY = 86_400_000;

function keeping(requestLogDays: number, start: number) {
  const time = fakeTime(start);
  const pruned: { readonly at: number; readonly before: number }[] = [];
  const faults: unknown[] = [];
  let fault: Error | null = null;
  const stop = startLogKeeping({
    timer: time,
    settings: { get: async () => ({ ...DEFAULT_SETTINGS, requestLogDays }) },
    database: {
      write: async (_name: string, args: unknown) => {
        if (fault !== null) {
          throw fault;
        }
        pruned.push({ at: time.now(), before: (args as { readonly before: number }).before });
        return 0;
      },
    } as never,
    onFault: (error) => faults.push(error),
  });
  const fail = (error: Error | null): void => {
    fault = error;
  };
  return { time, pruned, faults, stop, fail };
}

describe('keeping the record of requests', () => {
  it('prunes at the start and once on every day that follows', async () => {
    const start = Date.UTC(2026, 10, 22, 9, 30);
    const { time, pruned, stop } = keeping(90, start);
    await time.pass(2 * DAY);
    expect(pruned.map(({ at }) => new Date(at).toISOString().slice(0, 13))).toEqual([
      '2026-11-22T09',
      '2026-11-23T00',
      '2026-11-24T00',
    ]);
    expect(pruned[0]?.before).toBe(start - 90 * DAY);
    stop();
    await time.pass(5 * DAY);
    expect([pruned.length, time.armed]).toEqual([3, 0]);
  });

  it('never touches the running month, from which its quota is counted', async () => {
    const { pruned, time, stop } = keeping(31, Date.UTC(2026, 9, 31, 23));
    await time.pass(1);
    expect(pruned[0]?.before).toBe(Date.UTC(2026, 8, 30, 23));
    stop();
    const short = keeping(1, Date.UTC(2026, 10, 22, 9));
    await short.time.pass(1);
    expect(short.pruned[0]?.before).toBe(Date.UTC(2026, 10, 1));
    short.stop();
  });

  it('tells of a fault and goes on the next day', async () => {
    const { time, pruned, faults, stop, fail } = keeping(90, Date.UTC(2026, 10, 22, 9, 30));
    fail(new Error('the disk is full'));
    await time.pass(1);
    await time.pass(10 * 3_600_000);
    const before = faults.length;
    fail(null);
    await time.pass(DAY);
    expect([before, pruned.length]).toEqual([1, 1]);
    stop();
  });
});
