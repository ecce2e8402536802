import type { SyncJobConfig } from '#shared/settings/sync-job.ts';
import { SYNC_LABELS } from '#shared/settings/sync-labels.ts';
import type { ThreatConnect } from '../../../providers/indicator-port.ts';
import { lowered, nameOwners } from './named-owners.ts';
import { type RunContext, RunEnd } from '../run-context.ts';

/** Whose indicators a run may ask for, and of whom nothing may be withdrawn. */
export interface RunOwners {
  /** The job's settings, with the owners that can be read now, as ThreatConnect writes them. */
  readonly config: SyncJobConfig;
  /** Those of them that the last complete pull did not read: Last Modified says nothing about them. */
  readonly late: readonly string[];
  /** Those that were asked for and could be read. */
  readonly read: () => readonly string[];
  /** Whether an owner's indicators have to stay as they are, because they cannot be read now. */
  readonly isProtected: (owner: string) => boolean;
  /** Notes that something of this owner was answered in this run. */
  readonly see: (owner: string) => void;
  readonly isSeen: (owner: string) => boolean;
  /** From now on nothing of this owner is withdrawn. */
  readonly protect: (owner: string) => void;
  /**
   * Notes a row that cannot be told to be any indicator: of its owner, or of any where it is empty, nothing is withdrawn only
   * because it was not pulled. It is counted unless it was told again.
   */
  readonly doubt: (owner: string, isAgain: boolean) => void;
  /** Of how many rows that was noted, and whose they are; names are empty when it may be any. */
  readonly doubted: () => { readonly rows: number; readonly names: readonly string[] };
  /** Whether an owner's indicators stay although they were not pulled: it is protected, or doubted. */
  readonly mustStay: (owner: string) => boolean;
}

/**
 * Lists the owners that can be read and leaves the others out of the query, with a warning: an owner that vanished or was
 * closed to the Api User says nothing about its indicators. Ends the run when none of the chosen ones can be read.
 */
export async function readOwners(context: RunContext, client: ThreatConnect): Promise<RunOwners> {
  const { config } = context.job;
  const owners = await context.ask((signal) => client.owners(signal));
  const names = owners.map(({ name }) => name);
  const readable = lowered(names);
  const isReadable = (name: string): boolean => readable.has(name.toLowerCase());
  const closed = new Set<string>();
  const seen = new Set<string>();
  const doubts = createDoubts();
  context.log.write('info', `${owners.length} owners can be read: ${names.join(', ')}.`);
  const { named, missing, config: asked } = nameOwners(config, names);
  const sent =
    context.run.kind === 'run' ? [] : await context.parts.database.read('syncSentOwners', { jobId: context.job.id });
  const wanted = new Set([...missing, ...sent.map(({ owner }) => owner)]);
  for (const name of [...wanted].filter((one) => !isReadable(one))) {
    context.warn(`The owner ${name} cannot be read now. Nothing of it is pulled or withdrawn.`);
  }
  if (missing.length > 0 && named.length === 0) {
    throw new RunEnd('failed', `${SYNC_LABELS.owners}: none of them can be read by the Api User. Nothing was changed.`);
  }
  if (owners.length === 0) {
    throw new RunEnd('failed', 'The Api User can read no owner, so nothing was pulled and nothing is withdrawn.');
  }
  const isProtected = (owner: string): boolean => !isReadable(owner) || closed.has(owner.toLowerCase());
  const before = context.job.readOwners === null ? null : lowered(context.job.readOwners);
  return {
    config: asked,
    late: before === null ? [] : named.filter((name) => !before.has(name.toLowerCase())),
    read: () => named.filter((name) => !closed.has(name.toLowerCase())),
    see: (owner) => seen.add(owner.toLowerCase()),
    isSeen: (owner) => seen.has(owner.toLowerCase()),
    isProtected,
    mustStay: (owner) => isProtected(owner) || doubts.has(owner),
    doubt: doubts.add,
    doubted: doubts.all,
    protect: (owner) => closed.add(owner.toLowerCase()),
  };
}

/** Owners of rows that cannot be told to be any indicator. */
function createDoubts(): {
  readonly add: RunOwners['doubt'];
  readonly has: (owner: string) => boolean;
  readonly all: RunOwners['doubted'];
} {
  const names = new Map<string, string>();
  let rows = 0;
  return {
    add(owner, isAgain) {
      rows += isAgain ? 0 : 1;
      names.set(owner.toLowerCase(), owner);
    },
    has: (owner) => names.has('') || names.has(owner.toLowerCase()),
    all: () => ({ rows, names: names.has('') ? [] : [...names.values()] }),
  };
}
