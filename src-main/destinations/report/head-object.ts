import { isoTime } from '../jsonl-rows.ts';
import type { ReportHead } from './port.ts';

/**
 * What a report states before its rows, as data for programs: times in ISO 8601, UTC. Known sets keep their order, to which
 * nothing else refers. The words on simulated data come first.
 */
export function headObject(head: ReportHead): Readonly<Record<string, unknown>> {
  const { intake, sets, madeAt, statement, simulated, ...rest } = head;
  return {
    ...(simulated ? { simulated: true, warning: 'The answers in this report are made up by simulated sources.' } : {}),
    ...rest,
    madeAt: isoTime(madeAt),
    statement,
    intake: {
      ...intake,
      createdAt: isoTime(intake.createdAt),
      triagedAt: isoTime(intake.triagedAt),
      judgedAt: isoTime(intake.judgedAt),
    },
    knownSets: sets.map((set) => ({ ...set, datedAt: set.datedAt === null ? null : isoTime(set.datedAt) })),
  };
}
