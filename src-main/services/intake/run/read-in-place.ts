import { join } from 'node:path';
import type { EntrySource } from '../../triage/port.ts';
import type { IntakeHost } from '../host/intake-host.ts';
import { dropReading, keepReading, openReading } from '../life-cycle.ts';
import { INTAKE_FILE } from '../places.ts';
import type { FormatTools } from '../reading/formats.ts';
import { readIntake } from '../reading/pipeline.ts';
import type { ReadProgress, ReadReport, ReadTask } from './runner.ts';

/**
 * Reads a task into the intake's place on this thread. With `isLooking` the first hashes are judged while reading goes on.
 * Nothing is left when it throws.
 */
export async function readInPlace(
  parts: {
    readonly directory: string;
    readonly host: IntakeHost;
    readonly formats: FormatTools;
    readonly isLooking: boolean;
  },
  task: ReadTask,
  onProgress: (progress: ReadProgress) => void,
  isCancelled: () => boolean,
): Promise<ReadReport> {
  const folder = openReading(parts.directory, task.intakeId);
  let last: ReadProgress = { phase: 'reading', bytesDone: 0, bytesTotal: null, records: 0, counts: null, judged: 0 };
  const tell = (change: Partial<ReadProgress>): void => {
    last = { ...last, ...change };
    onProgress(last);
  };
  const look = (source: EntrySource): void => {
    tell(parts.host.firstLook(source));
  };
  try {
    const { built, ...outcome } = await readIntake(
      join(folder, INTAKE_FILE),
      task.inputs,
      task.reading,
      parts.formats,
      {
        onProgress: (bytesDone, records, bytesTotal) => tell({ bytesDone, records, bytesTotal }),
        onSorting: (bytesDone, records, bytesTotal) => tell({ phase: 'sorting', bytesDone, records, bytesTotal }),
        ...(parts.isLooking ? { onLook: look } : {}),
        isCancelled,
        ...(task.pause === undefined ? {} : { pause: task.pause }),
      },
      task.passwords,
    );
    keepReading(parts.directory, task.intakeId);
    const computed = built.groups.reduce((sum, group) => sum + (group.link === 'computed' ? group.count : 0), 0);
    return { ...outcome, columns: built.columns, computed };
  } catch (error) {
    dropReading(parts.directory, task.intakeId);
    throw error;
  }
}
