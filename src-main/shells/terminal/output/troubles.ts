import type { InputFileView, IntakeSummary } from '#shared/contract/intake.ts';
import type { Engine } from '../../../services/engine-port.ts';
import type { Trouble } from '../../../services/intake/port.ts';
import type { Session } from '../session.ts';
import { counted } from './numbers.ts';

/** Rejected records named one by one on standard error; further ones are counted. */
const NAMED = 20;
const PAGE = 200;
/** The format of an input of which nothing could be read. */
const UNREADABLE = 'unreadable';

/**
 * Tells on standard error what was rejected, cut off or unreadable, with place and reason. Returns true when anything
 * was: what --strict looks at.
 */
export async function reportTroubles(session: Session, engine: Engine, intake: IntakeSummary): Promise<boolean> {
  const { inputs } = await engine.intakes.get(intake.id);
  const faults = inputs.filter((input) => input.fault !== null);
  for (const input of faults) {
    session.warn(faultLine(input));
  }
  const { rejected, balanced } = intake.accounting;
  // An input that cannot be read is one rejected record as well; its fault says it already.
  const named = faults.filter((input) => input.format === UNREADABLE).length;
  if (rejected > named) {
    const lines = await rejectedLines(engine, intake.id, named > 0);
    for (const line of lines) {
      session.warn(line);
    }
    const left = rejected - named - lines.length;
    if (left > 0) {
      session.warn(`${counted(left, 'more row')} rejected: assay intakes show ${intake.id} --rejected`);
    }
  }
  if (!balanced) {
    session.warn(
      'The rows do not add up: the independent count differs from the sum. Check the reading of this input.',
    );
  }
  return rejected > 0 || faults.length > 0 || !balanced || intake.fault !== null;
}

/** Tells on standard error what the verdicts lack: a known set that could not be read is never left out silently. */
export function reportProblems(session: Session, intake: IntakeSummary): void {
  for (const problem of intake.problems) {
    session.warn(`Some answers are missing. ${problem}`);
  }
}

/** `list.csv:12:3: rejected, 63 hex digits: "deadbeef…"`. */
export function troubleLine(trouble: Trouble): string {
  const column = trouble.column === null || trouble.column === 0 ? '' : `:${trouble.column}`;
  const place = trouble.line > 0 ? `${trouble.file}:${trouble.line}${column}` : trouble.file;
  const excerpt = trouble.excerpt === '' ? '' : `: "${trouble.excerpt}"`;
  const rejected = trouble.line > 0 ? 'rejected' : 'not read';
  const kind = trouble.kind === 'rejected' ? rejected : 'no hash';
  return `${place}: ${kind}, ${trouble.reason}${excerpt}`;
}

async function rejectedLines(engine: Engine, intakeId: number, onlyRows: boolean): Promise<string[]> {
  const lines: string[] = [];
  for (let offset = 0; lines.length < NAMED; offset += PAGE) {
    const page = await engine.intakes.troubles(intakeId, { offset, limit: PAGE });
    const rows = page.rows.filter((row) => row.kind === 'rejected' && (row.line > 0 || !onlyRows));
    lines.push(...rows.map((row) => troubleLine(row)));
    if (page.rows.length === 0 || offset + page.rows.length >= page.total) {
      break;
    }
  }
  return lines.slice(0, NAMED);
}

function faultLine(input: InputFileView): string {
  const fault = input.fault ?? '';
  return input.format === UNREADABLE ? fault : `${input.name}: ${fault}`;
}
