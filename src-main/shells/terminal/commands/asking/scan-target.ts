import type { ScanRequest } from '#shared/contract/scan.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { Engine } from '../../../../services/engine-port.ts';
import { inputsOf } from '../../inputs.ts';
import { counted } from '../../output/numbers.ts';
import { reportProblems, reportTroubles } from '../../output/troubles.ts';
import type { Session } from '../../session.ts';
import { passwordsOf } from '../intakes/archive-passwords.ts';
import type { PlanOptions } from './plan-options.ts';

/** What a scan is about: a kept intake by its number, or a new one read from files. */
export async function scanRequest(
  session: Session,
  engine: Engine,
  targets: readonly string[],
  options: PlanOptions & { readonly maxCalls?: number },
): Promise<ScanRequest> {
  const intakeId = await intakeOf(session, engine, targets, options.passwordFile);
  const statuses = options.all === true ? [] : [...(options.status ?? (['unknown'] as const))];
  return {
    intakeId,
    selection: {
      kind: 'query',
      query: { statuses, flags: [], text: '', sort: 'position', descending: false, asOf: 0 },
    },
    strategy: options.strategy,
    ...(options.sources === undefined ? {} : { sources: [...options.sources] }),
    ...(options.maxCalls === undefined ? {} : { maxCalls: options.maxCalls }),
  };
}

/** One whole number is an intake; a file of that name is written ./12. */
async function intakeOf(
  session: Session,
  engine: Engine,
  targets: readonly string[],
  passwordFile: string | undefined,
): Promise<number> {
  const [first, ...others] = targets;
  if (first !== undefined && /^[1-9]\d{0,8}$/.test(first)) {
    if (others.length > 0) {
      throw new AppError(
        'INVALID_ARGUMENT',
        `${first} is the number of an intake, and an intake is scanned alone. A file of that name is written ./${first}.`,
      );
    }
    if (passwordFile !== undefined) {
      throw new AppError(
        'INVALID_ARGUMENT',
        '--password-file is for files that are read; a kept intake was read already.',
      );
    }
    return Number(first);
  }
  const passwords = await passwordsOf(session, targets, passwordFile);
  const running = await engine.intakes.start(
    { door: 'terminal', inputs: inputsOf(session.host, targets, session.signal), reading: { as: 'auto' }, passwords },
    ({ phase, bytesDone, bytesTotal, records }) =>
      session.progress.show({
        phase,
        done: bytesDone,
        total: bytesTotal,
        unit: 'bytes',
        note: counted(records, 'row'),
      }),
    session.signal,
  );
  const summary = await running.finished;
  session.progress.clear();
  if (summary.state === 'failed') {
    throw new AppError('UNREADABLE', summary.fault ?? 'Nothing could be read.');
  }
  reportProblems(session, summary);
  await reportTroubles(session, engine, summary);
  session.note(`Kept as intake ${summary.id}: ${counted(summary.accounting.hashes, 'hash', 'hashes')}.`);
  if (summary.state === 'cancelled') {
    throw new AppError('CANCELLED', `Cancelled. What was read so far is kept as intake ${summary.id}.`);
  }
  return summary.id;
}
