import type { QueueGroupView } from '#shared/contract/outbound.ts';
import { PURPOSES, type Purpose } from '#shared/domain/outcome.ts';
import { sourceOfCode, type SourceId } from '#shared/domain/source.ts';
import type { QueueGroup } from '../../db/repositories/queue-types.ts';
import { endOfCalls } from './end-time.ts';
import { waitOf, type SourceNow } from './waits.ts';

/** What the shown groups of one source are worked out from. */
export interface GroupContext {
  readonly source: SourceNow;
  readonly offline: boolean;
  readonly hasOwner: boolean;
  readonly billedBy: 'request' | 'hash';
  readonly hashesPerRequest: number;
  readonly latencyMs: number;
  readonly minuteMs: number;
  title(group: QueueGroup): string;
}

/** Groups as they are shown, in the order in which they are asked, each with the end of it at this pace. */
export function groupViews(
  groups: readonly QueueGroup[],
  contextOf: ReadonlyMap<SourceId, GroupContext>,
): QueueGroupView[] {
  return groups
    .toSorted((a, b) => a.source - b.source || order(a.purpose) - order(b.purpose) || a.intakeId - b.intakeId)
    .flatMap((group) => {
      const source = sourceOfCode(group.source);
      const context = source === null ? undefined : contextOf.get(source);
      return source === null || context === undefined ? [] : [viewOf(group, source, groups, context)];
    });
}

function viewOf(
  group: QueueGroup,
  source: SourceId,
  groups: readonly QueueGroup[],
  context: GroupContext,
): QueueGroupView {
  return {
    source,
    purpose: group.purpose,
    intakeId: group.intakeId === 0 ? null : group.intakeId,
    title: context.title(group),
    waiting: group.waiting,
    done: group.done,
    dropped: group.dropped,
    paused: group.paused,
    waitingFor: group.waiting === 0 ? '' : phraseOf(group, context),
    endsAt: group.waiting === 0 ? null : endOf(group, groups, context),
  };
}

function phraseOf(group: QueueGroup, { source, offline, hasOwner }: GroupContext): string {
  if (offline) {
    return 'the offline switch';
  }
  if (group.paused) {
    return 'resume';
  }
  const { phrase } = waitOf(source);
  if (phrase === '' && !hasOwner) {
    return 'a process that asks';
  }
  return phrase === '' && group.purpose === 'recheck'
    ? `its recheck, ${source.config.recheckMinutes} min after the answer`
    : phrase;
}

/** More urgent groups of the same source go first. Rechecks are due at times of their own: nobody can tell. */
function endOf(group: QueueGroup, groups: readonly QueueGroup[], context: GroupContext): number | null {
  const wait = waitOf(context.source);
  if (context.offline || !context.hasOwner || group.paused || wait.isHeld || group.purpose === 'recheck') {
    return null;
  }
  const { source, hashesPerRequest, billedBy } = context;
  const size = Math.max(1, billedBy === 'hash' ? 1 : hashesPerRequest);
  const ahead = groups.filter(
    (one) =>
      one.source === group.source &&
      !one.paused &&
      one.purpose !== 'recheck' &&
      (order(one.purpose) < order(group.purpose) || (one.purpose === group.purpose && one.intakeId <= group.intakeId)),
  );
  const hashes = ahead.reduce((sum, one) => sum + one.waiting, 0);
  return endOfCalls(Math.ceil(hashes / size), {
    now: source.now,
    notBefore: source.state.until ?? 0,
    limits: source.limits,
    spends: source.spends,
    minuteMs: context.minuteMs,
    latencyMs: context.latencyMs,
    concurrency: source.config.concurrency,
  });
}

function order(purpose: Purpose): number {
  return PURPOSES.indexOf(purpose);
}
