import type { CallOutput } from '#shared/contract/index.ts';
import { DIGEST_KINDS, DIGEST_LABEL } from '#shared/domain/hash.ts';
import type { AuditRow, ListRow } from '../../db/repositories/hash-list.ts';
import { parseAudit } from './changes.ts';
import { dayOf, shortHash } from './problems.ts';

/** One entry's part of one change, in words. */
export function auditRow(row: AuditRow): CallOutput<'hashList.audit'>['rows'][number] {
  const { changeId, at, by, action, entryId } = row;
  const summary = summaryOf(parseAudit(row.before, entryId), parseAudit(row.after, entryId));
  return { changeId, at, by, action, entryId, summary };
}

function summaryOf(before: ListRow | null, after: ListRow | null): string {
  if (before === null) {
    return after === null ? 'Nothing changed' : `Listed ${nameOf(after)} as ${after.side}`;
  }
  if (after === null) {
    return `Removed ${nameOf(before)}, which was ${before.side}`;
  }
  const parts = [
    ...(before.side === after.side ? [] : [`${before.side} became ${after.side}`]),
    ...DIGEST_KINDS.filter((kind) => before[kind] !== after[kind]).map((kind) =>
      after[kind] === null ? `${DIGEST_LABEL[kind]} taken off` : `${DIGEST_LABEL[kind]} filled in`,
    ),
    ...(before.note === after.note ? [] : ['note changed']),
    ...(before.reason === after.reason ? [] : ['reason changed']),
    ...(before.expiresAt === after.expiresAt ? [] : [expiryText(after.expiresAt)]),
    ...(before.addedBy === after.addedBy && before.addedAt === after.addedAt ? [] : ['who added it changed']),
  ];
  return `${nameOf(after)}: ${parts.join(', ')}`;
}

function nameOf(row: ListRow): string {
  return shortHash(row.sha256 ?? row.sha1 ?? row.md5 ?? '');
}

function expiryText(expiresAt: number | null): string {
  return expiresAt === null ? 'no longer expires' : `expires ${dayOf(expiresAt)}`;
}
