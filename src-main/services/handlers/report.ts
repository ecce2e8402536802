import { basename, dirname } from 'node:path';
import { counted } from '#shared/domain/grouped.ts';
import { REPORT_FORMAT } from '#shared/domain/report.ts';
import type { ReportRequest } from '../report/port.ts';
import { requireAvailable, requireFits } from '../report/require-available.ts';
import type { FeatureHandlers, HandlerParts } from './parts.ts';
import { runAsJob } from './run-as-job.ts';

/** Longest a preview may take, in milliseconds: the person goes on choosing meanwhile. */
const PREVIEW_MS = 30_000;

/** Reports: shown before they are made, written as jobs, verified. */
export function reportHandlers({
  reports,
  intakes,
  jobs,
  handles,
  saveTarget,
}: HandlerParts): FeatureHandlers<'report'> {
  return {
    'report.formats': () => ({ formats: [...reports.formats()] }),
    'report.preview': async (request) => {
      const { notes, ...preview } = await reports.preview(request, AbortSignal.timeout(PREVIEW_MS));
      return { ...preview, notes: [...notes] };
    },
    'report.start': async (request) => {
      requireAvailable(reports, request.format);
      if (REPORT_FORMAT[request.format].mostRows !== undefined) {
        requireFits(request.format, await rowsOf(intakes, request));
      }
      const path = await saveTarget.choose(await reports.nameFor(request));
      if (path === null) {
        return { jobId: null, path: null };
      }
      const { intake } = await intakes.get(request.intakeId);
      const job = jobs.start({
        kind: 'export',
        title: `Report of ${intake.title}`,
        unit: 'rows',
        intakeId: request.intakeId,
        run: async (update, signal) => {
          update({ phase: 'writing' });
          const { rows, manifestPath } = await reports.write(request, path, (progress) => update(progress), signal);
          const beside = manifestPath === null ? '' : ', its manifest beside it';
          return { message: `${basename(path)}, ${counted(rows, 'row')}, written to ${dirname(path)}${beside}`, path };
        },
      });
      return { jobId: job.jobId, path };
    },
    'report.verify': ({ handle }) => {
      const path = handles.singlePath(handle);
      return runAsJob(jobs, {
        kind: 'verify',
        title: `Verify ${basename(path)}`,
        unit: 'bytes',
        run: async (update, signal) => {
          update({ phase: 'reading' });
          const value = await reports.verify(path, (done, total) => update({ done, total }), signal);
          return { value, message: `${basename(path)}: ${value.sentence}` };
        },
      });
    },
    'report.list': async ({ intakeId }) => ({
      reports: (await reports.list(intakeId)).map(({ id, format, title, path, madeAt, rows, bytes }) => ({
        id,
        format,
        title,
        path,
        madeAt,
        rows,
        bytes,
      })),
    }),
  };
}

async function rowsOf(intakes: HandlerParts['intakes'], { intakeId, selection }: ReportRequest): Promise<number> {
  return selection.kind === 'entries'
    ? selection.entries.length
    : (await intakes.rows(intakeId, selection.query, { offset: 0, limit: 1 })).total;
}
