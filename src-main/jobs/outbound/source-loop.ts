import { sourceCode } from '#shared/domain/source.ts';
import type { Claim, SourceState } from '../../db/repositories/queue-types.ts';
import type { RequestResult } from '../../providers/port.ts';
import type { ReadySource } from '../../services/sources/port.ts';
import { createAnswerRate } from './answer-rate.ts';
import { createBatchSize } from './batch-size.ts';
import { effectiveLimits, shareOf, withRefusal, withTold } from './effective-limits.ts';
import { FAULTS_TO_OPEN } from './outcomes/pauses.ts';
import type { LoopParts, LoopView, SourceStateChange } from './port.ts';
import { askAbout, settleSurely } from './exchange.ts';
import { askedRows, settlementOf } from './outcomes/settlement.ts';
import { createSleeper, HEARTBEAT_MS } from './sleeper.ts';
import { sourceAfterFault, sourceAfterSuccess } from './outcomes/source-outcome.ts';

type ClaimedRequest = Extract<Claim, { readonly kind: 'request' }>;

/** What wakes a loop: settings, key or state of the source; or its queue, which cuts no wait for a quota or a fault short. */
export type Wake = 'queue' | 'source';

/** Asks one source for as long as it runs: claim, send, settle. Others never wait for it. */
export interface SourceLoop {
  view(): LoopView;
  wake(reason: Wake): void;
  /** No new request starts; those on their way are awaited, and broken off when `signal` fires. */
  stop(signal: AbortSignal): Promise<void>;
}

interface Step {
  readonly activity: LoopView['activity'];
  readonly until: number | null;
  /** A change of the queue alone is no reason to look again before `until`. */
  readonly ignoresQueue: boolean;
}

/** Over what a source's own time-out allows, for name look-up, proxy and settling. */
const DEADLINE_SLACK_MS = 30_000;
/** How exactly "last answer at" is kept, so that not every answer writes a row of its own. */
const LAST_ANSWER_MS = 10_000;

/**
 * The share of claims that malicious rescans go first in, also beyond their share of the windows: files that are known to
 * be bad are looked at again however many new hashes wait.
 */
const RESCANS_FIRST = 0.05;

/** `dispatch` runs what it is given, at most as many at a time as it was last told. */
export function createSourceLoop(
  parts: LoopParts,
  dispatch: { setMost(concurrency: number): void; run<T>(work: () => Promise<T>): Promise<T> },
): SourceLoop {
  const { ledger, timer, minuteMs } = parts;
  const code = sourceCode(parts.source);
  const sleeper = createSleeper(timer);
  const batch = createBatchSize();
  const rate = createAnswerRate(minuteMs);
  const aborter = new AbortController();
  const pace = { pace: minuteMs / 60_000, random: parts.random };
  const onTheirWay = new Set<Promise<void>>();
  let state: SourceState | null = null;
  const stopping = new AbortController();
  let step: Step = { activity: 'busy', until: null, ignoresQueue: false };
  let isLooking = false;
  let refusals = 0;
  let sent = 0;
  /** Requests up to this one had left when the last refusal, or the last fault, was heard. */
  let sentBeforeRefusal = 0;
  let sentBeforeTrouble = 0;
  let changes = 0;

  const running = run();

  return {
    view: () => ({
      source: parts.source,
      inFlight: onTheirWay.size,
      activity: onTheirWay.size > 0 ? 'busy' : step.activity,
      until: step.activity === 'waiting' ? step.until : null,
    }),
    wake(reason) {
      if (reason === 'source') {
        forgetState();
      }
      // While it looks, what it last waited for says nothing about what it will find.
      if (reason !== 'queue' || isLooking || !step.ignoresQueue) {
        sleeper.wake();
      }
    },
    async stop(signal) {
      stopping.abort();
      sleeper.wake();
      if (signal.aborted) {
        aborter.abort();
      }
      signal.addEventListener('abort', () => aborter.abort(), { once: true });
      await running;
      await Promise.all(onTheirWay);
    },
  };

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      const since = sleeper.wakes;
      isLooking = true;
      try {
        step = await next();
      } catch (error) {
        parts.onFault(error);
        step = waiting(timer.now() + HEARTBEAT_MS);
      }
      isLooking = false;
      if (step.activity !== 'busy' && !stopping.signal.aborted) {
        await sleeper.sleep(step.until, since);
      }
    }
  }

  /** One look at the source: sends when it may, else says what it waits for. */
  async function next(): Promise<Step> {
    const ready = await parts.ready();
    if (!ready.ok) {
      // Keys may be unlocked without a word to anybody.
      return { ...held(), until: timer.now() + HEARTBEAT_MS };
    }
    const { config } = ready.source;
    const present = await knownState();
    const now = timer.now();
    if (present.state === 'paused' || present.state === 'stopped') {
      return held();
    }
    if (present.until !== null && present.until > now) {
      return waiting(present.until);
    }
    dispatch.setMost(config.concurrency);
    const isProbe = present.faults >= FAULTS_TO_OPEN;
    if (onTheirWay.size >= (isProbe ? 1 : config.concurrency)) {
      return { activity: 'held', until: null, ignoresQueue: true };
    }
    return claimAndSend(ready.source, isProbe);
  }

  async function claimAndSend(source: ReadySource, isProbe: boolean): Promise<Step> {
    const { config, provider } = source;
    const { learned } = await knownState();
    const [able, spending] = await Promise.all([parts.able(), parts.spending()]);
    const now = timer.now();
    const limits = effectiveLimits(config, learned, now);
    const { claim } = await ledger.claim({
      source: code,
      now,
      steadyMs: timer.steady(),
      able,
      limits,
      rescanLimits: shareOf(limits, spending.rescanShare),
      rescansFirst: parts.random() < RESCANS_FIRST,
      unasked: { rescans: config.rescans && config.plan !== 'public', comebacks: config.plan !== 'public' },
      hashesPerRequest: isProbe ? 1 : batch.now(Math.min(config.hashesPerRequest, provider.facts.mostHashesPerRequest)),
      billedBy: provider.facts.billedBy,
      takes: provider.facts.takes,
      freshSeconds: spending.freshSeconds,
      notKnownSeconds: spending.notKnownSeconds,
      recheckSeconds: config.recheckMinutes * 60,
      avoid: parts.avoid,
      minuteMs,
      deadlineMs: config.timeoutSeconds * 1000 + DEADLINE_SLACK_MS,
    });
    switch (claim.kind) {
      case 'request':
        send(claim, source);
        return { activity: 'busy', until: null, ignoresQueue: false };
      case 'wait':
        if (claim.until <= now) {
          // Many rows were dropped and more may be due; windows get their turn in between.
          await new Promise<void>((resolve) => setImmediate(resolve));
          return { activity: 'busy', until: null, ignoresQueue: false };
        }
        return { ...waiting(claim.until), ignoresQueue: isForAll(claim) };
      case 'held':
        return held();
      default:
        return { activity: 'idle', until: null, ignoresQueue: false };
    }
  }

  function send(claim: ClaimedRequest, source: ReadySource): void {
    const delivery = dispatch
      .run(() => deliver(claim, source))
      .catch((error: unknown) => parts.onFault(error))
      .finally(() => {
        onTheirWay.delete(delivery);
        sleeper.wake();
      });
    onTheirWay.add(delivery);
  }

  async function deliver(claim: ClaimedRequest, source: ReadySource): Promise<void> {
    sent += 1;
    const number = sent;
    const rows = askedRows(claim);
    const result = await askAbout(source, rows, claim, parts.onFault, aborter.signal);
    const isAborted = !result.ok && aborter.signal.aborted;
    if (!isAborted) {
      // Before settling, which makes the rows free again: a source that refused is not asked once more meanwhile.
      await learn(result, claim, source, number).catch(parts.onFault);
    }
    const settlement = settlementOf(claim, rows, result, isAborted, {
      source: parts.source,
      kind: claim.digestKind,
      now: timer.now(),
      recheckMs: source.config.recheckMinutes * minuteMs,
      asksForMore: !claim.single && source.provider.askOne !== undefined,
      ...pace,
    });
    await settleSurely(parts, settlement, aborter.signal);
  }

  /** What the request tells about the source itself. */
  async function learn(
    result: RequestResult,
    claim: ClaimedRequest,
    source: ReadySource,
    number: number,
  ): Promise<void> {
    const now = timer.now();
    const present = await knownState();
    let change: SourceStateChange = {};
    if (result.ok) {
      rate.answered(now, claim.billed);
      refusals = 0;
      const left = result.answers.filter(({ outcome }) => outcome === 'transient').length;
      if (!claim.single && left > 0) {
        batch.answered(result.answers.length - left);
      } else if (!claim.single) {
        batch.grew();
      }
      change = { ...sourceAfterSuccess(present, now) };
      if (now - (present.lastAnswerAt ?? 0) >= LAST_ANSWER_MS * pace.pace) {
        change = { ...change, lastAnswerAt: now };
      }
    } else {
      change = afterFault(result.fault, present, claim, number);
    }
    const learned = await learnedFrom(result, source, present, now);
    if (learned !== present.learned) {
      change = { ...change, learned };
    }
    await remember(change, now);
  }

  function afterFault(
    fault: Extract<RequestResult, { ok: false }>['fault'],
    present: SourceState,
    { rows, single }: ClaimedRequest,
    number: number,
  ): SourceStateChange {
    const now = timer.now();
    if (fault.outcome === 'quota' && number > sentBeforeRefusal) {
      refusals += 1;
      sentBeforeRefusal = sent;
    }
    const isEcho = number <= sentBeforeTrouble;
    const isTrouble = fault.outcome === 'transient' || fault.outcome === 'protocol';
    // The single call says nothing about how many hashes a batch may hold.
    if (fault.outcome === 'invalid-input' && !single) {
      batch.refused(rows.length);
    } else if (isTrouble && !single) {
      batch.failed(rows.length, present.faults + 1);
    }
    if (isTrouble) {
      sentBeforeTrouble = isEcho ? sentBeforeTrouble : sent;
    }
    return sourceAfterFault(fault, { now, state: present, refusals, isEcho, ...pace }) ?? {};
  }

  async function learnedFrom(
    result: RequestResult,
    source: ReadySource,
    present: SourceState,
    now: number,
  ): Promise<SourceState['learned']> {
    const told =
      result.learned.length === 0
        ? present.learned
        : withTold(present.learned, result.learned, await ledger.spends(code, now), now);
    const isMinute = !result.ok && result.fault.outcome === 'quota' && (result.fault.window ?? 'minute') === 'minute';
    const minute = effectiveLimits(source.config, told, now).minute;
    return isMinute ? withRefusal(told, { limit: minute, answeredInMinute: rate.inMinute(now), now }) : told;
  }

  async function remember(change: SourceStateChange, now: number): Promise<void> {
    if (Object.keys(change).length > 0) {
      await ledger.changeState(code, change, now);
      forgetState();
    }
  }

  function forgetState(): void {
    state = null;
    changes += 1;
  }

  /** As it is kept, with a wait that the clock was set back behind moved to where it was meant. */
  async function knownState(): Promise<SourceState> {
    const known = state ?? (await readState());
    const now = timer.now();
    if (known.until === null || known.updatedAt <= now + HEARTBEAT_MS) {
      return known;
    }
    await remember({ until: now + Math.max(0, known.until - known.updatedAt) }, now);
    return readState();
  }

  async function readState(): Promise<SourceState> {
    const before = changes;
    const read = await ledger.state(code);
    if (before === changes) {
      state = read;
    }
    return read;
  }
}

function held(): Step {
  return { activity: 'held', until: null, ignoresQueue: false };
}

function waiting(until: number): Step {
  return { activity: 'waiting', until, ignoresQueue: true };
}

/** True for a wait that new rows of the queue cannot shorten. */
function isForAll({ why, forRescans }: Extract<Claim, { readonly kind: 'wait' }>): boolean {
  return why !== 'not-before' && why !== 'stage' && forRescans !== true;
}
