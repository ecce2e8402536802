import type { IntakeSummary } from '#shared/contract/intake.ts';
import { EXIT } from '../../exit-codes.ts';
import { count, counted, utcMinute } from '../../output/numbers.ts';
import { writeListing, type OutputFormat } from '../../output/records.ts';
import { STATUS_SHAPE } from '../../output/style.ts';
import { visible } from '../../output/plain-text.ts';
import { reportProblems, troubleLine } from '../../output/troubles.ts';
import { intakeData, writeIntake, type RowOptions } from '../../output/write-intake.ts';
import { writeTo } from '../../output/write-to.ts';
import type { Engine } from '../../../../services/engine-port.ts';
import type { Session } from '../../session.ts';

const PAGE = 500;

/** Kept intakes, newest first. */
export async function listIntakes(
  session: Session,
  options: { readonly format: OutputFormat; readonly rows: number | 'all' },
): Promise<number> {
  return session.withEngine(async (engine) => {
    const most = options.format === 'table' && options.rows !== 'all' ? options.rows : Number.POSITIVE_INFINITY;
    const rows: IntakeSummary[] = [];
    let total = 0;
    for (;;) {
      const page = await engine.intakes.list({
        offset: rows.length,
        limit: Math.max(1, Math.min(PAGE, most - rows.length)),
      });
      total = page.total;
      rows.push(...page.rows);
      if (rows.length >= Math.min(total, most) || page.rows.length === 0) {
        break;
      }
    }
    const left = total - rows.length;
    await writeListing(session, options.format, {
      rows,
      whenEmpty: 'No intakes yet. "assay triage FILE" makes one.',
      columns: [
        { header: 'id', align: 'right', cell: (intake) => String(intake.id) },
        { header: 'made (UTC)', cell: (intake) => utcMinute(intake.createdAt) },
        { header: 'title', cell: (intake) => intake.title, least: 12 },
        { header: 'state', cell: stateText },
        { header: 'hashes', align: 'right', cell: (intake) => count(intake.accounting.hashes) },
        ...(['malicious', 'suspicious', 'unknown'] as const).map((status) => ({
          header: `${STATUS_SHAPE[status]} ${status}`,
          align: 'right' as const,
          cell: (intake: IntakeSummary) => count(intake.counts[status]),
        })),
      ],
      data: intakeData,
      ...(left > 0 ? { footer: [`${counted(left, 'older intake')}: add --rows all`] } : {}),
    });
    return EXIT.done;
  });
}

/** "ready, with a fault, embargo": what a reader of the list must know before an intake is opened. */
function stateText({ state, fault, embargo }: IntakeSummary): string {
  const isFaulty = state === 'ready' && fault !== null;
  return [state, ...(isFaulty ? ['with a fault'] : []), ...(embargo ? ['embargo'] : [])].join(', ');
}

/** One intake with verdicts as of now, or with `rejected` the records that gave no hash. */
export async function showIntake(
  session: Session,
  id: number,
  options: RowOptions & { readonly rejected?: boolean },
): Promise<number> {
  return session.withEngine(async (engine) => {
    const { intake } = await engine.intakes.get(id);
    if (options.rejected === true) {
      await writeTo(session, options.out, troubleText(engine, id));
    } else {
      reportProblems(session, intake);
      await writeIntake(session, engine, intake, options);
    }
    return EXIT.done;
  });
}

/** Removes intakes from disk, each one named. */
export async function removeIntakes(session: Session, ids: readonly number[]): Promise<number> {
  return session.withEngine(async (engine) => {
    for (const id of ids) {
      const { intake } = await engine.intakes.get(id);
      await engine.intakes.forget(id);
      session.note(`Intake ${id} (${intake.title}) is removed from disk.`);
    }
    return EXIT.done;
  });
}

async function* troubleText(engine: Engine, id: number): AsyncIterable<string> {
  for (let offset = 0; ; offset += PAGE) {
    const page = await engine.intakes.troubles(id, { offset, limit: PAGE });
    if (page.rows.length > 0) {
      yield page.rows.map((row) => `${visible(troubleLine(row))}\n`).join('');
    }
    if (page.rows.length === 0 || offset + page.rows.length >= page.total) {
      return;
    }
  }
}
