import { errorRateText } from '#shared/domain/known-sets/error-rate.ts';
import { grouped } from '#shared/domain/grouped.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { BuildPhase } from '../known-sets/build-set.ts';
import type { Begun } from '../known-sets/list-work.ts';
import type { FeatureHandlers, HandlerParts } from './parts.ts';

/** Offline sets: list, import as a job, remove; what unfinished imports left. */
export function knownSetsHandlers(parts: HandlerParts): FeatureHandlers<'knownSets'> {
  const { knownSets } = parts;
  return {
    'knownSets.list': async () => ({ rows: await knownSets.list() }),
    'knownSets.import': ({ handle, baseHandle, ...set }) => {
      if (baseHandle !== undefined && set.form !== 'nsrl-delta') {
        throw new AppError('INVALID_ARGUMENT', 'Only a delta has a database that it is for. Nothing was imported.');
      }
      const path = parts.handles.singlePath(handle);
      const base = baseHandle === undefined ? {} : { baseDatabase: parts.handles.singlePath(baseHandle) };
      const job = parts.jobs.start({
        kind: 'known-set',
        title: `Known set ${set.name}`,
        unit: 'bytes',
        run: async (update, signal) => {
          update({ phase: 'reading' });
          const result = await knownSets.import(
            path,
            { ...set, ...base },
            (done, total, _digests, phase, begun = null) =>
              update({ phase: phaseWords(phase, begun), unit: phase === 'reading' ? 'bytes' : 'hashes', done, total }),
            signal,
          );
          if (result.set.possible !== null) {
            const { keys, errorRate } = result.set.possible;
            return { message: `${grouped(keys)} possible digests in ${set.name}, ${errorRateText(errorRate)}.` };
          }
          const { md5, sha1, sha256 } = result.set.digests;
          const left = result.withoutHash + result.rejected;
          const rest = left === 0 ? '' : `; ${grouped(left)} records had no usable hash`;
          return { message: `${grouped(md5 + sha1 + sha256)} digests in ${set.name}${rest}.` };
        },
      });
      return { jobId: job.jobId };
    },
    'knownSets.remove': async (input) => {
      await knownSets.remove(input.id);
      return {};
    },
    'knownSets.leftWork': async () => ({ rows: await knownSets.leftWork() }),
    'knownSets.continueWork': async ({ id }) => {
      const { path, base } = await knownSets.filesOfWork(id);
      const held = (file: string | null): string | null =>
        file === null ? null : parts.handles.addPaths([file]).handle;
      return { handle: held(path), baseHandle: held(base) };
    },
    'knownSets.discardWork': async ({ id }) => {
      await knownSets.discardWork(id);
      return {};
    },
  };
}

/** While reading also where that began, if not as usual. */
function phaseWords(phase: BuildPhase, begun: Begun | null): string {
  if (phase !== 'reading' || begun === null) {
    return phase;
  }
  return begun.kind === 'resumed'
    ? `Resumed at ${Math.floor((100 * begun.at) / Math.max(begun.total, 1))} %`
    : 'The file has changed: reading it anew';
}
