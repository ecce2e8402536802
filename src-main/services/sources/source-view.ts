import type { SourceView } from '#shared/contract/sources.ts';
import { sourceCode, sourceLabel, type SourceId } from '#shared/domain/source.ts';
import type { Database } from '../../db/port.ts';
import { whoIsOwner } from '../../jobs/owner-lock.ts';
import { untouched } from '../../jobs/outbound/ledger.ts';
import type { Clock } from '../../platform/clock.ts';
import { secretVariable } from '../../platform/secrets/environment.ts';
import type { ProviderFacts } from '../../providers/port.ts';
import type { SettingsService } from '../../settings/settings.ts';
import type { KeyStates } from './keys.ts';
import { quotaOf, type StandingFacts, standingOf } from './standing.ts';
import type { StoredConfig } from './stored-config.ts';

/** What automatic asking would have cost is an average over so many days. */
const DAYS = 7;
const DAY_SECONDS = 86_400;

export interface ViewParts {
  readonly database: Pick<Database, 'read' | 'directory'>;
  readonly settings: Pick<SettingsService, 'get'>;
  readonly clock: Clock;
  readonly minuteMs: number;
}

export interface ViewedSource {
  readonly facts: ProviderFacts;
  readonly stored: StoredConfig;
  readonly keys: KeyStates;
  readonly unready: StandingFacts['unready'];
}

/** Sources as they are shown, at this moment and from any process. */
export async function viewSources(parts: ViewParts, sources: readonly ViewedSource[]): Promise<SourceView[]> {
  const { database, clock, minuteMs } = parts;
  const now = clock.now();
  const to = Math.floor(now / 1000);
  const [{ offline }, states, counts, inbound] = await Promise.all([
    parts.settings.get(),
    database.read('sourceStates', {}),
    database.read('sourceCounts', {}),
    database.read('metricTotal', { kind: 'inboundHashes', from: to - DAYS * DAY_SECONDS, to: to + 1 }),
  ]);
  const hasOwner = whoIsOwner(database.directory) !== null;
  return Promise.all(
    sources.map(async ({ facts, stored, keys, unready }): Promise<SourceView> => {
      const code = sourceCode(facts.source);
      const [spends, depth, again] = await Promise.all([
        database.read('windowSpends', { source: code, now, minuteMs }),
        database.read('queueDepth', { source: code }),
        database.read('queueDepth', { source: code, purpose: 'recheck' }),
      ]);
      const state = states.find((one) => one.source === code) ?? untouched(code);
      const { config } = stored;
      const queued = { ...depth, rechecks: again.waiting };
      const standing = { source: facts.source, config, unready, offline, state, spends, ...queued, hasOwner, now };
      return {
        source: facts.source,
        label: sourceLabel(facts.source),
        config,
        facts: factsOf(facts),
        ...keys,
        ...standingOf(standing),
        lastAnswerAt: state.lastAnswerAt,
        ...countsOf(counts.find((one) => one.source === code)),
        quota: quotaOf(standing),
        automaticPerDay: Math.ceil(inbound / DAYS),
      };
    }),
  );
}

/** The variable that may hold the key of a source. */
export function keyVariable(source: SourceId): string {
  return secretVariable(source);
}

type Counts = Pick<SourceView, 'items' | 'processed' | 'malicious' | 'new' | 'rescanning'>;

function countsOf(counts: Counts | undefined): Counts {
  const { items = 0, processed = 0, malicious = 0, new: fresh = 0, rescanning = 0 } = counts ?? {};
  return { items, processed, malicious, new: fresh, rescanning };
}

function factsOf(facts: ProviderFacts): SourceView['facts'] {
  return {
    takes: [...facts.takes],
    mostHashesPerRequest: facts.mostHashesPerRequest,
    billedBy: facts.billedBy,
    score: facts.score,
    thresholds: facts.thresholds,
    urlPresets: facts.urlPresets.map((preset) => ({ ...preset })),
    defaults: facts.defaults,
    plans: [...facts.plans],
    authStyles: [...facts.authStyles],
    agents: [...facts.agents],
    licenceNote: facts.licenceNote,
    hasPending: facts.hasPending,
    hasNewItems: facts.hasNewItems,
    options: facts.options.map(({ name, label, hint, choices }) => ({
      name,
      label,
      hint,
      choices: choices === null ? null : choices.map((choice) => ({ ...choice })),
    })),
    keyVariable: keyVariable(facts.source),
  };
}
