import type { ServiceResult } from '../../../net/service-fault.ts';
import type { Caller } from '../connection/caller.ts';
import { oddAnswer } from '../connection/faults.ts';
import { isObject, textOf, unwrapped, wholeNumber, type Fields } from '../connection/fields.ts';
import type { Intel } from '../port.ts';
import { allRows, type Row } from '../connection/rows.ts';
import { failed, isMissing, isOwn, type Answer } from '../connection/sender.ts';

/** Rows may hold their whole document, and its compiled form too. */
const PAGE = 100;
/** Of a page, or of what is told of one document. */
export const LONGEST_ANSWER = 24 * 1024 * 1024;

/** A document as a row of a list or the answer to a write tells it. */
export function intelOf({ id, fields }: Row): Intel {
  return {
    id,
    intrinsicId: textOf(fields['intrinsicId']).trim(),
    name: textOf(fields['name']),
    sourceId: wholeNumber(fields['sourceId']),
    md5: textOf(fields['md5']).trim().toLowerCase() || null,
    isSchemaValid: typeof fields['isSchemaValid'] === 'boolean' ? fields['isSchemaValid'] : null,
    labelIds: labelIdsOf(fields),
  };
}

/**
 * The documents of a source. Not every server obeys `sourceId` as a parameter, so that what comes is filtered again; one
 * that refuses it, or finds nothing by it, is asked for the documents of all sources.
 */
export async function listIntels(
  call: Caller,
  prefix: string,
  sourceId: number,
  signal: AbortSignal,
): Promise<ServiceResult<readonly Intel[]>> {
  const listing = { what: 'list the documents', limit: PAGE, maxBytes: LONGEST_ANSWER, read: intelOf };
  const ofSource = await allRows(call, { ...listing, path: `${prefix}/intels?sourceId=${sourceId}` }, signal);
  const isAnswered = ofSource.ok ? ofSource.value.length > 0 : ofSource.fault.httpStatus !== 400;
  const rows = isAnswered ? ofSource : await allRows(call, { ...listing, path: `${prefix}/intels` }, signal);
  return rows.ok
    ? {
        ok: true,
        value: rows.value.filter((intel) => intel.sourceId === null || intel.sourceId === sourceId),
      }
    : rows;
}

/** `GET /intels/{id}`. An answer about another document is none. */
export async function findIntel(
  call: Caller,
  prefix: string,
  intelId: number,
  signal: AbortSignal,
): Promise<ServiceResult<Intel | null>> {
  const answer = await lookFor(call, prefix, intelId, signal);
  if (!answer.ok) {
    return isOwn(answer, 404) ? { ok: true, value: null } : failed(answer);
  }
  const value = answer.body.kind === 'json' ? unwrapped(answer.body.value) : null;
  const fields = Array.isArray(value) && value.length === 1 ? value[0] : value;
  return isObject(fields) && wholeNumber(fields['id']) === intelId
    ? { ok: true, value: intelOf({ id: intelId, fields }) }
    : { ok: false, fault: oddAnswer(answer.status, 'is not about that document', answer.asking) };
}

function lookFor(call: Caller, prefix: string, intelId: number, signal: AbortSignal): Promise<Answer> {
  const path = `${prefix}/intels/${intelId}`;
  return call({ method: 'GET', path, what: 'look for a document', maxBytes: LONGEST_ANSWER }, signal);
}

/**
 * Removes a document: by the query that is in use by others, and by its own path where that does not work. "There is none"
 * counts as removed only when looking for it says so, too: another version may not know the first way at all.
 */
export async function removeIntel(
  call: Caller,
  prefix: string,
  intelId: number,
  signal: AbortSignal,
): Promise<ServiceResult<null>> {
  const what = 'delete a document';
  const first = await call({ method: 'DELETE', path: `${prefix}/intels/?id=${intelId}`, what }, signal);
  if (first.ok || !(isMissing(first) || isOwn(first, 405))) {
    return first.ok ? { ok: true, value: null } : failed(first);
  }
  const looked = await lookFor(call, prefix, intelId, signal);
  if (isMissing(looked)) {
    return { ok: true, value: null };
  }
  if (!looked.ok) {
    return failed(looked);
  }
  return removed(await call({ method: 'DELETE', path: `${prefix}/intels/${intelId}`, what }, signal));
}

function removed(answer: Answer): ServiceResult<null> {
  return answer.ok || isMissing(answer) ? { ok: true, value: null } : failed(answer);
}

function labelIdsOf(fields: Fields): readonly number[] {
  const ids = fields['labelIds'];
  return Array.isArray(ids) ? ids.flatMap((id) => wholeNumber(id) ?? []) : [];
}
