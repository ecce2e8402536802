import type { Judgement } from '../host/open-intake.ts';
import type { ExportRow } from '../port.ts';
import { IntakeThread } from './intake-thread.ts';
import type { CallProgress, ThreadStart } from './messages.ts';
import type { HostCall, IntakeRunner, ReadProgress, ReadReport, ReadTask } from './runner.ts';
import { spooled } from './spool.ts';

/** How long closing waits for a thread, in milliseconds. */
const CLOSE_MS = 1_500;
const BATCH_ROWS = 1_000;

/**
 * Does the work behind threads, for shells that answer a window: one thread for what is open, and one for each intake
 * being read. A reading thread is kept in reserve, so that a drop starts at once.
 */
export function createWorkerRunner(url: URL, start: ThreadStart): IntakeRunner {
  const view = new IntakeThread(url, start, 'assay-intakes');
  const readers = new Set<IntakeThread>();
  let isClosed = false;
  let spare: IntakeThread | null = null;
  const keepSpare = (): void => {
    if (!isClosed) {
      spare ??= newReader();
      spare.warm();
    }
  };
  const newReader = (): IntakeThread => new IntakeThread(url, start, 'assay-reading');
  const takeReader = (): IntakeThread => {
    const reader = spare ?? newReader();
    spare = null;
    readers.add(reader);
    return reader;
  };
  const giveBack = (reader: IntakeThread): void => {
    readers.delete(reader);
    if (spare === null && !isClosed) {
      // Warm already: the next drop takes this one.
      spare = reader;
    } else {
      void reader.close(CLOSE_MS);
    }
  };
  // A single hash never waits behind the judging of a large list: the thread in reserve has nothing to do.
  const threadFor = (method: HostCall): IntakeThread =>
    method === 'explain' || method === 'standing' ? (spare ?? view) : view;
  const host = (method: HostCall, args: readonly unknown[]): Promise<unknown> =>
    threadFor(method).call({ name: 'host', method, args });

  /** Long work on one intake, on a thread of its own; what it held of the intake is let go. */
  const alone = async <T>(intakeId: number, work: (reader: IntakeThread) => Promise<T>): Promise<T> => {
    const reader = takeReader();
    try {
      return await work(reader);
    } finally {
      // A thread that died holds nothing, and is started again by its next call.
      await reader.call({ name: 'host', method: 'release', args: [intakeId] }).catch(() => undefined);
      giveBack(reader);
    }
  };

  view.warm();
  keepSpare();

  return {
    read(task, onProgress, signal) {
      const reader = takeReader();
      return {
        read: readBehind(reader, start.directory, task, onProgress, signal),
        judge: () => reader.call({ name: 'judge', intakeId: task.intakeId }) as Promise<Judgement>,
        end: () => giveBack(reader),
      };
    },
    call: (name, ...args) => host(name, args) as never,
    borrow(intakeId) {
      const reader = takeReader();
      const call = (method: HostCall, args: readonly unknown[]) => reader.call({ name: 'host', method, args });
      return {
        call: (name, ...args) => call(name, args) as never,
        async end() {
          try {
            await call('release', [intakeId]);
          } finally {
            giveBack(reader);
          }
        },
      };
    },
    report: (task, path, onRows, signal) =>
      alone(task.intakeId, (reader) => {
        const tell = (progress: CallProgress): void => {
          if ('done' in progress) {
            onRows(progress.done, progress.total);
          }
        };
        return reader.call({ name: 'report', task, path }, tell, signal) as ReturnType<IntakeRunner['report']>;
      }),
    // Where the intake is open already: a few rows, wanted while a person chooses.
    reportPreview: (task, signal) =>
      view.call({ name: 'report-preview', task }, undefined, signal) as ReturnType<IntakeRunner['reportPreview']>,
    // The thread in reserve, if there is one: what is open is not to wait behind the unpacking of an archive.
    preview: (task, signal) =>
      (spare ?? view).call({ name: 'preview', task }, undefined, signal) as ReturnType<IntakeRunner['preview']>,
    async *batches(intakeId, selection, signal) {
      for (let offset = 0; ; offset += BATCH_ROWS) {
        signal.throwIfAborted();
        const page = (await host('exportRows', [intakeId, selection, { offset, limit: BATCH_ROWS }])) as {
          total: number;
          rows: ExportRow[];
        };
        if (page.rows.length > 0) {
          yield page.rows;
        }
        if (offset + BATCH_ROWS >= page.total) {
          return;
        }
      }
    },
    async dispose() {
      isClosed = true;
      await Promise.all([view, ...readers, ...(spare === null ? [] : [spare])].map((each) => each.close(CLOSE_MS)));
    },
  };
}

async function readBehind(
  reader: IntakeThread,
  directory: string,
  task: ReadTask,
  onProgress: (progress: ReadProgress) => void,
  signal: AbortSignal,
): Promise<ReadReport> {
  const { intakeId, reading, passwords } = task;
  const pause = task.pause?.memory ?? null;
  const { inputs, dispose } = await spooled(directory, intakeId, task.inputs, signal);
  try {
    const tell = (progress: CallProgress): void => {
      if ('phase' in progress) {
        onProgress(progress);
      }
    };
    return (await reader.call(
      { name: 'read', intakeId, inputs, reading, passwords, pause },
      tell,
      signal,
    )) as ReadReport;
  } finally {
    await dispose();
  }
}
