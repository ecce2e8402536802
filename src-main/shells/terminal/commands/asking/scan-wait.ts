import { setTimeout as delay } from 'node:timers/promises';
import type { OutboundState } from '#shared/contract/outbound.ts';
import type { FlightPlan, ScanRequest } from '#shared/contract/scan.ts';
import { STATUSES } from '#shared/domain/status.ts';
import type { Engine } from '../../../../services/engine-port.ts';
import type { Session } from '../../session.ts';

/** Milliseconds between two looks at the queue. */
const LOOK_MS = 500;
/** Planning again takes no more than a tenth of the time. */
const PLANS_SHARE = 10;

/** How waiting for an intake ended: all heard, stopped by the person, or held back by what only a person changes. */
export type Waited =
  | { readonly kind: 'done' }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'held'; readonly waiting: number; readonly sentence: string };

/** Sends, or watches whoever does, until nothing new of the intake waits. */
export async function sendHere(session: Session, engine: Engine, intakeId: number): Promise<Waited> {
  const giveUp = engine.outbound.seek();
  const end = new AbortController();
  const held = watch(session, engine, intakeId, end.signal);
  try {
    const signal = AbortSignal.any([session.signal, end.signal]);
    const drained = engine.outbound
      .drained({ intakeId, purpose: 'new' }, signal)
      .then(() => ({ kind: 'done' }) as const);
    drained.catch(() => undefined);
    return await Promise.race([drained, held]);
  } catch (error) {
    if (session.signal.aborted) {
      return { kind: 'stopped' };
    }
    throw error;
  } finally {
    end.abort();
    session.progress.clear();
    await giveUp();
  }
}

/** Pairs of a plan that others queued: their answers are this list's, too. */
export function queuedByOthers({ sources }: Pick<FlightPlan, 'sources'>): number {
  return sources.reduce((sum, { queued }) => sum + queued, 0);
}

/**
 * Sends, or watches whoever does, until nothing of the list waits that others queued. Whose rows they are is not known
 * here: the plan, made anew, tells what is left, and no longer than new work waits for its sources at all. Rows that one
 * source has judged meanwhile still wait for the others; those that are pending wait for a recheck only.
 */
export async function sendOfOthers(session: Session, engine: Engine, request: ScanRequest): Promise<Waited> {
  const giveUp = engine.outbound.seek();
  const all = withJudged(request);
  try {
    while (!session.signal.aborted) {
      const state = await engine.outbound.state();
      const started = performance.now();
      const plan = await engine.scanning.plan(all, session.signal);
      const left = state.groups.filter(
        ({ purpose, waiting, source }) => isNew(purpose) && waiting > 0 && isQueued(plan, source),
      );
      const waiting = queuedByOthers(plan);
      if (waiting === 0 || (left.length === 0 && state.inFlight === 0)) {
        return { kind: 'done' };
      }
      if (isHeld(state, left)) {
        return { kind: 'held', waiting, sentence: state.sentence };
      }
      session.progress.show({ phase: 'waiting', done: 0, total: null, unit: 'hashes', note: state.sentence });
      const took = performance.now() - started;
      await delay(Math.max(LOOK_MS, took * PLANS_SHARE), undefined, { signal: session.signal }).catch(() => undefined);
    }
    return { kind: 'stopped' };
  } catch (error) {
    if (session.signal.aborted) {
      return { kind: 'stopped' };
    }
    throw error;
  } finally {
    session.progress.clear();
    await giveUp();
  }
}

function withJudged(request: ScanRequest): ScanRequest {
  const { selection } = request;
  return selection.kind === 'query'
    ? { ...request, selection: { ...selection, query: { ...selection.query, statuses: [...JUDGED] } } }
    : request;
}

const JUDGED = STATUSES.filter((status) => status !== 'pending');
const isQueued = (plan: FlightPlan, name: string): boolean =>
  plan.sources.some(({ source, queued }) => source === name && queued > 0);
const isNew = (purpose: string): boolean => purpose === 'new' || purpose === 'person';

/** Who sends what was queued, in a sentence. */
export async function whoSends(engine: Engine): Promise<string> {
  const { owner, offline } = await engine.outbound.state();
  if (offline) {
    return 'Assay is offline: it waits until Assay is online again.';
  }
  return owner === null
    ? 'Nobody sends it now: open Assay, start "assay run", or scan with --wait.'
    : `Process ${owner.pid} (${owner.shell}) sends it. "assay queue" shows how far it is.`;
}

/** Shows how far it is; settles when only a person can make it go on. */
async function watch(session: Session, engine: Engine, intakeId: number, signal: AbortSignal): Promise<Waited> {
  while (!signal.aborted && !session.signal.aborted) {
    const state = await engine.outbound.state();
    const own = state.groups.filter((group) => group.intakeId === intakeId && group.purpose === 'new');
    const done = own.reduce((sum, group) => sum + group.done + group.dropped, 0);
    const waiting = own.reduce((sum, group) => sum + group.waiting, 0);
    if (isHeld(state, own)) {
      return { kind: 'held', waiting, sentence: state.sentence };
    }
    if (!signal.aborted) {
      session.progress.show({ phase: 'asking', done, total: done + waiting, unit: 'hashes', note: state.sentence });
    }
    await delay(LOOK_MS, undefined, { signal }).catch(() => undefined);
  }
  return { kind: 'stopped' };
}

function isHeld({ owner, inFlight }: OutboundState, own: OutboundState['groups']): boolean {
  const left = own.filter(({ waiting }) => waiting > 0);
  return (
    owner !== null &&
    inFlight === 0 &&
    left.length > 0 &&
    left.every(({ endsAt, waitingFor }) => endsAt === null && waitingFor !== '')
  );
}
