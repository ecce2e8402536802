import { expect, it } from 'vitest';
import { createLimits } from '#main/simulators/server/limits.ts';

const NONE = { perMinute: null, perDay: null, perMonth: null, minuteMs: 1000 };

it('tells when enough of the minute is free for all calls of a request', () => {
  const limits = createLimits({ ...NONE, perMinute: 5 });
  limits.spend(0, 2);
  limits.spend(300, 2);
  expect(limits.passed(400, 1)).toBeNull();
  expect([limits.passed(400, 2), limits.passed(400, 4)].map((passed) => passed?.resetsAt)).toEqual([1000, 1300]);
  expect(limits.passed(1000, 3)).toBeNull();
  expect(limits.use(1000).minute).toEqual({ used: 2, allowed: 5 });
});

it('refuses what can never be allowed', () => {
  expect(createLimits({ ...NONE, perMinute: 2 }).passed(50, 3)).toEqual({ limit: 'minute', resetsAt: 1050 });
});
