import type { Counts } from '#shared/contract/common.ts';
import type { DigestSet } from '#shared/domain/hash.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { intakePlaces } from '../../../db/repositories/intakes.ts';
import { emptyVerdictColumns } from '../../../intakes/verdict-columns.ts';
import { countVerdicts } from '../../../intakes/view/intake-view.ts';
import { openEffect, type ChangedRow } from '../../triage/effect.ts';
import type { ListOverlay } from '../../triage/overlay.ts';
import type { JudgeContext } from '../../triage/port.ts';
import { storeVerdict, type PackedVerdict } from '../../triage/store-verdict.ts';
import { eachKept } from './elsewhere.ts';
import type { SeenIndex } from './seen-index.ts';

/** After this many milliseconds other work gets its turn; one intake is never cut. */
const BUDGET_MS = 100;

/** What a planned change of the hash list does to one kept intake. */
export interface IntakeEffect {
  readonly intakeId: number;
  readonly title: string;
  /** Rows whose verdict would be another in any way. */
  readonly rows: number;
  /** Of those, rows with another status. */
  readonly moved: number;
  /** These rows as they are, and as they would be. */
  readonly before: Counts;
  readonly after: Counts;
}

/**
 * What a planned change of the hash list does to kept intakes older than `below` (null: to all), newest first, as many as
 * fit into a short time. `next` is where to go on; null at the end.
 */
export function effectOnIntakes(
  directory: string,
  context: JudgeContext,
  overlay: ListOverlay,
  below: number | null,
  index: SeenIndex,
): { readonly found: readonly IntakeEffect[]; readonly next: number | null } {
  const effect = openEffect(context, overlay);
  if (effect === null) {
    throw new AppError('INVALID_ARGUMENT', 'This decision touches too many digests at once. Choose fewer rows.');
  }
  try {
    const touched = [...effect.touched.values()].map(({ kind, hex }): DigestSet => ({ [kind]: hex }));
    const all = intakePlaces(context.db);
    index.keepOnly(all);
    const places = all.filter(({ id }) => below === null || id < below);
    const started = performance.now();
    const found: IntakeEffect[] = [];
    let next: number | null = null;
    for (const place of places) {
      if (touched.some((digests) => index.mayHold(place, digests))) {
        eachKept([place], { directory }, (_, file) => {
          const rows = effect.on(file.source());
          found.push(...(rows.length === 0 ? [] : [{ intakeId: place.id, title: place.title, ...summed(rows) }]));
          return true;
        });
      }
      if (performance.now() - started > BUDGET_MS && place !== places.at(-1)) {
        next = place.id;
        break;
      }
    }
    return { found, next };
  } finally {
    effect.close();
  }
}

function summed(rows: readonly ChangedRow[]): Pick<IntakeEffect, 'rows' | 'moved' | 'before' | 'after'> {
  return {
    rows: rows.length,
    moved: rows.filter(({ before, after }) => before.status !== after.status).length,
    before: counted(rows.map(({ before }) => before)),
    after: counted(rows.map(({ after }) => after)),
  };
}

function counted(verdicts: readonly PackedVerdict[]): Counts {
  const columns = emptyVerdictColumns(verdicts.length);
  verdicts.forEach((verdict, at) => storeVerdict(columns, at, verdict));
  return countVerdicts(columns);
}
