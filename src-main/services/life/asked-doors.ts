import type { Database } from '../../db/port.ts';
import { isAppError } from '#shared/errors/app-error.ts';
import type { IntakeService } from '../intake/port.ts';
import type { LookupService } from '../lookup/port.ts';
import type { Asked } from './asked.ts';

/** The look-up service as people use it: what they look up or ask about was asked for. */
export function askedLookup(lookup: LookupService, asked: Asked): LookupService {
  return {
    ...lookup,
    async find(text) {
      const found = await lookup.find(text);
      asked.note(found.results.map(({ hash }) => hash));
      return found;
    },
    async ask(hash, sources, again) {
      const answer = await lookup.ask(hash, sources, again);
      asked.note([hash.trim().toLowerCase()].filter((one) => /^[0-9a-f]{32,64}$/.test(one)));
      return answer;
    },
  };
}

/**
 * The intakes as people use them: reading, opening or reporting one asks for it, opening a row asks for its file. The
 * files of one that is forgotten were last asked for when it was. Paging asks for nothing.
 */
export function askedIntakes(database: Database, intakes: IntakeService, asked: Asked): IntakeService {
  return {
    ...intakes,
    async start(request, onProgress, signal) {
      const running = await intakes.start(request, onProgress, signal);
      asked.noteIntake(running.intakeId);
      return running;
    },
    async get(id) {
      const found = await intakes.get(id);
      asked.noteIntake(id);
      return found;
    },
    async detail(id, entry) {
      const detail = await intakes.detail(id, entry);
      asked.noteIntake(id);
      asked.note(Object.values(detail.digests).filter((digest) => digest !== undefined));
      return detail;
    },
    async report(task, ...rest) {
      const outcome = await intakes.report(task, ...rest);
      asked.noteIntake(task.intakeId);
      return outcome;
    },
    async *batches(id, selection, signal) {
      asked.noteIntake(id);
      yield* intakes.batches(id, selection, signal);
    },
    async forget(id) {
      await asked.settle();
      await passOnDay(database, intakes, id);
      await intakes.forget(id);
    },
  };
}

/**
 * Gives the files of an intake the day it was last asked for, before it goes. Done again when it was interrupted, because
 * the intake is still there then. Files that are missing or damaged can name nothing.
 */
async function passOnDay(database: Database, intakes: IntakeService, id: number): Promise<void> {
  const day = await database.read('intakeAskedDay', { id });
  if (day === null) {
    return;
  }
  try {
    for await (const digests of intakes.packedDigests(id)) {
      for (const { kind, bytes } of digests) {
        await database.write('askedByDigests', { kind, digests: bytes, day }, 'bulk');
      }
    }
  } catch (error) {
    if (!isUnreadable(error)) {
      throw error;
    }
  }
}

function isUnreadable(error: unknown): boolean {
  return isAppError(error)
    ? error.code === 'NOT_FOUND' || error.code === 'UNREADABLE' || error.code === 'DB_DAMAGED'
    : typeof (error as NodeJS.ErrnoException | null)?.code === 'string';
}
