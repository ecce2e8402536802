import type { ReactNode } from 'react';
import type { FlightPlan } from '#shared/contract/scan.ts';
import type { Strategy } from '#shared/domain/outcome.ts';
import type { Preferences } from '#shared/settings/schema.ts';
import { useApp } from '../../../app/store.ts';
import { Icon } from '../../../components/icon.tsx';
import { clock, counted, number } from '../../../components/words.ts';
import { planNotes, STRATEGY_WORDS, withoutParts } from './plan-words.ts';

/** The four figures that decide, and what needs no call. */
export function PlanFigures(props: {
  readonly plan: FlightPlan;
  readonly now: number;
  readonly zone: Preferences['times'];
}): ReactNode {
  const { plan, now, zone } = props;
  const staleAfterDays = useApp((state) => state.boot?.settings.staleAfterDays ?? 30);
  const asked = plan.sources.filter((source) => source.ask > 0).length;
  const parts = withoutParts(plan.without, staleAfterDays);
  const spent = expectedOf(plan);
  return (
    <>
      <dl className="figures">
        <Figure value={number(plan.ask)} words={plan.ask === 1 ? 'hash to ask' : 'hashes to ask'} />
        <Figure value={number(plan.without.total)} words="answered without a call" />
        <Figure
          value={`${spent.isEstimate ? '≈ ' : ''}${number(spent.requests)}`}
          words={`${spent.requests === 1 ? 'request' : 'requests'}${spent.most}, ${counted(asked, 'source')}`}
        />
        <Figure value={endOf(plan.ask, spent.endsAt, now, zone)} words={zone === 'utc' ? 'ends, UTC' : 'ends'} />
      </dl>
      {parts.length === 0 ? null : (
        <p className="without small">
          <b>{number(plan.without.total)} without a call</b>
          {parts.map((part) => (
            <span key={part}>{part}</span>
          ))}
        </p>
      )}
    </>
  );
}

function Figure({ value, words }: { readonly value: string; readonly words: string }): ReactNode {
  return (
    <div>
      <dt className="small t2">{words}</dt>
      <dd className="answer">{value}</dd>
    </div>
  );
}

/**
 * What the chosen strategy is expected to take. The table below counts what it takes at the most: a strategy that stops
 * at an answer saves calls only once the answer is there.
 */
function expectedOf({ strategy, strategies, requests, sources, endsAt }: FlightPlan): {
  readonly requests: number;
  readonly endsAt: number | null;
  readonly isEstimate: boolean;
  readonly most: string;
} {
  const own = strategies.find((one) => one.strategy === strategy);
  if (own === undefined || own.requests >= requests) {
    return { requests, endsAt, isEstimate: sources.some(({ singles }) => singles > 0), most: '' };
  }
  return { requests: own.requests, endsAt: own.endsAt, isEstimate: true, most: `, at most ${number(requests)}` };
}

function endOf(ask: number, endsAt: number | null, now: number, zone: Preferences['times']): string {
  return ask === 0 ? '–' : endsAt === null ? 'unknown' : clock(endsAt, now, zone);
}

/** What a reader must know before it starts. */
export function PlanNotes({ plan }: { readonly plan: FlightPlan }): ReactNode {
  return (
    <ul className="plannotes small t2">
      {planNotes(plan).map((note) => (
        <li key={note}>
          <Icon name="note" />
          <span>{note}</span>
        </li>
      ))}
    </ul>
  );
}

/** How the scan spends, each way with what it would take. */
export function Strategies(props: {
  readonly plan: FlightPlan;
  readonly value: Strategy;
  readonly onValue: (strategy: Strategy) => void;
  readonly now: number;
  readonly zone: Preferences['times'];
}): ReactNode {
  const { plan, value, onValue, now, zone } = props;
  return (
    <fieldset className="strategies small">
      <legend className="visually-hidden">How it spends</legend>
      {plan.strategies.map(({ strategy, requests, endsAt }) => (
        <label key={strategy} className="row">
          <input type="radio" name="strategy" checked={strategy === value} onChange={() => onValue(strategy)} />
          <span className="medium">{STRATEGY_WORDS[strategy]}</span>
          <span className="t2 cut">
            {strategy === 'certain' ? '' : 'about '}
            {counted(requests, 'request')}
            {endsAt === null ? '' : `, ends ${clock(endsAt, now, zone)}`}
          </span>
        </label>
      ))}
    </fieldset>
  );
}
