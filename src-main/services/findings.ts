import type { Database } from '../db/port.ts';
import type { Clock } from '../platform/clock.ts';
import type { EngineOptions } from './engine-port.ts';
import { createAnnotations } from './annotations/annotations.ts';
import type { AnnotationService } from './annotations/port.ts';
import type { IntakeService } from './intake/port.ts';
import type { ReportService } from './report/port.ts';
import { createReports } from './report/report-service.ts';

/** What people make of answers: notes, tags and reports. */
export interface Findings {
  readonly annotations: AnnotationService;
  readonly reports: ReportService;
}

/** What people make of an intake: notes and tags, reports. */
export function createFindings(parts: {
  readonly options: Pick<EngineOptions, 'printer'>;
  readonly database: Database;
  readonly clock: Clock;
  readonly intakes: IntakeService;
  readonly analyst: () => Promise<string>;
  /** Name and version of the program. */
  readonly madeBy: string;
}): Findings {
  return {
    annotations: createAnnotations(parts),
    reports: createReports({ ...parts, printer: parts.options.printer }),
  };
}
