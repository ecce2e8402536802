import type { OutboundState } from '#shared/contract/outbound.ts';
import { AVOIDED_BY, type AvoidedBy } from '#shared/domain/outcome.ts';
import { sourceCode, type SourceId } from '#shared/domain/source.ts';
import { whoIsOwner } from '../../jobs/owner-lock.ts';
import { startOfWindow } from '../../jobs/outbound/utc-window.ts';
import type { OutboundParts } from './outbound.ts';
import type { Owner } from './owner.ts';
import { activeGroups, groupViews, type GroupContext } from './queue-groups.ts';
import { stateSentence, type SourceActivity } from './sentence.ts';
import { sourceNow } from './source-now.ts';
import type { Titles } from './titles.ts';

/** Requests looked at for how long they take. */
const RECENT = 64;
const USUAL_LATENCY_MS = 400;

/** The queue, its owner and what is going on, as any process sees it. */
export async function queueState(parts: OutboundParts, owner: Owner, titles: Titles): Promise<OutboundState> {
  const { database, clock } = parts;
  const now = clock.now();
  const [{ offline }, all, { waiting: depth }, inFlight, answered, avoided] = await Promise.all([
    parts.settings.get(),
    database.read('queueGroups', {}),
    database.read('queueDepth', {}),
    database.read('requestsOnTheirWay', {}),
    database.read('answeredSince', { at: now - parts.minuteMs }),
    database.read('avoidedSince', { at: startOfWindow('day', now) }),
  ]);
  const groups = activeGroups(all);
  await titles.know(groups.map((group) => group.intakeId));
  const present = presentOwner(parts, owner);
  const contexts = new Map<SourceId, GroupContext>();
  for (const { facts } of parts.sources.providers) {
    if (groups.some((group) => group.source === sourceCode(facts.source))) {
      const [source, elapsed] = await Promise.all([
        sourceNow(parts, facts.source, now),
        database.read('recentElapsed', { source: sourceCode(facts.source), limit: RECENT }),
      ]);
      contexts.set(facts.source, {
        source,
        offline,
        hasOwner: present !== null,
        billedBy: facts.billedBy,
        hashesPerRequest: Math.min(source.config.hashesPerRequest, facts.mostHashesPerRequest),
        latencyMs: medianOf(elapsed) ?? USUAL_LATENCY_MS,
        minuteMs: parts.minuteMs,
        title: (group) => titles.of(group),
      });
    }
  }
  const views = groupViews(groups, contexts);
  const state = { owner: present, offline, depth, inFlight };
  return {
    ...state,
    sentence: stateSentence(state, activitiesOf(views)),
    perSecond: answered / (parts.minuteMs / 1000),
    avoidedToday: avoidedToday(avoided),
    groups: views,
  };
}

/** Every reason, the ones that saved nothing as well. */
function avoidedToday(found: Readonly<Partial<Record<AvoidedBy, number>>>): OutboundState['avoidedToday'] {
  const by = Object.fromEntries(AVOIDED_BY.map((reason) => [reason, found[reason] ?? 0])) as Record<AvoidedBy, number>;
  return { total: Object.values(by).reduce((sum, one) => sum + one, 0), by };
}

/** Who asks sources now, this process or another one; null when nobody does. */
export function presentOwner(parts: Pick<OutboundParts, 'directory'>, owner: Owner): OutboundState['owner'] {
  const own = owner.info();
  const found = own ?? whoIsOwner(parts.directory);
  return found === null
    ? null
    : { pid: found.pid, shell: found.shell, since: found.since * 1000, isThis: own !== null };
}

function activitiesOf(views: OutboundState['groups']): SourceActivity[] {
  const bySource = new Map<SourceId, SourceActivity>();
  for (const view of views) {
    const before = bySource.get(view.source);
    // One group that is not held back is enough to say that the source is being asked.
    const waitingFor = before === undefined || view.waitingFor === '' ? view.waitingFor : before.waitingFor;
    if (view.waiting > 0) {
      bySource.set(view.source, { source: view.source, waiting: (before?.waiting ?? 0) + view.waiting, waitingFor });
    }
  }
  return [...bySource.values()];
}

function medianOf(times: readonly number[]): number | null {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? null;
}
