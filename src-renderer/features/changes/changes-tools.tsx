import type { ReactNode } from 'react';
import type { CallOutput } from '#shared/contract/index.ts';
import { SOURCE_IDS, sourceLabel, type SourceId } from '#shared/domain/source.ts';
import type { Preferences } from '#shared/settings/schema.ts';
import { StatusMark } from '../../components/status.tsx';
import { number, time } from '../../components/words.ts';
import { useChanges, type Since } from './store.ts';

interface Props {
  readonly counts: CallOutput<'changes.page'>['counts'] | null;
  readonly zone: Preferences['times'];
}

/** From when on, flips or all, and of which source. */
export function ChangesTools({ counts, zone }: Props): ReactNode {
  const { since, flipsOnly, source, lookedAt } = useChanges();
  const flips = (counts?.raised ?? 0) + (counts?.cleared ?? 0);
  const lastLook = lookedAt === null ? 'Nobody looked before: everything' : `The last look was ${time(lookedAt, zone)}`;
  return (
    <div className="tools">
      <div className="segments" role="group" aria-label="Since when">
        <When present={since} since={{ kind: 'yesterday' }}>
          Since yesterday
        </When>
        <When present={since} since={{ kind: 'week' }}>
          7 days
        </When>
        <When present={since} since={{ kind: 'last' }} title={lastLook}>
          Last look
        </When>
      </div>
      <label className="row small">
        <span className="t2">Since</span>
        <input
          type="date"
          className="field"
          value={since.kind === 'date' ? dateOf(since.at, zone) : ''}
          onChange={({ target }) => chooseDate(target.value, zone)}
        />
      </label>
      <div className="segments" role="group" aria-label="Which changes">
        <button type="button" aria-pressed={!flipsOnly} onClick={() => useChanges.setState({ flipsOnly: false })}>
          All {counts === null ? '' : number(counts.all)}
        </button>
        <button type="button" aria-pressed={flipsOnly} onClick={() => useChanges.setState({ flipsOnly: true })}>
          Flips {counts === null ? '' : number(flips)}
        </button>
      </div>
      <label className="row small">
        <span className="t2">Source</span>
        <select
          className="field"
          value={source ?? ''}
          onChange={({ target }) => useChanges.setState({ source: sourceOf(target.value) })}
        >
          <option value="">All</option>
          {SOURCE_IDS.map((id) => (
            <option key={id} value={id}>
              {sourceLabel(id)}
            </option>
          ))}
        </select>
      </label>
      {counts === null ? null : (
        <span className="end small t2 row">
          <StatusMark status="malicious" />
          {number(counts.raised)} turned malicious
          <StatusMark status="non-malicious" />
          {number(counts.cleared)} no longer malicious
        </span>
      )}
    </div>
  );
}

function When(props: {
  readonly present: Since;
  readonly since: Since;
  readonly title?: string;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <button
      type="button"
      aria-pressed={props.present.kind === props.since.kind}
      title={props.title}
      onClick={() => useChanges.setState({ since: props.since })}
    >
      {props.children}
    </button>
  );
}

function sourceOf(value: string): SourceId | null {
  return SOURCE_IDS.find((id) => id === value) ?? null;
}

/** The day a moment lies in, as the field has it: "2026-11-01". */
function dateOf(at: number, zone: Preferences['times']): string {
  const timeZone = zone === 'utc' ? { timeZone: 'UTC' } : {};
  return new Intl.DateTimeFormat('sv-SE', { ...timeZone, dateStyle: 'short' }).format(at * 1000);
}

/** Midnight of the day, where the person's clock is. A day that was cleared shows the last 7 days again. */
function chooseDate(day: string, zone: Preferences['times']): void {
  const at = Math.floor(Date.parse(`${day}T00:00:00${zone === 'utc' ? 'Z' : ''}`) / 1000);
  useChanges.setState({ since: Number.isNaN(at) || at < 0 ? { kind: 'week' } : { kind: 'date', at } });
}
