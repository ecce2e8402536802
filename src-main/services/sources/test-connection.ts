import type { ConnectionTestView } from '#shared/contract/sources.ts';
import type { Outcome } from '#shared/domain/outcome.ts';
import { sourceCode, sourceLabel } from '#shared/domain/source.ts';
import type { Database } from '../../db/port.ts';
import type { Claim, SourceState } from '../../db/repositories/queue-types.ts';
import { effectiveLimits, withTold } from '../../jobs/outbound/effective-limits.ts';
import type { Clock } from '../../platform/clock.ts';
import type { ConnectionTest } from '../../providers/port.ts';
import { sentenceWithoutKey } from '../../providers/without-key.ts';
import { TEST_HASH } from '../../providers/test-hash.ts';
import type { ReadySource } from './port.ts';

export interface TestParts {
  readonly database: Pick<Database, 'read' | 'write'>;
  readonly clock: Clock;
  readonly minuteMs: number;
}

/** Over what the source's own time-out allows, twice, for a test may take two exchanges. */
const DEADLINE_SLACK_MS = 30_000;

/**
 * Reserves a call, tests, settles: like any request it is in the ledger before anything is sent. What the source told
 * of its limits is kept, and a success ends a stop or an open circuit.
 */
export async function testConnection(
  parts: TestParts,
  ready: ReadySource,
  state: SourceState,
  signal: AbortSignal,
): Promise<ConnectionTestView> {
  const { database, clock, minuteMs } = parts;
  const { config, provider, context } = ready;
  const source = sourceCode(provider.facts.source);
  const now = clock.now();
  const isTestHashKept = await isKept(database, now);
  if (isTestHashKept && provider.facts.testLooksUp === 'always') {
    return keptBack(sourceLabel(provider.facts.source));
  }
  const claim = await database.write('reserveBare', {
    source,
    now,
    steadyMs: performance.now(),
    limits: effectiveLimits(config, state.learned, now),
    minuteMs,
    deadlineMs: config.timeoutSeconds * 2_000 + DEADLINE_SLACK_MS,
  });
  if (claim.kind !== 'request') {
    return refused(claim, sourceLabel(provider.facts.source));
  }
  let found: ConnectionTest | null = null;
  try {
    const told = await provider.test({ ...context, isTestHashKept }, signal);
    found = { ...told, message: sentenceWithoutKey(told.message, provider, context) };
    return viewOf(found);
  } finally {
    await database.write('settleRequest', {
      requestId: claim.requestId,
      now: clock.now(),
      outcome: found === null || (signal.aborted && !found.ok) ? 'lost' : outcomeOf(found),
      httpStatus: found?.httpStatus ?? null,
      elapsedMs: Math.max(0, Math.round(found?.elapsedMs ?? clock.now() - now)),
      message: found === null || found.ok ? null : found.message,
      billed: found?.billed ?? claim.billed,
      sent: found?.sent ?? true,
      testedHashes: provider.facts.testLooksUp === 'always' || found?.lookedUp === true ? 1 : 0,
      rows: [],
    });
    if (found !== null) {
      await remember(parts, source, found);
    }
  }
}

/** What the team keeps to itself stays here, also where it is only a test file. */
async function isKept(database: TestParts['database'], now: number): Promise<boolean> {
  const digest = Buffer.from(TEST_HASH, 'hex');
  return (await database.read('keptBack', { digest, now: Math.floor(now / 1000) })) !== null;
}

function keptBack(label: string): ConnectionTestView {
  const message =
    `A test of ${label} looks up the EICAR test file, which is on the hash list or under embargo: its hash never ` +
    'leaves this machine. Nothing was sent. The first look-up will tell whether the key works.';
  return { ok: false, at: 'input', message, billed: 0, httpStatus: null, elapsedMs: 0 };
}

async function remember(
  { database, clock, minuteMs }: TestParts,
  source: number,
  found: ConnectionTest,
): Promise<void> {
  const now = clock.now();
  const [states, spends] = await Promise.all([
    database.read('sourceStates', {}),
    database.read('windowSpends', { source, now, minuteMs }),
  ]);
  const before = states.find((state) => state.source === source);
  const known = before?.learned ?? [];
  const learned = withTold(known, found.learned, spends, now);
  const isOver = found.ok && ['stopped', 'open', 'backing-off'].includes(before?.state ?? 'ready');
  const change: Partial<Omit<SourceState, 'source' | 'updatedAt'>> = {
    ...(isOver ? { state: 'ready', reason: null, until: null } : {}),
    ...(found.ok && (before?.faults ?? 0) > 0 ? { faults: 0 } : {}),
    ...(learned === known ? {} : { learned }),
  };
  if (Object.keys(change).length > 0) {
    await database.write('setSourceState', { source, change, at: now, unlessPaused: true });
  }
}

function outcomeOf(found: ConnectionTest): Outcome {
  switch (found.at) {
    case null:
      return 'answer';
    case 'key':
    case 'right':
      return 'auth';
    case 'quota':
      return 'quota';
    case 'input':
      return 'invalid-input';
    case 'url':
    case 'answer':
      return 'protocol';
    default:
      return 'transient';
  }
}

function viewOf({ ok, at, message, billed, httpStatus, elapsedMs }: ConnectionTest): ConnectionTestView {
  return { ok, at, message, billed, httpStatus, elapsedMs: Math.max(0, Math.round(elapsedMs)) };
}

function refused(claim: Exclude<Claim, { readonly kind: 'request' }>, label: string): ConnectionTestView {
  const nothing = { ok: false, billed: 0, httpStatus: null, elapsedMs: 0 } as const;
  if (claim.kind === 'wait') {
    const at = `${new Date(claim.until).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
    const message = `No call of ${label} is left in this ${claim.why}; the next one may be made at ${at}. Nothing was sent.`;
    return { ...nothing, at: 'quota', message };
  }
  const message = 'Assay is offline: nothing leaves this machine until that is switched off. Nothing was sent.';
  return { ...nothing, at: 'offline', message };
}
