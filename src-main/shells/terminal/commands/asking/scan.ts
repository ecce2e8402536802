import type { FlightPlan, ScanRequest } from '#shared/contract/scan.ts';
import { STATUSES } from '#shared/domain/status.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { Engine } from '../../../../services/engine-port.ts';
import { AT_MAXIMUM } from '../../../../services/life/room/full.ts';
import type { ScanStarted } from '../../../../services/scanning/port.ts';
import { EXIT } from '../../exit-codes.ts';
import { count, counted } from '../../output/numbers.ts';
import { planText } from '../../output/plan-text.ts';
import { STATUS_SHAPE } from '../../output/style.ts';
import type { Session } from '../../session.ts';
import { askYes } from '../ask-yes.ts';
import type { ScanOptions } from './scan-options.ts';
import { scanRequest } from './scan-target.ts';
import { queuedByOthers, sendHere, sendOfOthers, whoSends } from './scan-wait.ts';

const MUST_CONFIRM =
  'A scan sends hashes and spends quota. Add --yes, or --max-calls with a number, where nobody can be asked.';

/** Plans, asks whether to go on, queues and, with --wait, sends until the list is done. Returns the exit code. */
export async function scan(session: Session, targets: readonly string[], options: ScanOptions): Promise<number> {
  const isSure = options.yes === true || options.maxCalls !== undefined;
  const canAsk = session.host.stdin.isTTY === true && session.host.stderr.isTTY === true && !targets.includes('-');
  if (!isSure && !canAsk) {
    throw new AppError('INVALID_ARGUMENT', MUST_CONFIRM);
  }
  return session.withEngine(async (engine) => {
    const request = await scanRequest(session, engine, targets, options);
    const plan = await engine.scanning.plan(request, session.signal);
    await showPlan(session, request.intakeId, plan, options);
    if (!plan.possible) {
      if (queuedByOthers(plan) > 0 && options.wait === true) {
        session.note('Nothing new is asked. What was queued before is waited for.');
        return waitFor(session, engine, request, { plan, started: null }, options);
      }
      session.note(nothingAsked(plan));
      await writeJson(session, options, { plan, started: null });
      return EXIT.done;
    }
    if (!isSure && !(await askYes(session, question(plan)))) {
      session.note('Nothing was queued.');
      return EXIT.done;
    }
    const started = await engine.scanning.start(
      request,
      ({ done, total }) => session.progress.show({ phase: 'queueing', done, total, unit: 'hashes' }),
      session.signal,
    );
    session.progress.clear();
    session.note(queuedText(started));
    return options.wait === true
      ? waitFor(session, engine, request, { plan, started }, options)
      : leave(session, engine, { plan, started }, options);
  });
}

async function showPlan(session: Session, intakeId: number, plan: FlightPlan, options: ScanOptions): Promise<void> {
  if (options.json !== true) {
    const { out, style } = session;
    await out.write(planText(intakeId, plan, { width: out.width, style }));
  }
}

function nothingAsked(plan: FlightPlan): string {
  const queued = queuedByOthers(plan);
  return queued === 0
    ? 'Nothing is asked.'
    : `Nothing new is asked. ${counted(queued, 'answer is', 'answers are')} waited for already; "assay queue" shows how far they are.`;
}

function question(plan: FlightPlan): string {
  const isEstimate = plan.sources.some(({ singles }) => singles > 0);
  return `Send ${counted(plan.ask, 'hash', 'hashes')} in ${isEstimate ? 'about' : 'at most'} ${counted(plan.requests, 'request')}?`;
}

function queuedText({ queued, alreadyQueued, notMade }: ScanStarted): string {
  const already = alreadyQueued === 0 ? '' : `; ${count(alreadyQueued)} waited already`;
  const left = notMade === 0 ? '' : ` ${counted(notMade, 'question was', 'questions were')} left out. ${AT_MAXIMUM}`;
  return `${counted(queued, 'question')} queued${already}.${left}`;
}

async function leave(
  session: Session,
  engine: Engine,
  done: { readonly plan: FlightPlan; readonly started: ScanStarted },
  options: ScanOptions,
): Promise<number> {
  const stopped = session.stoppedCode();
  if (stopped !== null) {
    session.warn('Cancelled. What was queued so far stays queued; "assay queue cancel" takes it out.');
    return stopped;
  }
  session.note(await whoSends(engine));
  await writeJson(session, options, done);
  return EXIT.done;
}

async function waitFor(
  session: Session,
  engine: Engine,
  request: ScanRequest,
  done: { readonly plan: FlightPlan; readonly started: ScanStarted | null },
  options: ScanOptions,
): Promise<number> {
  const own = done.started === null ? null : await sendHere(session, engine, request.intakeId);
  const isAll = own !== null && (own.kind !== 'done' || queuedByOthers(done.plan) === 0);
  const waited = isAll ? own : await sendOfOthers(session, engine, request);
  if (waited.kind === 'stopped') {
    session.warn('Stopped. What was not sent yet stays queued; "assay run" or a window goes on with it.');
    return session.stoppedCode() ?? EXIT.interrupted;
  }
  if (waited.kind === 'held') {
    const left = counted(waited.waiting, 'hash still waits', 'hashes still wait');
    session.warn(`${left}, held back: ${waited.sentence}`);
    return EXIT.nothing;
  }
  const { intake } = await engine.intakes.get(request.intakeId);
  const words = STATUSES.map((status) => `${STATUS_SHAPE[status]} ${count(intake.counts[status])} ${status}`);
  if (options.json !== true) {
    await session.out.write(`Intake ${intake.id} now: ${words.join(', ')}\n`);
  }
  await writeJson(session, options, { ...done, counts: intake.counts });
  return EXIT.done;
}

async function writeJson(session: Session, options: ScanOptions, value: object): Promise<void> {
  if (options.json === true) {
    await session.out.write(`${JSON.stringify(value, null, 2)}\n`);
  }
}
