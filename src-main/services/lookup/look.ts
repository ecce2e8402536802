import type { VerdictPolicy } from '#shared/domain/evidence.ts';
import type { LifePolicy } from '#shared/domain/life.ts';
import { sourceCode, sourceOfCode, type SourceId } from '#shared/domain/source.ts';
import type { Settings } from '#shared/settings/schema.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Database } from '../../db/port.ts';
import { spendingOf } from '../../jobs/outbound/spending.ts';
import type { SettingsService } from '../../settings/settings.ts';
import { lifePolicyOf } from '#shared/settings/life-policy.ts';
import { policyOf } from '#shared/settings/verdict-policy.ts';
import type { HashKnowledge, IntakeService, SingleHash } from '../intake/port.ts';
import type { SourcesService } from '../sources/port.ts';
import { knownDigests } from './may-ask.ts';
import type { Beside } from './result-of.ts';
import { sourcesNow, type SourceNow } from './source-now.ts';

/** One hash with everything that decides what is shown of it and what may be done about it. */
export interface Looked {
  readonly knowledge: HashKnowledge;
  readonly beside: Beside;
}

/** What a look-up is made of. */
export interface LookupParts {
  readonly database: Database;
  readonly intakes: Pick<IntakeService, 'explain'>;
  readonly settings: SettingsService;
  readonly sources: SourcesService;
  readonly clock: Clock;
  readonly minuteMs: number;
  /** How many new items may be made; see the life service. */
  readonly room: (count: number, signal: AbortSignal) => Promise<number>;
  /** The directory holds answers of simulated sources: pages of the real ones have nothing to do with them. */
  readonly simulated: boolean;
}

/** Looks at hashes from this machine alone, in their order. */
export async function look(parts: LookupParts, hashes: readonly SingleHash[]): Promise<Looked[]> {
  const { database, clock } = parts;
  const now = clock.now();
  const [all, { settings, sources }, { flagged }] = await Promise.all([
    parts.intakes.explain(hashes),
    presentOf(parts, now),
    database.read('embargoedIntakes', undefined),
  ]);
  const common = {
    sources,
    policy: policyOf(settings),
    life: lifePolicyOf(
      settings,
      sources.map(({ provider: { facts }, config }) => ({ ...facts, config })),
    ),
    now: Math.floor(now / 1000),
    notKnownSeconds: spendingOf(settings).notKnownSeconds,
    hasPages: !parts.simulated,
    flagged,
  };
  return Promise.all(all.map((knowledge) => lookAt(database, knowledge, common, now)));
}

async function presentOf(
  { database, settings: kept, sources, minuteMs }: LookupParts,
  now: number,
): Promise<{ readonly settings: Settings; readonly sources: readonly SourceNow[] }> {
  const settings = await kept.get();
  return { settings, sources: await sourcesNow({ database, settings, sources, minuteMs, now }) };
}

async function lookAt(
  database: Database,
  knowledge: HashKnowledge,
  common: {
    readonly sources: readonly SourceNow[];
    readonly policy: VerdictPolicy;
    readonly life: LifePolicy;
    readonly now: number;
    readonly notKnownSeconds: number;
    readonly hasPages: boolean;
    /** Intakes under embargo. */
    readonly flagged: readonly number[];
  },
  now: number,
): Promise<Looked> {
  const digests = knownDigests(knowledge).map(({ hash }) => Buffer.from(hash, 'hex'));
  const own = Buffer.from(knowledge.hash, 'hex');
  const [byKeys, held, queued, reports] = await Promise.all([
    database.read('embargoedBy', { digests }),
    database.read('keptBack', { digest: own, now: common.now }),
    queuedOf(database, digests, common.sources, now),
    reportsOf(database, knowledge),
  ]);
  // The keys of a large list take a while to be written; its flag and its file tell from the first moment.
  const byFile = knowledge.seenIn.map(({ intakeId }) => intakeId).filter((id) => common.flagged.includes(id));
  const embargoed = [...new Set([...byKeys, ...byFile])];
  const titles = embargoed.map(
    (id) => knowledge.seenIn.find((place) => place.intakeId === id)?.title ?? `intake ${id}`,
  );
  const isListed = held === 'hash-list';
  return { knowledge, beside: { ...common, embargo: titles, isListed, embargoed, queued, reports } };
}

/** What the hash waits for under any digest of its file, by source. */
async function queuedOf(
  database: Database,
  digests: readonly Uint8Array[],
  sources: readonly SourceNow[],
  now: number,
): Promise<ReadonlyMap<SourceId, string>> {
  const queued = new Map<SourceId, string>();
  for (const row of await database.read('queueOf', { digests: [...digests] })) {
    const source = sourceOfCode(row.source);
    const holdUp = sources.find(({ provider }) => provider.facts.source === source)?.holdUp ?? '';
    if (source !== null && queued.get(source) !== ON_ITS_WAY) {
      queued.set(source, row.onItsWay ? ON_ITS_WAY : waitingWords(row, holdUp, now));
    }
  }
  return queued;
}

const ON_ITS_WAY = 'on its way';

function waitingWords(
  row: { readonly notBefore: number; readonly reason: string | null },
  holdUp: string,
  now: number,
): string {
  if (holdUp !== '') {
    return `queued: ${holdUp}`;
  }
  if (row.notBefore <= now) {
    return 'queued';
  }
  const at = `${new Date(row.notBefore).toISOString().slice(11, 16)} UTC`;
  return row.reason === null ? `queued for ${at}` : `queued for ${at}: ${row.reason}`;
}

/** Compact answers that are kept, by the index of their item. */
async function reportsOf(database: Database, knowledge: HashKnowledge): Promise<ReadonlyMap<number, string>> {
  const reports = new Map<number, string>();
  await Promise.all(
    knowledge.items.map(async ({ source }, index) => {
      const report = await database.read('reportOf', {
        fileId: knowledge.itemFiles[index] ?? 0,
        source: sourceCode(source),
      });
      if (report !== null) {
        reports.set(index, report.report);
      }
    }),
  );
  return reports;
}
