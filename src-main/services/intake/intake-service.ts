import { resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { IntakeSummary } from '#shared/contract/intake.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { Database } from '../../db/port.ts';
import type { IntakeRow } from '../../db/repositories/intakes.ts';
import type { Clock } from '../../platform/clock.ts';
import type { IntakeEffect } from './host/list-effect.ts';
import { missingIntake, type Judgement } from './host/open-intake.ts';
import type { Judged } from './host/intake-host.ts';
import { forgetIntake, isOnDisk, recoverIntakes } from './life-cycle.ts';
import { dropEmbargo, keepEmbargo, repairEmbargoes } from './embargo.ts';
import { titleOf } from './intake-title.ts';
import type { IntakeInput, IntakeProgress, IntakeService, RunningIntake, StartIntake } from './port.ts';
import { isRunning, processMark } from '../../platform/process-mark.ts';
import { runIntake } from './run-intake.ts';
import { packedDigestsOf } from './packed-digests-of.ts';
import { planScan } from './plan-scan.ts';
import type { IntakeRunner } from './run/runner.ts';

/** How long closing waits for what was read to be written and judged, in milliseconds. */
const DISPOSE_MS = 3_000;

export interface IntakeParts {
  readonly database: Database;
  readonly runner: IntakeRunner;
  readonly clock: Clock;
  /** Name and version of the program, kept with each intake. */
  readonly readBy: string;
}

/** Reads lists into intakes and shows what is kept. Puts right first what an earlier process left behind. */
export async function createIntakeService(parts: IntakeParts): Promise<IntakeService> {
  const { database, runner, clock } = parts;
  const { directory } = database;
  const seconds = (): number => Math.floor(clock.now() / 1000);
  const running = new Map<number, { readonly stop: AbortController; readonly finished: Promise<IntakeSummary> }>();
  const ready = new Set<(intakeId: number) => void>();
  await recoverIntakes(database, seconds);
  await repairEmbargoes(database, runner);

  // Judgements on their way into the database: whoever shows a summary waits for them, or it would show older counts.
  const saving = new Set<Promise<unknown>>();
  const saveJudgement = async (judgement: Judgement): Promise<void> => {
    const { intakeId, counts, seq, judgedAt, problems } = judgement;
    const said = problems === null ? {} : { problems };
    const save = database.write('saveJudgement', { id: intakeId, counts, seq, at: judgedAt, ...said });
    saving.add(save);
    try {
      await save;
    } finally {
      saving.delete(save);
    }
  };
  const settled = async <T>(judged: Promise<Judged<T>>): Promise<T> => {
    const { value, judgement } = await judged;
    if (judgement !== null) {
      await saveJudgement(judgement);
    }
    return value;
  };
  const summaryOf = async (id: number): Promise<IntakeSummary> => toSummary(await rowOf(id), directory);
  const rowOf = async (id: number): Promise<IntakeRow> => {
    const row = await database.read('intakeRow', { id });
    if (row === null) {
      throw new AppError('NOT_FOUND', `There is no intake ${id}. It may have been forgotten.`);
    }
    return row;
  };
  /** Everything that looks into the files goes through here, so that errors say what is the matter. */
  const kept = async (id: number): Promise<IntakeRow> => {
    const row = await rowOf(id);
    if (row.state === 'reading') {
      throw new AppError('CONFLICT', `Intake ${id} is still being read. Its rows can be shown when reading has ended.`);
    }
    if (!isOnDisk(directory, id)) {
      throw row.state === 'failed' && row.fault !== null ? new AppError('UNREADABLE', row.fault) : missingIntake(id);
    }
    return row;
  };
  const mustChange = (id: number, isChanged: boolean): void => {
    if (!isChanged) {
      throw new AppError('NOT_FOUND', `There is no intake ${id}. It may have been forgotten.`);
    }
  };

  const start = async (
    request: StartIntake,
    onProgress: (progress: IntakeProgress) => void,
    signal: AbortSignal,
  ): Promise<RunningIntake> => {
    if (request.inputs.length === 0) {
      throw new AppError('INVALID_ARGUMENT', 'No file, folder or text was given. Name at least one.');
    }
    const intakeId = await database.write('createIntake', {
      title: titleOf(request),
      door: request.door,
      createdAt: seconds(),
      readBy: parts.readBy,
      origin: originOf(request.inputs),
      process: processMark(),
      embargo: request.embargo === true,
    });
    const stop = new AbortController();
    const finished = runIntake(
      { database, runner, seconds },
      intakeId,
      request,
      onProgress,
      AbortSignal.any([signal, stop.signal]),
    )
      .then(() => summaryOf(intakeId))
      .then((summary) => {
        if (summary.state === 'ready') {
          for (const listener of ready) {
            listener(intakeId);
          }
        }
        return summary;
      })
      .finally(() => running.delete(intakeId));
    // Whoever started it may look later; until then a rejection must not end the process.
    finished.catch(() => undefined);
    running.set(intakeId, { stop, finished });
    return { intakeId, finished };
  };

  return {
    start,
    async list(page) {
      const { total, rows } = await database.read('intakePage', page);
      return { total, rows: rows.map((row) => toSummary(row, directory)) };
    },
    async get(id) {
      const row = await rowOf(id);
      if (row.state === 'reading' || !isOnDisk(directory, id)) {
        return { intake: toSummary(row, directory), inputs: [] };
      }
      const found = await settled(runner.call('inputs', id));
      if (row.judgedAt === null && !isBeingJudged(row)) {
        // Its reader died before the first judgement was noted.
        await saveJudgement(await runner.call('judgement', id));
      }
      await Promise.allSettled(saving);
      return { intake: await summaryOf(id), ...found };
    },
    async rows(id, query, page) {
      await kept(id);
      return settled(runner.call('rows', id, query, page));
    },
    async detail(id, entry) {
      await kept(id);
      return settled(runner.call('detail', id, entry));
    },
    async hashes(id, selection, as) {
      await kept(id);
      return runner.call('hashes', id, selection, as);
    },
    async digestsOf(id, entries) {
      await kept(id);
      return runner.call('digestsOf', id, entries);
    },
    async certainSets(id, selection, most) {
      await kept(id);
      return runner.call('certainSets', id, selection, most);
    },
    async writtenCounts(id) {
      await kept(id);
      return runner.call('writtenCounts', id);
    },
    async troubles(id, page) {
      await kept(id);
      return runner.call('troubles', id, page);
    },
    async setNote(id, note) {
      mustChange(id, await database.write('setIntakeNote', { id, note }));
    },
    async setEmbargo(id, embargo) {
      // The flag first: whatever interrupts this, the next start completes it from the flag.
      mustChange(id, await database.write('setIntakeEmbargo', { id, embargo }));
      await (embargo ? keepEmbargo(database, runner, id) : dropEmbargo(database, id));
    },
    async forget(id) {
      const row = await rowOf(id);
      if (row.state === 'reading') {
        throw new AppError('CONFLICT', `Intake ${id} is still being read. Cancel it first, then forget it.`);
      }
      await runner.call('release', id);
      mustChange(id, await forgetIntake(database, id, seconds()));
      await dropEmbargo(database, id);
    },
    async origin(id) {
      return (await rowOf(id)).origin;
    },
    async report(task, path, onRows, signal) {
      await kept(task.intakeId);
      return settled(runner.report(task, path, onRows, signal));
    },
    async reportPreview(task, signal) {
      await kept(task.intakeId);
      return settled(runner.reportPreview(task, signal));
    },
    preview: (task, signal) => runner.preview(task, signal),
    async *batches(id, selection, signal) {
      await kept(id);
      yield* runner.batches(id, selection, signal);
    },
    async rejudgeOpen() {
      const judgements = await runner.call('rejudgeOpen');
      // All at once: a summary asked for right behind this one finds every one of them on its way.
      await Promise.all(judgements.map(saveJudgement));
      return judgements.filter((judgement) => judgement.moved !== 0).map((judgement) => judgement.intakeId);
    },
    explain: (hashes) => runner.call('explain', hashes),
    standing: (files) => runner.call('standing', files),
    async planScan(id, selection, task) {
      const { embargo } = await kept(id);
      return planScan(runner, settled, id, selection, { ...task, isEmbargoed: embargo });
    },
    onReady(listener) {
      ready.add(listener);
      return () => ready.delete(listener);
    },
    packedDigests: (id) => packedDigestsOf(directory, runner, id),
    heldEntries: (id, other, from, limit) => runner.call('heldEntries', id, other, from, limit),
    entriesOf: (id, digests) => runner.call('entriesOf', id, digests),
    seenIn: (sets) => runner.call('countHolding', sets),
    placesOf: (sets, most) => runner.call('placesOf', sets, most),
    async listEffect(overlay, signal) {
      const all: IntakeEffect[] = [];
      for (let below: number | null = null; ;) {
        if (signal.aborted) {
          throw new AppError('CANCELLED', 'Cancelled. Nothing was written.');
        }
        const part: { readonly found: readonly IntakeEffect[]; readonly next: number | null } = await runner.call(
          'listEffect',
          overlay,
          below,
        );
        all.push(...part.found);
        if (part.next === null) {
          return all.sort((a, b) => b.rows - a.rows || b.intakeId - a.intakeId);
        }
        below = part.next;
      }
    },
    async dispose() {
      for (const { stop } of running.values()) {
        stop.abort();
      }
      const ended = Promise.allSettled([...running.values()].map((each) => each.finished));
      await Promise.race([ended, delay(DISPOSE_MS, undefined, { ref: false })]);
      await runner.dispose();
      await ended;
    },
  };
}

function toSummary(row: IntakeRow, directory: string): IntakeSummary {
  const { origin: _origin, process: _process, state, ...summary } = row;
  if (state !== 'ready' && state !== 'cancelled') {
    return { ...summary, state };
  }
  if (!isOnDisk(directory, row.id)) {
    return { ...summary, state: 'missing' };
  }
  return { ...summary, state: isBeingJudged(row) ? 'reading' : state };
}

/** Read, but with no counts yet that could be shown: the process that read it is judging it for the first time. */
function isBeingJudged(row: IntakeRow): boolean {
  return row.judgedAt === null && isRunning(row.process);
}

function originOf(inputs: readonly IntakeInput[]): string[] {
  return inputs.every((input) => input.kind === 'path') ? inputs.map((input) => resolve(input.path)) : [];
}
