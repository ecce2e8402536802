import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Database } from '#main/db/port.ts';
import { startChangePushes } from '#main/services/change-pushes.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('looks at open intakes every minute, and no more once it is stopped', async () => {
  const rejudgeOpen = vi.fn<() => Promise<readonly number[]>>().mockResolvedValueOnce([7]).mockResolvedValue([]);
  const pushes: unknown[] = [];
  const stop = startChangePushes({
    database: { onChange: () => () => undefined } as unknown as Database,
    intakes: { rejudgeOpen },
    push: (payload) => pushes.push(payload),
    onFault: (error) => {
      throw error;
    },
  });
  await vi.advanceTimersByTimeAsync(60_000);
  expect(pushes).toEqual([{ kinds: ['verdicts'], intakeIds: [7] }]);
  await vi.advanceTimersByTimeAsync(60_000);
  expect([rejudgeOpen.mock.calls.length, pushes.length]).toEqual([2, 1]);
  await stop();
  await vi.advanceTimersByTimeAsync(120_000);
  expect(rejudgeOpen).toHaveBeenCalledTimes(2);
});
