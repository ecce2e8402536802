import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createEngine } from '#main/engine.ts';
import type { Engine } from '#main/services/engine-port.ts';
import { temporaryDirectory } from '../../db/temporary-directory.ts';
import { never } from '../cache/open-cache.ts';

/** 2026-06-04 12:00 UTC. */
export const NOON = Date.UTC(2026, 5, 4, 12) / 1000;

export const hash = (kind: 'md5' | 'sha1' | 'sha256', n: number): string =>
  createHash(kind).update(String(n)).digest('hex');

/** SHA-256s of the numbers from `from` to `to` (exclusive). */
export const hashes = (from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, index) => hash('sha256', from + index));

/** What was received by door, of minutes, hours and days, added up. */
export type Received = Readonly<Record<'minutes' | 'hours' | 'days', Readonly<Record<string, number>>>>;

export interface ReceivedWorld {
  readonly directory: string;
  readonly engine: Engine;
  /** Another process on the same directory, in all but the process. */
  another(): Promise<Engine>;
  setClock(seconds: number): void;
  drop(lines: readonly string[], by?: Engine): Promise<number>;
  look(text: string, by?: Engine): Promise<void>;
  received(by?: Engine): Promise<Received>;
}

export async function receivedWorld(): Promise<ReceivedWorld> {
  const directory = join(temporaryDirectory(), 'data');
  let now = NOON;
  const open = async (): Promise<Engine> => {
    const clock = { now: () => now * 1000 };
    const engine = await createEngine({ directory, threads: 'inline', shell: 'terminal', clock });
    onTestFinished(() => engine.dispose());
    return engine;
  };
  const engine = await open();
  return {
    directory,
    engine,
    another: open,
    setClock(seconds) {
      now = seconds;
    },
    async drop(lines, by = engine) {
      const input = { kind: 'text', name: 'list', text: lines.join('\n') } as const;
      const reading = { as: 'auto' } as const;
      const running = await by.intakes.start({ door: 'paste', inputs: [input], reading }, () => undefined, never);
      await running.finished;
      return running.intakeId;
    },
    async look(text, by = engine) {
      await by.lookup.find(text);
    },
    async received(by = engine) {
      await by.recording.settle(never);
      const [minutes, hours, days] = await Promise.all(
        (['inboundMinute', 'inboundHour', 'inboundDay'] as const).map(async (kind, level) => {
          const [stepSeconds] = [[60, 3_600, 86_400][level] ?? 60];
          const args = { kinds: [kind], from: 0, to: 4e9, stepSeconds, level: level as 0 | 1 | 2 };
          const sums: Record<string, number> = {};
          for (const { detail, sum } of await by.database.read('metricSums', args)) {
            sums[detail] = (sums[detail] ?? 0) + sum;
          }
          return sums;
        }),
      );
      return { minutes: minutes ?? {}, hours: hours ?? {}, days: days ?? {} };
    },
  };
}
