import type { QueueGroup } from '../../db/repositories/queue-types.ts';
import type { IntakeService } from '../intake/port.ts';

const PAGE = 500;
const OWN_TITLE = {
  person: 'Looked up by a person',
  new: 'New, in no intake',
  recheck: 'Pending answers',
  rescan: 'Asked again',
} as const;

/** What groups of the queue are called: by their intake, or by what they are. */
export interface Titles {
  /** Looks up the titles of intakes that are not known yet; an intake keeps its title. */
  know(intakeIds: readonly number[]): Promise<void>;
  of(group: Pick<QueueGroup, 'intakeId' | 'purpose'>): string;
}

export function createTitles(intakes: Pick<IntakeService, 'list'>): Titles {
  const known = new Map<number, string>();
  return {
    async know(intakeIds) {
      const missing = new Set(intakeIds.filter((id) => id !== 0 && !known.has(id)));
      for (let offset = 0; missing.size > 0; offset += PAGE) {
        const { rows, total } = await intakes.list({ offset, limit: PAGE });
        for (const { id, title } of rows) {
          known.set(id, title);
          missing.delete(id);
        }
        if (rows.length === 0 || offset + rows.length >= total) {
          break;
        }
      }
    },
    of: ({ intakeId, purpose }) =>
      intakeId === 0 ? OWN_TITLE[purpose] : (known.get(intakeId) ?? `Intake ${intakeId}, forgotten`),
  };
}
