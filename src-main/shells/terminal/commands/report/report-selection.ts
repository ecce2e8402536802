import type { GridQuery, Selection } from '#shared/contract/intake.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { Engine } from '../../../../services/engine-port.ts';
import { findInText } from '../../../../services/lookup/find-in-text.ts';
import { fileText, standardInputText } from '../../inputs.ts';
import { count, counted } from '../../output/numbers.ts';
import type { Session } from '../../session.ts';
import type { WriteReportOptions } from './report-options.ts';

/** The most rows that are chosen one by one, as in the window. */
const MOST_CHOSEN = 10_000;
const MOST_BYTES = 16 * 1024 * 1024;

/** Which rows of an intake a report is made of: those of a query, or those of the hashes in a file. */
export async function reportSelection(
  session: Session,
  engine: Engine,
  intakeId: number,
  { only, tag, containing, hashes }: WriteReportOptions,
): Promise<Selection> {
  if (hashes !== undefined) {
    return chosen(session, engine, intakeId, hashes);
  }
  const query: GridQuery = {
    statuses: [...(only ?? [])],
    flags: [],
    tags: [...(tag ?? [])],
    text: containing ?? '',
    sort: 'position',
    descending: false,
    asOf: 0,
  };
  return { kind: 'query', query };
}

async function chosen(session: Session, engine: Engine, intakeId: number, file: string): Promise<Selection> {
  const { hashes } = findInText(await textOf(session, file));
  if (hashes.length === 0) {
    throw new AppError('INVALID_ARGUMENT', `${file} holds no hash. Name a file with the hashes of the rows.`);
  }
  if (hashes.length > MOST_CHOSEN) {
    throw new AppError(
      'INVALID_ARGUMENT',
      `${file} holds ${count(hashes.length)} hashes; at most ${count(MOST_CHOSEN)} rows are chosen one by one.`,
    );
  }
  const found = await engine.intakes.entriesOf(
    intakeId,
    hashes.map(({ hash }) => Buffer.from(hash, 'hex')),
  );
  const entries = [...new Set(found.filter((entry) => entry !== null))];
  const missing = found.length - found.filter((entry) => entry !== null).length;
  if (missing > 0) {
    session.warn(
      `Not in intake ${intakeId}, and so not in the report: ${counted(missing, 'hash', 'hashes')} of ${file}.`,
    );
  }
  return { kind: 'entries', entries };
}

function textOf({ host, signal }: Session, file: string): Promise<string> {
  return file === '-'
    ? standardInputText(host, MOST_BYTES, signal)
    : fileText(host, file, MOST_BYTES, signal, 'name a file with the hashes of the rows.');
}
