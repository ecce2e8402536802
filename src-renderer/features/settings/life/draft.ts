import type { SourceView } from '#shared/contract/sources.ts';
import type { SourceId } from '#shared/domain/source.ts';
import { DATABASE_MIB, LIFE_DAYS, SHARE } from '#shared/settings/plain.ts';
import type { Settings } from '#shared/settings/schema.ts';
import type { SourceConfig, SourceConfigChange } from '#shared/settings/source-config.ts';

/** What stands in the fields of one source while somebody edits: numbers as they are typed. */
export interface SourceDraft {
  readonly rescans: boolean;
  readonly newItemDays: string;
  readonly newItemHours: string;
  readonly recheckMinutes: string;
}

/** What stands in the fields; an empty number is never, or none. */
export interface LifeDraft {
  readonly rescanItemDays: string;
  readonly notKnownDays: string;
  readonly rescanShare: string;
  readonly removeItemDays: string;
  readonly maxDatabaseMiB: string;
  readonly historyDays: string;
  readonly tellFlips: boolean;
  readonly sources: Readonly<Partial<Record<SourceId, SourceDraft>>>;
}

export type LifeField = Exclude<keyof LifeDraft, 'tellFlips' | 'sources'>;

/** Faults by field; those of a source under `source field`. */
export type LifeFaults = Readonly<Record<string, string>>;

/** What is to be kept, in the words of the calls; only what differs. */
export interface LifeChange {
  readonly settings: Partial<Settings>;
  readonly sources: Readonly<Partial<Record<SourceId, SourceConfigChange>>>;
}

const NEVER: readonly LifeField[] = ['rescanItemDays', 'notKnownDays', 'removeItemDays'];
const RANGES: Readonly<Record<LifeField, { readonly least: number; readonly most: number }>> = {
  rescanItemDays: LIFE_DAYS,
  notKnownDays: LIFE_DAYS,
  rescanShare: SHARE,
  removeItemDays: LIFE_DAYS,
  maxDatabaseMiB: DATABASE_MIB,
  historyDays: LIFE_DAYS,
};
const SOURCE_RANGES = {
  newItemDays: { least: 1, most: 3650 },
  newItemHours: { least: 1, most: 8760 },
  recheckMinutes: { least: 1, most: 10_080 },
} as const;

/** The fields as they are kept. */
export function lifeDraftOf(settings: Settings, sources: readonly SourceView[]): LifeDraft {
  return {
    rescanItemDays: textOf(settings.rescanItemDays),
    notKnownDays: textOf(settings.notKnownDays),
    rescanShare: textOf(settings.rescanShare),
    removeItemDays: textOf(settings.removeItemDays),
    maxDatabaseMiB: textOf(settings.maxDatabaseMiB),
    historyDays: textOf(settings.historyDays),
    tellFlips: settings.tellFlips,
    sources: Object.fromEntries(sources.map(({ source, config }) => [source, sourceDraftOf(config)])),
  };
}

export function sourceDraftOf(config: SourceConfig): SourceDraft {
  const { rescans, newItemDays, newItemHours, recheckMinutes } = config;
  return {
    rescans,
    newItemDays: textOf(newItemDays),
    newItemHours: textOf(newItemHours),
    recheckMinutes: textOf(recheckMinutes),
  };
}

/** What is wrong with the fields, as sentences that say what fits. Nothing with a fault can be saved or worked out. */
export function lifeFaultsOf(draft: LifeDraft): LifeFaults {
  const faults: Record<string, string> = {};
  for (const [field, range] of Object.entries(RANGES) as [LifeField, (typeof RANGES)[LifeField]][]) {
    const mayBeEmpty = NEVER.includes(field);
    if (!isWhole(draft[field], range, mayBeEmpty)) {
      faults[field] = sentence(range, mayBeEmpty ? ', or empty for never' : '');
    }
  }
  for (const [source, own] of Object.entries(draft.sources)) {
    for (const [field, range] of Object.entries(SOURCE_RANGES)) {
      const mayBeEmpty = field === 'newItemDays';
      if (!isWhole(own[field as keyof typeof SOURCE_RANGES], range, mayBeEmpty)) {
        faults[`${source} ${field}`] = sentence(range, mayBeEmpty ? ', or empty for none' : '');
      }
    }
  }
  return faults;
}

/** What differs from what is kept. Call it without faults only. */
export function lifeChangeOf(draft: LifeDraft, settings: Settings, sources: readonly SourceView[]): LifeChange {
  const wanted: Partial<Settings> = {
    rescanItemDays: numberOf(draft.rescanItemDays),
    notKnownDays: numberOf(draft.notKnownDays),
    rescanShare: Number(draft.rescanShare),
    removeItemDays: numberOf(draft.removeItemDays),
    maxDatabaseMiB: Number(draft.maxDatabaseMiB),
    historyDays: Number(draft.historyDays),
    tellFlips: draft.tellFlips,
  };
  const changes = sources.flatMap(({ source, config }) => {
    const own = draft.sources[source];
    const change = own === undefined ? {} : differing(wantedOf(own), config);
    return Object.keys(change).length === 0 ? [] : [[source, change] as const];
  });
  return { settings: differing(wanted, settings), sources: Object.fromEntries(changes) };
}

function wantedOf({ rescans, newItemDays, newItemHours, recheckMinutes }: SourceDraft): SourceConfigChange {
  return {
    rescans,
    newItemDays: numberOf(newItemDays),
    newItemHours: Number(newItemHours),
    recheckMinutes: Number(recheckMinutes),
  };
}

function differing<T extends object>(wanted: T, kept: object): Partial<T> {
  const known = new Map<string, unknown>(Object.entries(kept));
  return Object.fromEntries(Object.entries(wanted).filter(([name, value]) => value !== known.get(name))) as Partial<T>;
}

function isWhole(text: string, { least, most }: { least: number; most: number }, mayBeEmpty: boolean): boolean {
  if (text.trim() === '') {
    return mayBeEmpty;
  }
  const value = Number(text);
  return Number.isInteger(value) && value >= least && value <= most;
}

function sentence({ least, most }: { least: number; most: number }, rest: string): string {
  return `A whole number from ${least} to ${most.toLocaleString('en-US')}${rest}.`;
}

function textOf(value: number | null): string {
  return value === null ? '' : String(value);
}

function numberOf(text: string): number | null {
  return text.trim() === '' ? null : Number(text);
}
