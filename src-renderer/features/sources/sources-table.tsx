import type { ReactNode } from 'react';
import type { SourceView } from '#shared/contract/sources.ts';
import type { SourceId } from '#shared/domain/source.ts';
import type { Preferences } from '#shared/settings/schema.ts';
import { holdQueue, takeSource } from '../../app/asking.ts';
import { sayFault } from '../../app/store.ts';
import { call } from '../../bridge/client.ts';
import { number } from '../../components/words.ts';
import { QuotaCell } from './quota-line.tsx';
import { malicious100, stateWords } from './state-words.ts';

interface Props {
  readonly sources: readonly SourceView[];
  readonly selected: SourceId | null;
  readonly onSelect: (source: SourceId) => void;
  /** Milliseconds. */
  readonly now: number;
  readonly zone: Preferences['times'];
  readonly loading: boolean;
}

const COUNTS = ['Items', 'New', 'Processed', 'Rescanning', 'Malicious', 'Malicious %'] as const;
const WINDOWS = ['Minute', 'Day', 'Month'] as const;

/** One line per source: its switch, what it does and why, what it holds, what it spent of each quota. */
export function SourcesTable({ sources, selected, onSelect, now, zone, loading }: Props): ReactNode {
  return (
    <div className="sourcestable" tabIndex={0} role="region" aria-label="Sources" aria-busy={loading}>
      <table className="sheet fixed">
        <colgroup>
          {[14.1, 12.2, 6.6, 4.3, 6.9, 6.9, 6.2, 7.2, 9.9, 12.5, 13.2].map((width, index) => (
            <col key={index} style={{ width: `${width}%` }} />
          ))}
        </colgroup>
        <thead>
          <tr>
            <th scope="col">Source</th>
            <th scope="col">State</th>
            {COUNTS.map((name) => (
              <th key={name} scope="col" className="num">
                {name}
              </th>
            ))}
            {WINDOWS.map((name) => (
              <th key={name} scope="col">
                <span className="row spread">
                  {name}
                  <span className="t3">resets in</span>
                </span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {sources.map((view) => (
            <Line
              key={view.source}
              view={view}
              isSelected={view.source === selected}
              onSelect={() => onSelect(view.source)}
              now={now}
              zone={zone}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Line(props: {
  readonly view: SourceView;
  readonly isSelected: boolean;
  readonly onSelect: () => void;
  readonly now: number;
  readonly zone: Preferences['times'];
}): ReactNode {
  const { view, isSelected, onSelect, now, zone } = props;
  const { state, detail } = stateWords(view, now, zone);
  const quotaOf = (window: 'minute' | 'hour' | 'day' | 'month') =>
    view.quota.filter((quota) => quota.window === window);
  return (
    <tr className={isSelected ? 'tall cur' : 'tall'} onClick={onSelect}>
      <td>
        <span className="row">
          <input
            type="checkbox"
            role="switch"
            className="switch"
            aria-label={view.label}
            checked={view.config.enabled}
            onClick={(event) => event.stopPropagation()}
            onChange={() => switchSource(view, onSelect)}
          />
          <button
            type="button"
            className="namebutton medium"
            data-row-link={view.source}
            aria-current={isSelected}
            aria-label={`${view.label}, show settings`}
            onClick={onSelect}
          >
            {view.label}
          </button>
        </span>
      </td>
      <td title={view.reason}>
        <div className="row spread">
          <span className="cut">{state}</span>
          {view.state === 'paused' ? (
            <button
              type="button"
              className="linkbutton tiny"
              aria-label={`Resume ${view.label}`}
              onClick={() => void holdQueue({ source: view.source }, false)}
            >
              Resume
            </button>
          ) : null}
        </div>
        <div className="cut tiny t3">{detail}</div>
      </td>
      <td className="num">{number(view.items)}</td>
      <td className="num">{number(view.new)}</td>
      <td className="num">{number(view.processed)}</td>
      <td className="num">{number(view.rescanning)}</td>
      <td className="num">{number(view.malicious)}</td>
      <td className="num">{malicious100(view)}</td>
      <td>
        <QuotaCell
          quotas={[...quotaOf('minute'), ...quotaOf('hour').filter((hour) => hour.limit !== null)]}
          now={now}
        />
      </td>
      <td>
        <QuotaCell quotas={quotaOf('day')} now={now} />
      </td>
      <td>
        <QuotaCell quotas={quotaOf('month')} now={now} />
      </td>
    </tr>
  );
}

/** Switches a source on or off; when that is refused, its settings show what is missing. */
function switchSource(view: SourceView, onSelect: () => void): void {
  call('sources.set', { source: view.source, change: { enabled: !view.config.enabled } }).then(
    takeSource,
    (error: unknown) => {
      onSelect();
      sayFault(error);
    },
  );
}
