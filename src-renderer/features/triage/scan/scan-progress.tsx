import type { ReactNode } from 'react';
import type { QueueGroupView } from '#shared/contract/outbound.ts';
import { sourceLabel } from '#shared/domain/source.ts';
import { cancelQueue, holdQueue, useAsking } from '../../../app/asking.ts';
import { usePreferences } from '../../../app/store.ts';
import { useNow } from '../../../components/use-now.ts';
import { clock, counted, number } from '../../../components/words.ts';

/** What still waits to be asked for this intake: how far, how fast, until when, and the way to hold or end it. */
export function ScanProgress({ intakeId }: { readonly intakeId: number }): ReactNode {
  const outbound = useAsking((state) => state.outbound);
  const zone = usePreferences()?.times ?? 'local';
  const now = useNow() * 1000;
  const groups = outbound?.groups.filter((group) => group.intakeId === intakeId) ?? [];
  const waiting = groups.reduce((sum, group) => sum + group.waiting, 0);
  if (outbound === null || groups.length === 0 || waiting === 0) {
    return null;
  }
  const done = groups.reduce((sum, group) => sum + group.done, 0);
  const dropped = groups.reduce((sum, group) => sum + group.dropped, 0);
  const all = done + dropped + waiting;
  const isPaused = groups.every((group) => group.paused || group.waiting === 0);
  const ends = groups.flatMap((group) => (group.endsAt === null ? [] : [group.endsAt]));
  const waits = groups.filter((group) => group.waitingFor !== '' && !group.paused && !outbound.offline);
  const word = stateWord(outbound.offline, groups);
  // Of the last minute: where everything waits now it would promise what does not happen.
  const rate = outbound.perSecond > 0 && word === 'Asking' ? `, ${rateWords(outbound.perSecond)} a second` : '';
  return (
    <section className="jobline" aria-label="Asking sources">
      <div
        className="progressbar"
        role="progressbar"
        aria-label="Answered of what was queued for this list"
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(((done + dropped) / all) * 100)}
      >
        <i style={{ width: `${((done + dropped) / all) * 100}%` }} />
      </div>
      <span className="medium nowrap">{word}</span>
      <span className="t2 nowrap">
        {number(done)} answered, {counted(waiting, 'question')} left
        {dropped === 0 ? '' : `, ${number(dropped)} not needed`}
        {rate}
        {ends.length === 0 || isPaused ? '' : `, ends ${clock(Math.max(...ends), now, zone)}`}
      </span>
      <span className="t3 cut">
        {[...new Set(waits.map((group) => `${sourceLabel(group.source)}: ${group.waitingFor}`))].join('; ')}
      </span>
      <span className="row scanends">
        <button type="button" className="button compact" onClick={() => void holdQueue({ intakeId }, !isPaused)}>
          {isPaused ? 'Resume' : 'Pause'}
        </button>
        <button type="button" className="button compact" onClick={() => void cancelQueue({ intakeId })}>
          Cancel scan
        </button>
      </span>
    </section>
  );
}

function stateWord(offline: boolean, groups: readonly QueueGroupView[]): string {
  const left = groups.filter((group) => group.waiting > 0);
  if (left.every((group) => group.paused)) {
    return 'Paused';
  }
  return offline ? 'Offline' : left.every((group) => group.paused || group.waitingFor !== '') ? 'Waiting' : 'Asking';
}

function rateWords(perSecond: number): string {
  return perSecond < 10 ? perSecond.toFixed(1) : number(Math.round(perSecond));
}
