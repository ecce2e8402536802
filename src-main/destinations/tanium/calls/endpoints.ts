import type { ServiceResult } from '../../../net/service-fault.ts';
import type { Caller } from '../connection/caller.ts';
import { isObject, unwrapped, wholeNumber } from '../connection/fields.ts';
import type { TaniumInterface } from '../connection/interface.ts';
import { oddAnswer } from '../connection/faults.ts';
import { failed, isOwn } from '../connection/sender.ts';
import { done } from './sources.ts';

/** `POST /intel/deploy`: documented for 4.x; 3.x is asked, too, and may not have it. */
export async function deployIntel(
  call: Caller,
  { api, prefix }: TaniumInterface,
  signal: AbortSignal,
): Promise<ServiceResult<null>> {
  const ask = { method: 'POST', path: `${prefix}/intel/deploy`, what: 'deploy' } as const;
  const answer = await call(ask, signal);
  if (api === '3' && isOwn(answer, 404) && !answer.ok) {
    const message = `Threat Response ${api}.x at this address cannot be asked to deploy: deploy in its console.`;
    return { ok: false, fault: { ...answer.fault, message } };
  }
  return done(answer);
}

/** `GET /api/v2/groups/by-name/{name}`. */
export async function findGroup(
  call: Caller,
  name: string,
  signal: AbortSignal,
): Promise<ServiceResult<number | null>> {
  const groups = '/api/v2/groups/by-name';
  const answer = await call(
    {
      method: 'GET',
      path: `${groups}/${encodeURIComponent(name.trim())}`,
      shownPath: `${groups}/{name}`,
      what: 'find the computer group',
    },
    signal,
  );
  if (!answer.ok) {
    return isOwn(answer, 404) ? { ok: true, value: null } : failed(answer);
  }
  const value = answer.body.kind === 'json' ? unwrapped(answer.body.value) : undefined;
  const group = Array.isArray(value) ? value[0] : value;
  if (group === null || (Array.isArray(value) && value.length === 0)) {
    return { ok: true, value: null };
  }
  const id = isObject(group) ? wholeNumber(group['id']) : null;
  return id === null
    ? { ok: false, fault: oddAnswer(answer.status, 'names no computer group', answer.asking) }
    : { ok: true, value: id };
}

/** Scans the computers of a group for one document now. */
export async function scanGroup(
  call: Caller,
  { api, prefix }: TaniumInterface,
  groupId: number,
  intelId: number,
  signal: AbortSignal,
): Promise<ServiceResult<null>> {
  const path = `${prefix}/${api === '4' ? 'on-demand-scans' : 'quick-scans'}`;
  const body = JSON.stringify({ computerGroupId: groupId, intelDocId: intelId });
  return done(await call({ method: 'POST', path, what: 'scan for a document', body }, signal));
}
