import type { ListOp } from '../../db/repositories/hash-list-writes.ts';
import type { DigestSet } from '#shared/domain/hash.ts';
import type { ListOverlay } from '../triage/overlay.ts';
import { digestsOfRow } from './draft.ts';

/** Planned writes of the list as judging sees them at `now` (seconds since the epoch). */
export function overlayOf(ops: readonly ListOp[], now: number): ListOverlay {
  return {
    gone: ops.flatMap(({ before }) => (before === null ? [] : [before.id])),
    planned: ops.flatMap(({ before, after }) =>
      after === null || (after.expiresAt !== null && after.expiresAt <= now)
        ? []
        : [
            {
              id: before?.id ?? null,
              side: after.side,
              addedAt: after.addedAt,
              digests: digestsOfRow(after) as DigestSet,
            },
          ],
    ),
  };
}
