import { counted } from '#shared/domain/grouped.ts';
import type { InputFileView, IntakeSummary } from '#shared/contract/intake.ts';
import { lockedFiles } from '#shared/domain/locked-files.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { IntakeService } from '../intake/port.ts';
import type { FeatureHandlers, HandlerParts } from './parts.ts';
import { runAsJob } from './run-as-job.ts';

type Read = Awaited<ReturnType<IntakeService['get']>>;

/** Passwords one reading may try, as the contract has it. */
const MOST_PASSWORDS = 8;

/**
 * Passwords tried on a kept intake. One that opened something is held in memory, never on disk, so that two archives with a
 * password each can be opened one after the other.
 */
export function intakeUnlockHandlers({
  intakes,
  jobs,
}: Pick<HandlerParts, 'intakes' | 'jobs'>): Pick<FeatureHandlers<'intake'>, 'intake.unlock'> {
  const opened = new Map<number, readonly string[]>();
  return {
    'intake.unlock': async ({ intakeId, password }) => {
      const [before, paths] = [await intakes.get(intakeId), await intakes.origin(intakeId)];
      const passwords = [password, ...(opened.get(intakeId) ?? [])].slice(0, MOST_PASSWORDS);
      const value = await runAsJob(jobs, {
        kind: 'intake',
        title: before.intake.title,
        unit: 'bytes',
        run: async (update, signal) => {
          const running = await intakes.start(
            {
              inputs: paths.map((path) => ({ kind: 'path', path })),
              // Read as it was before: a format somebody asked for stays asked for.
              reading: before.inputs.find(({ needsPassword }) => needsPassword === true)?.asked ?? { as: 'auto' },
              door: 'window',
              embargo: before.intake.embargo,
              passwords,
            },
            ({ phase, bytesDone, bytesTotal }) => update({ phase, done: bytesDone, total: bytesTotal }),
            signal,
          );
          const after = await keptOf(intakes, before, await running.finished);
          const closed = lockedFiles((after ?? before).inputs);
          const message = `${counted(closed, 'file')} still encrypted.`;
          return { value: { intakeId: after?.intake.id ?? null, closed }, message };
        },
      });
      if (value.intakeId !== null) {
        opened.set(value.intakeId, passwords);
      }
      return value;
    },
  };
}

/** The second reading; null, and removed, when no password opened anything. Rejects, and removes it, when it came to no end. */
async function keptOf(intakes: IntakeService, before: Read, summary: IntakeSummary): Promise<Read | null> {
  const fault = faultOf(summary);
  const after = fault === null ? await intakes.get(summary.id) : before;
  if (shapeOf(before) !== shapeOf(after)) {
    return after;
  }
  await intakes.forget(summary.id);
  if (fault !== null) {
    throw fault;
  }
  return null;
}

function faultOf({ state, fault }: IntakeSummary): AppError | null {
  if (state === 'cancelled') {
    return new AppError('CANCELLED', 'Cancelled. The password was not tried on everything; nothing changed.');
  }
  return state === 'ready' ? null : new AppError('UNREADABLE', fault ?? 'The original could not be read again.');
}

/** What a reading came to: where a second one comes to the same, no password opened anything. */
function shapeOf({ intake, inputs }: Read): string {
  return JSON.stringify([intake.sha256, intake.accounting, lockedFiles(inputs), inputs.map(sizeOf)]);
}

function sizeOf({ name, records, counts }: InputFileView): readonly unknown[] {
  return [name, records, counts ?? null];
}
