import type { SyncJobConfig } from '#shared/settings/sync-job.ts';

/** Settings whose owners can be asked for. */
export interface NamedOwners {
  /** With owners as ThreatConnect writes them, since it may compare their case; left alone where a TQL replaces them. */
  readonly config: SyncJobConfig;
  /** Owners that a pull asks for by name. */
  readonly named: readonly string[];
  /** Chosen ones that cannot be read. */
  readonly missing: readonly string[];
}

/**
 * Names the owners of a job among those that can be read. A query without an owner may be taken for one about the Api User's
 * own: where none is chosen, all are named.
 */
export function nameOwners(config: SyncJobConfig, readable: readonly string[]): NamedOwners {
  const chosen = config.tql === '' ? config.owners : [];
  const wanted = lowered(chosen);
  const found = lowered(readable);
  const named = chosen.length === 0 ? readable : readable.filter((name) => wanted.has(name.toLowerCase()));
  return {
    // No name at all would ask for everything.
    config: config.tql === '' && named.length > 0 ? { ...config, owners: [...named] } : config,
    named,
    missing: chosen.filter((name) => !found.has(name.toLowerCase())),
  };
}

/** Names without regard to case. */
export function lowered(names: readonly string[]): ReadonlySet<string> {
  return new Set(names.map((name) => name.toLowerCase()));
}
