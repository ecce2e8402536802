import type { CallOutput, CallParsed } from '#shared/contract/index.ts';
import type { SyncSecret } from '#shared/settings/sync-job.ts';

/**
 * ThreatConnect indicators in Threat Response. Every method answers one call of the contract, see contract/sync.ts; those
 * that reach a network take a signal. Errors are AppErrors: NOT_FOUND for a job or run that is not there,
 * INVALID_ARGUMENT with the field's name for settings that cannot be, CONFLICT for what the present state forbids.
 */
export interface ThreatSyncService {
  jobs(): Promise<CallOutput<'sync.jobs'>>;
  create(request: CallParsed<'sync.create'>): Promise<CallOutput<'sync.create'>>;
  set(request: CallParsed<'sync.set'>): Promise<CallOutput<'sync.set'>>;
  remove(request: CallParsed<'sync.remove'>): Promise<void>;
  setSecret(jobId: number, secret: SyncSecret, value: string): Promise<CallOutput<'sync.setSecret'>>;
  removeSecret(jobId: number, secret: SyncSecret): Promise<CallOutput<'sync.removeSecret'>>;
  test(request: CallParsed<'sync.test'>, signal: AbortSignal): Promise<CallOutput<'sync.test'>>;
  owners(jobId: number, signal: AbortSignal): Promise<CallOutput<'sync.owners'>>;
  tql(request: CallParsed<'sync.tql'>): Promise<CallOutput<'sync.tql'>>;
  count(request: CallParsed<'sync.count'>, signal: AbortSignal): Promise<CallOutput<'sync.count'>>;
  activate(jobId: number, active: boolean): Promise<CallOutput<'sync.activate'>>;
  startOver(jobId: number, from: number): Promise<CallOutput<'sync.startOver'>>;
  request(request: CallParsed<'sync.request'>): Promise<CallOutput<'sync.request'>>;
  recall(request: CallParsed<'sync.recall'>): Promise<CallOutput<'sync.recall'>>;
  cancel(runId: number): Promise<CallOutput<'sync.cancel'>>;
  approve(runId: number): Promise<CallOutput<'sync.approve'>>;
  runs(request: CallParsed<'sync.runs'>): Promise<CallOutput<'sync.runs'>>;
  run(runId: number): Promise<CallOutput<'sync.run'>>;
  plan(request: CallParsed<'sync.plan'>): Promise<CallOutput<'sync.plan'>>;
  log(request: CallParsed<'sync.log'>): Promise<CallOutput<'sync.log'>>;
  ledger(request: CallParsed<'sync.ledger'>): Promise<CallOutput<'sync.ledger'>>;
  requests(request: CallParsed<'sync.requests'>): Promise<CallOutput<'sync.requests'>>;
  indicators(request: CallParsed<'sync.indicators'>): Promise<CallOutput<'sync.indicators'>>;
  release(request: CallParsed<'sync.release'>): Promise<CallOutput<'sync.release'>>;
}
