import { grouped } from '#shared/domain/grouped.ts';
import { join } from 'node:path';
import type { IntakeSummary, Reading } from '#shared/contract/intake.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { samplesFolder } from '../../platform/resources.ts';
import { lifeNow, withDueTime } from '../lookup/due-time.ts';
import { titleOf } from '../intake/intake-title.ts';
import type { IntakeInput, StartIntake } from '../intake/port.ts';
import { PauseSwitch } from '../intake/reading/pause-switch.ts';
import { intakePreviewHandlers } from './intake-preview.ts';
import { intakeUnlockHandlers } from './intake-unlock.ts';
import type { FeatureHandlers, HandlerParts } from './parts.ts';

/** Intakes: reading, paging, notes. Reading runs as a job. */
export function intakeHandlers(parts: HandlerParts): FeatureHandlers<'intake'> {
  const { intakes } = parts;

  const read = (
    inputs: readonly IntakeInput[],
    reading: Reading,
    door: IntakeSummary['door'],
    more: Pick<StartIntake, 'title' | 'embargo' | 'passwords'> = {},
  ): Promise<{ intakeId: number; jobId: string }> => startIntakeJob(parts, { inputs, reading, door, ...more });

  return {
    ...intakePreviewHandlers(parts),
    ...intakeUnlockHandlers(parts),
    'intake.start': ({ handle, reading, passwords }) =>
      read(parts.handles.inputs(handle), reading, 'window', { passwords: passwords ?? [] }),
    'intake.startText': (input) =>
      read([{ kind: 'text', name: input.title, text: input.text }], input.reading, 'paste', { title: input.title }),
    'intake.startSample': () =>
      read([{ kind: 'path', path: join(samplesFolder(), 'autoruns-host12.csv') }], { as: 'list' }, 'window'),
    'intake.reread': async (input) => {
      const paths = await intakes.origin(input.intakeId);
      if (paths.length === 0) {
        throw new AppError('NOT_FOUND', 'The original text was not kept. Paste it again and choose how to read it.');
      }
      const { intake } = await intakes.get(input.intakeId);
      // The same hashes under another reading: what may never be asked about stays so.
      return read(
        paths.map((path) => ({ kind: 'path', path })),
        input.reading,
        'window',
        { embargo: intake.embargo },
      );
    },
    'intake.list': (input) => intakes.list(input),
    'intake.get': (input) => intakes.get(input.intakeId),
    'intake.rows': ({ intakeId, query, offset, limit }) => intakes.rows(intakeId, query, { offset, limit }),
    'intake.detail': async (input) => {
      const [detail, life] = await Promise.all([
        intakes.detail(input.intakeId, input.entry),
        lifeNow(parts.settings, parts.sources),
      ]);
      return { ...detail, items: detail.items.map((item) => withDueTime(item, life)) };
    },
    'intake.hashes': (input) => intakes.hashes(input.intakeId, input.selection, input.as),
    'intake.rejected': async ({ intakeId, offset, limit }) => intakes.troubles(intakeId, { offset, limit }),
    'intake.setNote': async (input) => {
      await intakes.setNote(input.intakeId, input.note);
      return {};
    },
    'intake.setEmbargo': async (input) => {
      await intakes.setEmbargo(input.intakeId, input.embargo);
      return {};
    },
    'intake.forget': async (input) => {
      await intakes.forget(input.intakeId);
      return {};
    },
  };
}

/** Starts an intake and shows its progress as a job; resolves once the intake has its number. */
async function startIntakeJob(
  parts: Pick<HandlerParts, 'intakes' | 'jobs'>,
  request: StartIntake,
): Promise<{ intakeId: number; jobId: string }> {
  const started = Promise.withResolvers<number>();
  const pause = new PauseSwitch();
  const job = parts.jobs.start({
    kind: 'intake',
    title: titleOf(request),
    unit: 'bytes',
    pause: (isPaused) => pause.set(isPaused),
    run: async (update, signal) => {
      try {
        const running = await parts.intakes.start(
          { ...request, pause },
          (progress) =>
            update({
              phase: progress.phase,
              canPause: progress.phase === 'reading',
              done: progress.bytesDone,
              total: progress.bytesTotal,
              counts: progress.counts,
            }),
          signal,
        );
        update({ intakeId: running.intakeId });
        started.resolve(running.intakeId);
        const summary = await running.finished;
        return { message: endOf(summary), cancelled: summary.state === 'cancelled' };
      } catch (error) {
        started.reject(error);
        throw error;
      }
    },
  });
  return { intakeId: await started.promise, jobId: job.jobId };
}

function endOf(summary: IntakeSummary): string {
  const hashes = grouped(summary.accounting.hashes);
  if (summary.state === 'failed') {
    return summary.fault ?? 'Nothing could be read.';
  }
  if (summary.state === 'cancelled') {
    return `Cancelled. ${hashes} hashes are kept and answered.`;
  }
  return `${hashes} hashes read and looked up.`;
}
