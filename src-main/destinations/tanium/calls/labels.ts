import type { ServiceResult } from '../../../net/service-fault.ts';
import type { Caller } from '../connection/caller.ts';
import { textOf } from '../connection/fields.ts';
import type { TaniumLabel } from '../port.ts';
import { allAtOnce, type Row } from '../connection/rows.ts';
import { failed, isMissing } from '../connection/sender.ts';
import { done, withId } from './sources.ts';

const PAGE = 500;

/** Every label there is, whoever made it. */
export async function listLabels(
  call: Caller,
  prefix: string,
  signal: AbortSignal,
): Promise<ServiceResult<readonly TaniumLabel[]>> {
  const read = ({ id, fields }: Row): TaniumLabel => ({ id, name: textOf(fields['name']) });
  return allAtOnce(call, { path: `${prefix}/labels`, what: 'list the labels', limit: PAGE, read }, signal);
}

/** Makes a label. A name that exists may be refused: looking for it is for the caller. */
export async function createLabel(
  call: Caller,
  prefix: string,
  name: string,
  signal: AbortSignal,
): Promise<ServiceResult<TaniumLabel>> {
  const body = JSON.stringify({ name, description: 'A tag of ThreatConnect.' });
  const answer = await call({ method: 'POST', path: `${prefix}/labels`, what: 'make a label', body }, signal);
  // The server may keep the name in another spelling, which then holds.
  return withId(answer, (fields, id) => ({ id, name: textOf(fields['name']) || name }));
}

/** Puts a label on a document; one that it carries stays. */
export async function addLabel(
  call: Caller,
  prefix: string,
  intelId: number,
  labelId: number,
  signal: AbortSignal,
): Promise<ServiceResult<null>> {
  const path = `${prefix}/intels/${intelId}/labels`;
  return done(
    await call({ method: 'PUT', path, what: 'label a document', body: JSON.stringify({ id: labelId }) }, signal),
  );
}

/** A label that the document does not carry counts as taken off. */
export async function removeLabel(
  call: Caller,
  prefix: string,
  intelId: number,
  labelId: number,
  signal: AbortSignal,
): Promise<ServiceResult<null>> {
  const path = `${prefix}/intels/${intelId}/labels/${labelId}`;
  const answer = await call({ method: 'DELETE', path, what: 'take a label off a document' }, signal);
  return answer.ok || isMissing(answer) ? { ok: true, value: null } : failed(answer);
}
