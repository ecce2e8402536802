import { grouped } from '#shared/domain/grouped.ts';
import type { AnnotationResult } from '../annotations/port.ts';
import type { FeatureHandlers, HandlerParts } from './parts.ts';
import { runAsJob } from './run-as-job.ts';

/** More files than this are written as a job, with progress and cancel. */
const AT_ONCE = 500;

/** Notes and tags on files. */
export function annotationHandlers(parts: HandlerParts): FeatureHandlers<'annotation'> {
  const { annotations } = parts;
  return {
    'annotation.of': async ({ target }) => annotations.summary(await annotations.files(target)),
    'annotation.set': async ({ target, ...change }) => {
      const files = await annotations.files(target);
      if (files.length <= AT_ONCE) {
        return annotations.write(files, change, () => undefined, new AbortController().signal);
      }
      return runAsJob<AnnotationResult>(parts.jobs, {
        kind: 'annotate',
        title: `Notes and tags on ${grouped(files.length)} files`,
        unit: 'hashes',
        ...(target.kind === 'rows' ? { intakeId: target.intakeId } : {}),
        run: async (update, signal) => {
          update({ phase: 'writing', total: files.length });
          const value = await annotations.write(files, change, (done) => update({ done }), signal);
          return { value, message: endOf(value) };
        },
      });
    },
    'annotation.undo': ({ changeId }) => annotations.undo(changeId),
    'annotation.tags': ({ intakeId }) => annotations.tags(intakeId),
  };
}

function endOf({ changed, cancelled }: AnnotationResult): string {
  const written = `${grouped(changed)} files written on.`;
  return cancelled ? `Cancelled. ${written} Undo takes them back.` : written;
}
