import { describe, expect, it } from 'vitest';
import { createAsked } from '#main/services/life/asked.ts';

const DAY_MS = 86_400_000;
const hash = (n: number): string => n.toString(16).padStart(32, '0');

function noting() {
  let now = 20_000 * DAY_MS;
  let fault: Error | null = null;
  const written: { readonly name: string; readonly args: Readonly<Record<string, unknown>> }[] = [];
  const faults: unknown[] = [];
  const asked = createAsked({
    clock: { now: () => now },
    database: {
      write: async (name: string, args: Readonly<Record<string, unknown>>) => {
        if (fault !== null) {
          throw fault;
        }
        written.push({ name, args });
        return 0;
      },
    } as never,
    onFault: (error) => faults.push(error),
  });
  return {
    asked,
    written,
    faults,
    pass: (days: number) => {
      now += days * DAY_MS;
    },
    fail: (error: Error | null) => {
      fault = error;
    },
  };
}

describe('noting what is asked for', () => {
  it('writes a hash once a day, many in one write', async () => {
    const { asked, written, pass } = noting();
    asked.note([hash(1), hash(2)]);
    asked.note([hash(1)]);
    await asked.settle();
    asked.note([hash(2)]);
    await asked.settle();
    pass(1);
    asked.note([hash(2)]);
    await asked.settle();
    const days = written.map(({ args }) => [args['day'], (args['digests'] as readonly unknown[]).length]);
    expect(days).toEqual([
      [20_000, 2],
      [20_001, 1],
    ]);
  });

  it('writes an intake once a day', async () => {
    const { asked, written, pass } = noting();
    asked.noteIntake(3);
    asked.noteIntake(3);
    await asked.settle();
    asked.noteIntake(3);
    await asked.settle();
    pass(1);
    asked.noteIntake(3);
    await asked.dispose();
    expect(written.map(({ args }) => args)).toEqual([
      { id: 3, day: 20_000 },
      { id: 3, day: 20_001 },
    ]);
  });

  it('gives what waits the day on which it was asked for, also when it is written on the next', async () => {
    const { asked, written, pass } = noting();
    asked.note([hash(1)]);
    pass(1);
    asked.note([hash(2)]);
    await asked.settle();
    const days = written.flatMap(({ args }) => (args['digests'] as readonly unknown[]).map(() => args['day']));
    expect(new Set(days)).toEqual(new Set([20_000, 20_001]));
  });

  it('holds a bounded number, and never fails whoever asked', async () => {
    const { asked, written, faults, fail } = noting();
    asked.note(Array.from({ length: 30_000 }, (_, n) => hash(n)));
    fail(new Error('the disk is full'));
    await asked.settle();
    expect([faults.length, written.length]).toEqual([1, 0]);
    fail(null);
    asked.note([hash(1), hash(40_000)]);
    await asked.settle();
    expect(written.flatMap(({ args }) => args['digests'] as readonly unknown[])).toHaveLength(2);
  });
});
