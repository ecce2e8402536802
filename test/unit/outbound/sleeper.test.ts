import { describe, expect, it } from 'vitest';
import { createSleeper } from '#main/jobs/outbound/sleeper.ts';
import { fakeTime } from './fake-time.ts';

async function isOver(promise: Promise<void>): Promise<boolean> {
  return Promise.race([
    promise.then(() => true),
    new Promise<boolean>((resolve) => setImmediate(() => resolve(false))),
  ]);
}

describe('waiting for a moment', () => {
  it('ends at that moment, looking in between every 15 seconds', async () => {
    const time = fakeTime();
    const sleeping = createSleeper(time).sleep(time.now() + 50_000, 0);
    await time.pass(49_999);
    expect([await isOver(sleeping), time.fired]).toEqual([false, 3]);
    await time.pass(1);
    expect(await isOver(sleeping)).toBe(true);
  });

  it('ends within 15 seconds after a sleep of the machine', async () => {
    const time = fakeTime();
    const sleeping = createSleeper(time).sleep(time.now() + 3_600_000, 0);
    time.jump(8 * 3_600_000);
    await time.pass(15_000);
    expect(await isOver(sleeping)).toBe(true);
  });

  it('ends when the clock was set back, for the moment may be another one', async () => {
    const time = fakeTime();
    const sleeping = createSleeper(time).sleep(time.now() + 60_000, 0);
    time.jump(-3_600_000);
    await time.pass(15_000);
    expect(await isOver(sleeping)).toBe(true);
  });

  it('ends when woken, and is not slept at all when woken before', async () => {
    const time = fakeTime();
    const sleeper = createSleeper(time);
    const sleeping = sleeper.sleep(null, 0);
    expect([await isOver(sleeping), time.armed]).toEqual([false, 0]);
    sleeper.wake();
    expect(await isOver(sleeping)).toBe(true);
    expect(await isOver(sleeper.sleep(null, 0))).toBe(true);
    expect(await isOver(sleeper.sleep(null, sleeper.wakes))).toBe(false);
  });

  it('leaves no timer behind', async () => {
    const time = fakeTime();
    const sleeper = createSleeper(time);
    const sleeping = sleeper.sleep(time.now() + 60_000, 0);
    sleeper.wake();
    await sleeping;
    expect(time.armed).toBe(0);
  });
});
