import { onTestFinished } from 'vitest';
import { DIGEST_KINDS, type DigestKind, type HexDigest } from '#shared/domain/hash.ts';
import { sourceCode, type SourceId } from '#shared/domain/source.ts';
import type { SourceConfig } from '#shared/settings/source-config.ts';
import { openInlineDatabase } from '#main/db/client.ts';
import type { Database } from '#main/db/port.ts';
import type { EnqueueArgs } from '#main/db/repositories/queue-types.ts';
import type { HttpClient } from '#main/net/port.ts';
import { systemClock } from '#main/platform/clock.ts';
import type { Timer } from '#main/jobs/outbound/port.ts';
import type { Provider } from '#main/providers/port.ts';
import { createOutbound } from '#main/services/outbound/outbound.ts';
import type { OutboundService } from '#main/services/outbound/port.ts';
import { createSettings, type SettingsService } from '#main/settings/settings.ts';
import { temporaryDirectory } from '../../db/temporary-directory.ts';
import { memorySources, type MemorySources } from './memory-sources.ts';

/** A data directory with its queue, and a process that may ask. */
export interface OutboundWorld {
  readonly directory: string;
  readonly database: Database;
  readonly settings: SettingsService;
  readonly sources: MemorySources;
  readonly outbound: OutboundService;
  /** Defects of background work. A test that expects none looks here. */
  readonly faults: unknown[];
  enqueue(source: SourceId, hashes: readonly HexDigest[], change?: Partial<EnqueueArgs>): Promise<void>;
}

export interface WorldOptions {
  readonly directory?: string;
  readonly configs?: Readonly<Partial<Record<SourceId, Partial<SourceConfig>>>>;
  readonly http?: (config: SourceConfig) => HttpClient;
  readonly minuteMs?: number;
  readonly avoid?: boolean;
  /** Instead of the machine's clock and timers. */
  readonly timer?: Timer;
}

/** The n-th SHA-256 of a test; spread over the whole range as real digests are. */
export function digest(n: number, kind: DigestKind = 'sha256'): HexDigest {
  const digits = { md5: 32, sha1: 40, sha256: 64 }[kind];
  const first = ((n * 2_654_435_761) >>> 0).toString(16).padStart(8, '0');
  return (first + n.toString(16).padStart(digits - 8, '0')) as HexDigest;
}

export const digests = (from: number, count: number, kind: DigestKind = 'sha256'): HexDigest[] =>
  Array.from({ length: count }, (_, n) => digest(from + n, kind));

export async function outboundWorld(
  providers: readonly Provider[],
  options: WorldOptions = {},
): Promise<OutboundWorld> {
  const directory = options.directory ?? temporaryDirectory();
  const database = await openInlineDatabase(directory);
  const clock = options.timer ?? systemClock;
  const settings = createSettings(database, clock);
  const sources = memorySources(providers, options.configs, options.http);
  const faults: unknown[] = [];
  const outbound = createOutbound({
    database,
    directory,
    shell: 'terminal',
    settings,
    sources,
    intakes: { list: async () => ({ total: 0, rows: [] }) },
    clock,
    ...(options.timer === undefined ? {} : { timer: options.timer }),
    minuteMs: options.minuteMs ?? 60_000,
    avoid: options.avoid ?? true,
    onFault: (error) => faults.push(error),
  });
  onTestFinished(async () => {
    await outbound.dispose();
    await sources.dispose();
    await database.close();
  });
  return {
    directory,
    database,
    settings,
    sources,
    outbound,
    faults,
    enqueue: (source, hashes, change) => enqueue(database, source, hashes, change),
  };
}

/** Queues digests, each kind for itself. */
export async function enqueue(
  database: Pick<Database, 'write'>,
  source: SourceId,
  hashes: readonly HexDigest[],
  change: Partial<EnqueueArgs> = {},
): Promise<void> {
  for (const kind of DIGEST_KINDS) {
    const digits = { md5: 32, sha1: 40, sha256: 64 }[kind];
    const own = hashes.filter((hash) => hash.length === digits);
    if (own.length > 0) {
      await database.write('enqueue', {
        source: sourceCode(source),
        kind,
        digests: Buffer.from(own.join(''), 'hex'),
        purpose: 'new',
        intakeId: null,
        stage: 0,
        stopOnMalicious: false,
        force: false,
        at: Date.now(),
        ...change,
      });
    }
  }
}
