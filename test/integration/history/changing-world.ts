import type { SourceId } from '#shared/domain/source.ts';
import type { Status } from '#shared/domain/status.ts';
import { startEngine, type EngineUnderTest } from '../engine/engine-fixture.ts';
import type { EngineOptions } from '#main/services/engine-port.ts';

export const DAY = 86_400;
/** 2026-11-22T08:00:00Z. */
export const START = 1_795_334_400;

export interface ChangingWorld extends EngineUnderTest {
  /** Seconds since the epoch. */
  now(): number;
  later(seconds: number): void;
  /** What a source says from now on about the file with these digests. */
  says(source: SourceId, status: Status, digests: readonly string[], score?: number): Promise<void>;
  keep(title: string, hashes: readonly string[]): Promise<number>;
}

/** An engine whose clock stands until it is moved, and sources that say what they are told to. */
export async function changingWorld(options: Partial<EngineOptions> = {}): Promise<ChangingWorld> {
  let now = START;
  const under = await startEngine({ shell: 'terminal', clock: { now: () => now * 1000 }, ...options });
  return {
    ...under,
    now: () => now,
    later: (seconds) => void (now += seconds),
    async says(source, status, digests, score) {
      const named = Object.fromEntries(
        digests.map((hash) => [{ 32: 'md5', 40: 'sha1', 64: 'sha256' }[hash.length] ?? '', hash]),
      );
      const line = { ...named, source, status, score, scannedAt: new Date(now * 1000).toISOString() };
      async function* chunks(): AsyncIterable<Uint8Array> {
        yield Buffer.from(`${JSON.stringify(line)}\n`);
      }
      const signal = AbortSignal.timeout(10_000);
      const { rejected } = await under.engine.cache.importItems(chunks(), () => undefined, signal);
      if (rejected > 0) {
        throw new Error(`not imported: ${JSON.stringify(line)}`);
      }
    },
    async keep(title, hashes) {
      const running = await under.engine.intakes.start(
        {
          title,
          door: 'paste',
          inputs: [{ kind: 'text', name: title, text: hashes.join('\n') }],
          reading: { as: 'list' },
        },
        () => undefined,
        AbortSignal.timeout(10_000),
      );
      return (await running.finished).id;
    },
  };
}
