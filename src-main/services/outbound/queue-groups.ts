import type { QueueGroupView } from '#shared/contract/outbound.ts';
import { PURPOSES, type Purpose } from '#shared/domain/outcome.ts';
import { sourceOfCode, type SourceId } from '#shared/domain/source.ts';
import type { QueueGroup } from '../../db/repositories/queue-types.ts';
import { endOfCalls } from './end-time.ts';
import { rescanWaitOf, utcTime, waitOf, type SourceNow, type Wait } from './waits.ts';

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

/** Groups something of which waits or is on its way, and with them all others of the same lists: what they have done. */
export function activeGroups(groups: readonly QueueGroup[]): readonly QueueGroup[] {
  const isActive = (group: QueueGroup): boolean => group.waiting + group.onTheWay > 0;
  const lists = new Set(groups.filter(isActive).map((group) => group.intakeId));
  return groups.filter((group) => isActive(group) || (group.intakeId !== 0 && lists.has(group.intakeId)));
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
    onTheWay: group.onTheWay,
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
  const { phrase } = groupWaitOf(group, source);
  return phrase || ownTime(group, source.now) || (hasOwner ? '' : 'a process that asks');
}

function groupWaitOf({ purpose }: QueueGroup, source: SourceNow): Wait {
  return purpose === 'rescan' ? rescanWaitOf(source) : waitOf(source);
}

/** What all rows of a group wait for by themselves; empty when one of them may be sent. */
function ownTime({ purpose, dueAt, parked }: QueueGroup, now: number): string {
  if (dueAt === null || dueAt <= now) {
    return '';
  }
  if (parked) {
    return 'what another source says first';
  }
  return `${purpose === 'recheck' ? 'its recheck' : 'another try'}, ${utcTime(dueAt, now)}`;
}

/** More urgent groups of the same source go first. Rechecks are due at times of their own: nobody can tell. */
function endOf(group: QueueGroup, groups: readonly QueueGroup[], context: GroupContext): number | null {
  const wait = groupWaitOf(group, context.source);
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
    notBefore: Math.max(source.state.until ?? 0, group.parked ? 0 : (group.dueAt ?? 0)),
    limits: group.purpose === 'rescan' ? source.rescanLimits : source.limits,
    spends: source.spends,
    minuteMs: context.minuteMs,
    latencyMs: context.latencyMs,
    concurrency: source.config.concurrency,
  });
}

function order(purpose: Purpose): number {
  return PURPOSES.indexOf(purpose);
}
