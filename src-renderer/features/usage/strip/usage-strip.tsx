import type { ReactNode } from 'react';
import { panelOf } from '#shared/domain/usage/panels.ts';
import type { UsageStrip as Strip } from '#shared/contract/usage.ts';
import { usePreferences } from '../../../app/store.ts';
import { useCall } from '../../../bridge/use-call.ts';
import { Sparkline, valueWords } from '../../../charts/index.ts';
import { clock } from '../../../components/words.ts';
import { sourceShortLabel } from '#shared/domain/source.ts';
import { RefreshContext, useRefreshed, useRefresher } from '../board/refresh.ts';
import { openUsage } from '../board/store.ts';

/** The last 24 hours in a few figures, for the home of Triage; nothing while nothing was ever recorded. */
export function UsageStrip(): ReactNode {
  const { refresh } = useRefresher();
  return (
    <RefreshContext value={refresh}>
      <Figures />
    </RefreshContext>
  );
}

function Figures(): ReactNode {
  const { value, ask } = useCall('usage.strip', {});
  useRefreshed(ask, true);
  const zone = usePreferences()?.times ?? 'local';
  // Where it fails it is not there: the board says what is wrong, and nothing here waits for it.
  if (value === null || value.items.every(({ total }) => total === null)) {
    return null;
  }
  return (
    <section className="usagestrip" aria-label="Usage of the last 24 hours">
      <div className="row spread">
        <h2>Last 24 hours</h2>
        <button type="button" className="linkbutton small" onClick={() => openUsage('24h')}>
          Open Usage
        </button>
      </div>
      <ul>
        {value.items.map((item) => (
          <li key={item.panel}>
            <button type="button" onClick={() => openUsage('24h')} title={item.text}>
              <span className="small t2 cut">{panelOf(item.panel).title}</span>
              <b>{item.total === null ? '–' : valueWords(panelOf(item.panel).unit, item.total)}</b>
              <Sparkline values={item.values} label="by hour" kind="bars" />
            </button>
          </li>
        ))}
        {value.soonest === null ? null : <Soonest soonest={value.soonest} now={value.to} zone={zone} />}
      </ul>
    </section>
  );
}

function Soonest(props: {
  readonly soonest: NonNullable<Strip['soonest']>;
  readonly now: number;
  readonly zone: 'local' | 'utc';
}): ReactNode {
  const { soonest, now, zone } = props;
  return (
    <li>
      <button type="button" onClick={() => openUsage('24h')} title={soonest.sentence}>
        <span className="small t2">First quota to end</span>
        <b>{soonest.usedUpAt === null ? '–' : clock(soonest.usedUpAt * 1000, now * 1000, zone)}</b>
        <span className="small t2 cut">
          {sourceShortLabel(soonest.source)}, {soonest.window}
          {zone === 'utc' ? ', UTC' : ''}
        </span>
      </button>
    </li>
  );
}
