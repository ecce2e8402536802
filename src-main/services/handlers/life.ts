import { grouped } from '#shared/domain/grouped.ts';
import type { FeatureHandlers, HandlerParts } from './parts.ts';

/** The life of items: what a purge would remove, and the purge as a job. */
export function lifeHandlers({ life, jobs }: HandlerParts): FeatureHandlers<'life'> {
  return {
    'life.effects': (draft) => life.effects(draft, new AbortController().signal),
    'life.purgePreview': () => life.preview(new AbortController().signal),
    'life.purge': () => {
      const job = jobs.start({
        kind: 'purge',
        title: 'Removing what nobody asks for',
        unit: 'files',
        async run(update, signal) {
          update({ phase: 'removing' });
          const { items, files, askedBefore } = await life.purge((done, total) => update({ done, total }), signal);
          if (askedBefore === null) {
            return { message: 'Nothing was removed: the Remove Item Interval is never.' };
          }
          return {
            message: `Removed: ${grouped(items)} items, and ${grouped(files)} files of which nothing was left.`,
            cancelled: signal.aborted,
          };
        },
      });
      return { jobId: job.jobId };
    },
  };
}
