import type { ServiceResult } from '../../../net/service-fault.ts';
import type { Caller } from '../connection/caller.ts';
import { oddAnswer } from '../connection/faults.ts';
import { isObject, textOf, unwrapped, wholeNumber, type Fields } from '../connection/fields.ts';
import { allRows, type Row } from '../connection/rows.ts';
import { failed, type Answer } from '../connection/sender.ts';

const PAGE = 500;

/**
 * The source of that name: as it is written, else in another case. Looked for here and not by the server's `name`
 * parameter, whose reading differs.
 */
export async function findSource(
  call: Caller,
  prefix: string,
  name: string,
  signal: AbortSignal,
): Promise<ServiceResult<{ readonly id: number } | null>> {
  const what = 'list the sources of Threat Response';
  const read = ({ id, fields }: Row): { readonly id: number; readonly name: string } => ({
    id,
    name: textOf(fields['name']).trim(),
  });
  const rows = await allRows(call, { path: `${prefix}/sources`, what, limit: PAGE, read }, signal);
  if (!rows.ok) {
    return rows;
  }
  const wanted = name.trim();
  const found =
    rows.value.find((source) => source.name === wanted) ??
    rows.value.find((source) => source.name.toLowerCase() === wanted.toLowerCase());
  return { ok: true, value: found === undefined ? null : { id: found.id } };
}

/** Makes a source that is filled from outside (`api-client`). */
export async function createSource(
  call: Caller,
  prefix: string,
  name: string,
  signal: AbortSignal,
): Promise<ServiceResult<{ readonly id: number }>> {
  const body = JSON.stringify({
    type: 'api-client',
    name: name.trim(),
    description: 'Indicators of ThreatConnect, kept up to date by Assay.',
  });
  const answer = await call({ method: 'POST', path: `${prefix}/sources`, what: 'make the source', body }, signal);
  return withId(answer, (_, id) => ({ id }));
}

/** The one thing an answer holds, by the id it has to have. */
export function withId<T>(answer: Answer, read: (fields: Fields, id: number) => T): ServiceResult<T> {
  if (!answer.ok) {
    return failed(answer);
  }
  const value = answer.body.kind === 'json' ? unwrapped(answer.body.value) : null;
  const fields = isObject(value) ? value : {};
  const id = wholeNumber(fields['id']);
  return id === null
    ? { ok: false, fault: oddAnswer(answer.status, 'names no id', answer.asking) }
    : { ok: true, value: read(fields, id) };
}

/** An answer of which only the success counts. */
export function done(answer: Answer): ServiceResult<null> {
  return answer.ok ? { ok: true, value: null } : failed(answer);
}
