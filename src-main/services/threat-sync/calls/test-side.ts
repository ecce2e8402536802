import type { ConnectionTestView } from '#shared/contract/sources.ts';
import type { SyncJobRow } from '../../../db/repositories/sync/types.ts';
import type { ThreatResponse } from '../../../destinations/tanium/port.ts';
import type { ServiceFault, ServiceResult } from '../../../net/service-fault.ts';
import type { ThreatConnect } from '../../../providers/indicator-port.ts';
import { nameOwners } from '../../../jobs/sync/pulling/named-owners.ts';
import type { SyncJobConfig } from '#shared/settings/sync-job.ts';
import { SYNC_LABELS } from '#shared/settings/sync-labels.ts';
import { placeOf } from './faults.ts';

/** What a test came to: a sentence on success, or the fault and its place. */
export type SideTest =
  | { readonly ok: true; readonly message: string }
  | {
      readonly ok: false;
      readonly at: ConnectionTestView['at'];
      readonly message: string;
      readonly httpStatus: number | null;
    };

/** Lists owners and counts what matches: proves address, Api User, clock, owners and query. Two requests, both reads. */
export async function testThreatConnect(
  client: ThreatConnect,
  { config }: SyncJobRow,
  tqlOf: (config: SyncJobConfig) => string,
  signal: AbortSignal,
): Promise<SideTest> {
  const owners = await client.owners(signal);
  if (!owners.ok) {
    return failed(owners.fault);
  }
  const readable = owners.value.map(({ name }) => name);
  const { missing, config: asked } = nameOwners(config, readable);
  if (missing.length > 0) {
    const names = missing.join(', ');
    const message = `${SYNC_LABELS.owners}: the Api User may not read ${names}. Choose among the owners it may read.`;
    return { ok: false, at: 'right', message, httpStatus: null };
  }
  const tql = tqlOf(asked);
  const matching = await client.count(tql, signal);
  return matching.ok
    ? { ok: true, message: `${readable.length} owners can be read; ${matching.value} indicators match now.` }
    : failed(matching.fault);
}

/** Logs in and looks for the source and the computer group: proves address, user and read rights. Writes nothing. */
export async function testTanium(
  client: ThreatResponse,
  { config }: SyncJobRow,
  signal: AbortSignal,
): Promise<SideTest> {
  const opened = await client.open(signal);
  if (!opened.ok) {
    return failed(opened.fault);
  }
  const source = await client.findSource(config.sourceName, signal);
  if (!source.ok) {
    return failed(source.fault);
  }
  const group = config.scanGroup === '' ? null : await client.findGroup(config.scanGroup, signal);
  if (group !== null && !group.ok) {
    return failed(group.fault);
  }
  if (group?.value === null) {
    const message = `${SYNC_LABELS.scanGroup}: Tanium has no computer group called ${config.scanGroup}.`;
    return { ok: false, at: 'input', message, httpStatus: null };
  }
  const there = source.value === null ? 'is not there yet: the first run makes it' : 'is there';
  const message = `Signed in to Threat Response ${opened.value.api}.x. The source ${config.sourceName} ${there}.`;
  return { ok: true, message };
}

/** A result in the words of the contract. */
export function testView(test: SideTest, elapsedMs: number): ConnectionTestView {
  const { ok, message } = test;
  const elapsed = Math.max(0, Math.round(elapsedMs));
  return test.ok
    ? { ok, at: null, message, billed: 0, httpStatus: null, elapsedMs: elapsed }
    : { ok, at: test.at, message, billed: 0, httpStatus: test.httpStatus, elapsedMs: elapsed };
}

function failed(fault: ServiceFault): SideTest {
  return { ok: false, at: placeOf(fault), message: fault.message, httpStatus: fault.httpStatus };
}

/** The value, or the fault thrown on as it is given. */
export function valueOr<T>(result: ServiceResult<T>, refuse: (fault: ServiceFault) => Error): T {
  if (!result.ok) {
    throw refuse(result.fault);
  }
  return result.value;
}
