import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { IntakeBuilder } from '#main/intakes/intake-builder.ts';
import { memoryEntries } from '#main/intakes/memory-entries.ts';
import { ReadingSession } from '#main/services/intake/reading/session.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
afterEach(() => void vi.useRealTimers());

/** A session over a builder that only counts; gives the number of hashes at each look. */
function openSession(): {
  readonly looks: number[];
  readonly at: (milliseconds: number, hashes: number) => Promise<void>;
} {
  const builder = { occurrences: 0, preview: () => memoryEntries([], []) };
  const looks: number[] = [];
  const session = new ReadingSession(builder as unknown as IntakeBuilder, {
    onProgress: () => undefined,
    onLook: () => looks.push(builder.occurrences),
    isCancelled: () => false,
  });
  const started = performance.now();
  return {
    looks,
    at(milliseconds, hashes) {
      vi.advanceTimersByTime(started + milliseconds - performance.now());
      builder.occurrences = hashes;
      return session.breathe();
    },
  };
}

it('looks as soon as there is enough to see', async () => {
  const { looks, at } = openSession();
  await at(10, 4_000);
  await at(60, 24_000);
  await at(70, 50_000);
  expect(looks).toEqual([24_000]);
});

it('looks at what there is when reading is slow, and again as soon as there is enough', async () => {
  const { looks, at } = openSession();
  await at(210, 4_000);
  await at(220, 8_000);
  await at(300, 24_000);
  await at(400, 100_000);
  expect(looks).toEqual([4_000, 24_000]);
});

it('looks again when twice as much is known and a second has passed, up to a size', async () => {
  const { looks, at } = openSession();
  await at(60, 24_000);
  await at(900, 200_000);
  await at(1_100, 210_000);
  await at(9_000, 500_000);
  expect(looks).toEqual([24_000, 210_000]);
});
